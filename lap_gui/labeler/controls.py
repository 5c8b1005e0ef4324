"""The part of the window that the Labeler's commands and its list of past reviews use. `window` implements it.

No code.
"""

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
    """A window on images. `filter`: the index of the current filter."""

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
        """Go to another image."""

    def renamed(self) -> None:
        """Update the window after the list of images changed."""

    def changed(self) -> None:
        """Update the window after labels or the selection may have changed."""

    def lay_out(self, columns: int) -> None:
        """Put the thumbnails below (0), or into `columns` columns on the left."""

    def save(self) -> None:
        """Save all changes."""

    def close(self) -> None:
        """Close the window."""
