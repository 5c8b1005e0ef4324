"""The Labeler's list of past reviews: the images of the active layer that were reviewed, newest first."""

from collections.abc import Sequence

from lap_assets.core.plain_text import printable
from lap_gui.labeler.controls import LabelerControls
from lap_gui.labeler.reviews import PastReview
from lap_gui.labeler.texts import counted
from lap_gui.review.past import when
from lap_gui.shared.past import PastList
from lap_gui.shared.rows import RowTexts


def past_list(window: LabelerControls) -> PastList[PastReview]:
    """Return the list over a Labeler."""
    return PastList(window.root, ReviewedImages(window), window.status, window.gate, window.status.warn, lambda: None)


class ReviewedImages:
    """The reviewed images of the session; those without a known time come last, by name."""

    hint = "↑ ↓ move  ·  Return goes to the image: change it there, V unmarks it  ·  Escape closes"

    def __init__(self, window: LabelerControls) -> None:
        self._window, self._session = window, window.session

    def items(self) -> Sequence[PastReview]:
        """Return the reviews, newest first."""
        layer = self._session.layer
        timed = layer.reviews.newest_first() if layer.reviews is not None else []
        reviewed = layer.document.reviewed_names() & set(self._session.every_name)
        known = [review for review in timed if review.name in reviewed]
        return [*known, *map(PastReview, sorted(reviewed.difference(review.name for review in known)))]

    def title(self, items: Sequence[PastReview]) -> str:
        """Return their numbers, by you and by others."""
        mine = sum(map(self._is_mine, items))
        others = f", {len(items) - mine:,} by others or before" if len(items) > mine else ""
        return f"Reviewed {self._session.layer.title}: {mine:,} by you{others}"

    def row(self, item: PastReview) -> RowTexts:
        """Return the image's boxes, its name, the reviewer and the time."""
        layer = self._session.layer
        is_mine = self._is_mine(item)
        by = "you" if is_mine else printable(item.reviewer)
        at = "earlier" if item.moment is None else f"{by}  ·  {when(item.moment)}"
        count = layer.document.count(item.name)
        marked = ", to be deleted" if item.name in self._session.marks else ""
        return RowTexts(f"{counted(count, layer.title)}{marked}", (item.name,), at, is_mine or not item.reviewer)

    def show(self, item: PastReview) -> bool:
        """Go to the image; if the filter hides it, show all images."""
        if item.name not in self._session.names:
            self._window.filter = 0
            self._session.narrow(lambda _name: True)
            self._window.renamed()
        self._window.go(self._session.names.index(item.name))
        return True

    def take_back(self, _item: PastReview) -> None:
        """Show a message: a review is only taken back while its image is shown."""
        self._window.status.warn("Return goes to the image; press V there to unmark it")

    def _is_mine(self, review: PastReview) -> bool:
        layer = self._session.layer
        return layer.reviews is not None and review.reviewer == layer.reviews.reviewer
