"""The current pair on the screen: its pictures, its facts, and which one is on which side. No decisions."""

from collections.abc import Iterable
from typing import Final

from lap_assets.core.verdicts.lines import PairVerdict
from lap_assets.core.verdicts.sizes import Side
from lap_gui.comparer.canvas import PairCanvas
from lap_gui.comparer.panel import Panel
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.texts import problem_of
from lap_gui.review.image_facts import judge
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_files import PosterFiles
from lap_gui.review.poster_view import PosterView
from lap_gui.shared.loading import Loader

_AHEAD: Final = 5


class PairView:
    """Shows a pair on a canvas, with its facts in a panel. The left picture is the one that the rules would keep.

    `pair`: the shown pair; None if there is none.
    """

    def __init__(self, canvas: PairCanvas, panel: Panel, loader: Loader[PosterView], files: PosterFiles) -> None:
        self.pair: Pair | None = None
        self._canvas, self._panel, self._loader, self._files = canvas, panel, loader, files
        self._sides: tuple[Side, Side] = ("first", "second")
        self._shown: tuple[PosterView, ...] = ()

    def show_next(self, session: ReviewSession) -> list[str]:
        """Show the current pair, skipping pairs that cannot be shown. Returns the problems of the skipped ones."""
        skipped: list[str] = []
        self.pair = None
        while self.pair is None and (pair := session.pair) is not None:
            shown = (self._read(pair.first.name), self._read(pair.second.name))
            problem = problem_of(pair, shown)
            if problem is None:
                self._show(pair, shown, session.verdicts_on(pair))
            else:
                skipped.append(problem)
                session.queue.skip(session.position or 0, problem)
        return skipped

    def end(self, message: str) -> None:
        """Show a message in place of the pictures."""
        self.pair = None
        self.without_panel()
        self._canvas.show(None, message)

    def without_panel(self) -> None:
        """Hide the panel of facts, so that another view has the whole window."""
        self._panel.clear()
        self._panel.pack_forget()

    def show_verdicts(self, session: ReviewSession) -> None:
        """Update the verdicts shown for the pair."""
        if self.pair is not None:
            self._panel.show_verdicts(self.pair, session.verdicts_on(self.pair))

    def side(self, on_screen: Side) -> Side:
        """Return which poster of the pair is on the left ("first") or right ("second") of the screen."""
        return self._sides[0 if on_screen == "first" else 1]

    @property
    def sha256s(self) -> tuple[str, str]:
        """The contents shown as the first and the second of the pair."""
        by_side = dict(zip(self._sides, self._shown, strict=True))
        return by_side["first"].sha256, by_side["second"].sha256

    def read_ahead(self, session: ReviewSession) -> None:
        """Decode the next pairs."""
        near = [name for pair in session.ahead(_AHEAD) for name in (pair.first.name, pair.second.name)]
        self._loader.poll()
        self._loader.want(self._files.find(name) for name in near)

    def _show(self, pair: Pair, shown: tuple[PosterView, PosterView], verdicts: Iterable[PairVerdict]) -> None:
        judged = judge(shown[0].facts, shown[1].facts, pair.suggestion, pair.reason)
        first_is_left = judged.better == "first"
        self._sides = ("first", "second") if first_is_left else ("second", "first")
        left, right = shown if first_is_left else (shown[1], shown[0])
        self.pair, self._shown = pair, (left, right)
        if not self._panel.winfo_manager():
            self._panel.pack(side="bottom", fill="x", before=self._canvas)
            self._canvas.update_idletasks()  # the pictures are fitted into the remaining room
        self._canvas.show((left.picture, right.picture))
        self._panel.show(pair, left.facts, right.facts, judged, tuple(verdicts))

    def _read(self, name: str) -> PosterView:
        return self._loader.now(self._files.find(name))
