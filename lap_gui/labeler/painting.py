"""The overlay of the image in the window: boxes, suggestions, the box in progress.

`overlay` draws them.
"""

from lap_assets.core.box import Box
from lap_gui.labeler.class_names import ClassNames
from lap_gui.labeler.overlay import COLORS, BoxLook, draw_boxes, draw_rubber, draw_veil
from lap_gui.labeler.session import LabelSession
from lap_gui.shared.viewport import Viewport


class Painting:
    """Draws the labels of a session's current image on a viewport. `color`: the index of the boxes' color.

    `classes`: the names of their classes.
    """

    def __init__(self, viewport: Viewport, session: LabelSession, classes: ClassNames) -> None:
        self.color, self.shows_classes, self.shows_suggestions = 0, True, True
        self._viewport, self._session, self.classes = viewport, session, classes

    def draw(self) -> bool:
        """Draw everything. Returns whether there is an image to draw on."""
        session = self._session
        draw_veil(self._viewport, marked=session.name in session.marks)
        if session.size is None:
            self._viewport.delete("boxes")
            return False
        suggested = session.suggested() if self.shows_suggestions else []
        others = session.boxes_of_other_layers
        draw_boxes(self._viewport, session.boxes, session.selection, self._look(), suggested, others)
        return True

    def preview(self, box: Box) -> None:
        """Draw the selected box as it would be."""
        selection = self._session.selection
        if selection is not None:
            boxes = [*self._session.boxes]
            boxes[selection.index] = box
            draw_boxes(self._viewport, boxes, selection, self._look())

    def rubber(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw the box in progress."""
        draw_rubber(self._viewport, start, end, COLORS[self.color])

    def choose_color(self, number: int) -> None:
        """Choose the color of boxes; the first one follows the last."""
        self.color = number % len(COLORS)

    def _look(self) -> BoxLook:
        return BoxLook(COLORS[self.color], self.classes, self.shows_classes)
