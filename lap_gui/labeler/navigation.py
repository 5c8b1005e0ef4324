"""The Labeler's commands that go to another image or choose the images shown. `actions` has the edits."""

from lap_assets.core.box import Box
from lap_gui.labeler.controls import LabelerControls
from lap_gui.labeler.filters import FILTERS, apply, apply_next
from lap_gui.labeler.panels import Ask


class Navigation:
    """Moves through a window's images."""

    def __init__(self, window: LabelerControls) -> None:
        self._window, self._session = window, window.session
        self._warned: tuple[str, str, tuple[Box, ...]] | None = None

    def following(self) -> None:
        """Go to the next image; if a box is selected, only end the edit."""
        if self._session.selection is not None:
            self._session.select(None)
        else:
            self.step(1)

    def to(self, index: int) -> None:
        """Go to an image, within the list; shows a message if the image does not change."""
        previous = self._session.index
        self._window.go(index)
        if self._session.index == previous:
            which = "only" if len(self._session.names) == 1 else "last" if index > 0 else "first"
            self._window.status.say(f"this is the {which} image")

    def step(self, step: int) -> None:
        """Go to the next readable image; unreadable ones are skipped and named."""
        session, loader = self._session, self._window.loader
        index, skipped = session.index + step, []
        while 0 <= index < len(session.names):
            picture = loader.get(session.root / session.names[index])
            if picture is None or picture.problem is None or not 0 <= index + step < len(session.names):
                break
            skipped.append(session.names[index])
            index += step
        self.to(index)
        if skipped:
            self._window.status.say(f"unreadable, skipped: {', '.join(skipped)}", "warn")

    def unreviewed(self, step: int) -> None:
        """Go to the next or previous unreviewed image."""
        session = self._session
        found = session.find(session.index + step, step, lambda index: not session.is_reviewed(index))
        if found is None:
            self._window.status.say(f"all images {'after' if step > 0 else 'before'} this one are reviewed", "good")
        else:
            self._window.go(found)

    def done(self) -> None:
        """Mark the image as reviewed and go to the next one; with open suggestions, only at the second press."""
        if left := self._left_open():
            self._window.status.warn(left)
            return
        self._session.review(True)
        self._session.select(None)
        if self._window.filter == 0 or self._still_shown():
            self.following()

    def _still_shown(self) -> bool:
        """Apply the filter again; if it no longer matches the image, the next one is shown."""
        window, here = self._window, self._session.name
        if apply(self._session, window.filter):
            if self._session.name == here:
                return True
            window.renamed()
            return False
        title, window.filter = FILTERS[window.filter][0], 0
        apply(self._session, window.filter)
        window.renamed()
        window.status.say(f"no more images with filter “{title}”: showing all", "good")
        return False

    def layer(self) -> None:
        """Switch between faces and heads. The image stays; a filter that does not match it in this layer ends."""
        window, session = self._window, self._session
        session.next_layer()
        window.gate.reset()
        if len(session.layers) == 1:
            window.status.say("there is only one layer; put labels_heads.txt beside labels_faces.txt to have both")
        self.refilter()

    def refilter(self) -> None:
        """Apply the filter to another layer's labels, if there is a filter."""
        window, session = self._window, self._session
        if window.filter == 0:
            return
        title, matches = FILTERS[window.filter]
        if not matches(session, session.name):
            window.filter = 0
            window.status.say(f"showing all: among the {session.layer.title}, this image is not “{title}”")
        apply(session, window.filter)
        window.renamed()

    def _left_open(self) -> str:
        """Return the message about open suggestions; "" if there are none, or it was just shown."""
        session = self._session
        suggested = session.suggested()
        warned, self._warned = self._warned, (session.name, session.layer.title, tuple(suggested))
        if not suggested or warned == self._warned:
            return ""
        self._window.gate.reset()  # the message must have been on the screen, too
        many = "1 suggestion is" if len(suggested) == 1 else f"{len(suggested)} suggestions are"
        return f"{many} open: B accepts, Return again leaves them out"

    def page(self, step: int) -> None:
        """Move by a page of thumbnails."""
        self.to(self._session.index + step * self._window.thumbnails.page())

    def ask(self) -> None:
        """Ask for a number or part of a name, and go there."""
        Ask(self._window.root, "number or part of a name:", self._go_to, self._window.viewport.focus_set)

    def _go_to(self, text: str) -> None:
        session = self._session
        if text.isdecimal() and 1 <= int(text) <= len(session.names):
            self._window.go(int(text) - 1)
            return
        around = [*range(session.index + 1, len(session.names)), *range(session.index + 1)]
        found = next((index for index in around if text.lower() in session.names[index].lower()), None)
        if found is None:
            self._window.status.say(f"no match for {text!r} among these {len(session.names)} images", "warn")
        else:
            self._window.go(found)

    def filter(self) -> None:
        """Show the images of the next filter that matches any."""
        window = self._window
        window.filter = apply_next(self._session, window.filter)
        window.renamed()
        window.status.say(f"shown: {FILTERS[window.filter][0]}, {len(self._session.names)} images")
