"""How many images of a session are left to review, and how long they take at the current pace. No widgets."""

from lap_gui.labeler.position import Position
from lap_gui.review.eta import describe


class Progress:
    """Recounts only after a review, because the status line needs it after every key."""

    def __init__(self, session: Position) -> None:
        self._session, self._names = session, frozenset(session.every_name)
        self._counted: tuple[int, int] | None = None
        self._left = 0

    @property
    def left(self) -> int:
        """The images of the session that are unreviewed in the active layer."""
        session = self._session
        counted = session.active, session.layer.document.reviewed
        if counted != self._counted:
            self._counted = counted
            self._left = len(self._names) - len(self._names & session.layer.document.reviewed_names())
        return self._left

    def __str__(self) -> str:
        left, layer = self.left, self._session.layer
        if not left:
            return "none left"
        seconds = None if layer.reviews is None else layer.reviews.pace.seconds_for(left)
        return f"{left:,} left" if seconds is None else f"{left:,} left, {describe(seconds)}"
