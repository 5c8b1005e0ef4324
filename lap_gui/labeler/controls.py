"""What the Labeler's commands and its list of past reviews need of the window, which is in `window`. No code."""

from typing import Protocol

from lap_gui.labeler.crosshair import Crosshair
from lap_gui.labeler.gestures import Gestures
from lap_gui.labeler.painting import Painting
from lap_gui.labeler.reviews import PastReview
from lap_gui.labeler.session import LabelSession
from lap_gui.shared.controls import ToolControls
from lap_gui.shared.help import Help
from lap_gui.shared.loading import Loader
from lap_gui.shared.past import PastList
from lap_gui.shared.pictures import Picture
from lap_gui.shared.thumbnails import Thumbnails
from lap_gui.shared.viewport import Viewport


class LabelerControls(ToolControls, Protocol):
    """A window on images. `filter`: the index of the filter that says which are shown."""

    session: LabelSession
    viewport: Viewport
    painting: Painting
    gestures: Gestures
    crosshair: Crosshair
    thumbnails: Thumbnails
    loader: Loader[Picture]
    help: Help
    past: PastList[PastReview]
    alive: bool
    filter: int

    def go(self, index: int) -> None:
        """Goes to another image."""

    def renamed(self) -> None:
        """The list of images has changed."""

    def changed(self) -> None:
        """Labels or the selection may have changed."""

    def lay_out(self, columns: int) -> None:
        """Puts the thumbnails below (0), or into so many columns on the left."""

    def save(self) -> None:
        """Writes what has changed."""

    def close(self) -> None:
        """Closes the window."""
