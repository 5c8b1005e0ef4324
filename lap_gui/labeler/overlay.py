"""Draws over the image: boxes, their classes, suggestions, the grips of the selected box."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from lap_assets.core.box import Box
from lap_assets.core.labels.suggested_classes import CLASS_PROBABILITY
from lap_gui.labeler.class_names import ClassNames
from lap_gui.labeler.grips import SIDES, is_corner, place_of
from lap_gui.labeler.parts import BoxSelection
from lap_gui.shared import theme
from lap_gui.shared.viewport import Viewport

COLORS: Final = ("#4cd964", "#ffcc00", "#ff5c8a", "#40c8ff", "#ffffff")
_TAG: Final = "boxes"
_GRIP: Final = 5
_ROOM: Final = 60
"""Length of an edge in canvas px from which its grip is drawn."""


@dataclass(frozen=True, slots=True)
class BoxLook:
    """How boxes are drawn."""

    color: str
    classes: ClassNames
    shows_classes: bool


def draw_boxes(
    viewport: Viewport,
    boxes: Sequence[Box],
    selection: BoxSelection | None,
    look: BoxLook,
    suggested: Sequence[Box] = (),
    others: Sequence[Box] = (),
) -> None:
    """Redraw everything: dashed suggestions, thin boxes of other layers, boxes, and the selected one with grips."""
    viewport.delete(_TAG)
    for box in others:
        viewport.create_rectangle(*_on_canvas(viewport, box), outline=theme.QUIET, width=1, dash=(1, 3), tags=_TAG)
    for box in suggested:
        viewport.create_rectangle(*_on_canvas(viewport, box), outline=theme.ACCENT, width=2, dash=(6, 4), tags=_TAG)
        if look.shows_classes and box.score is not None:
            _label(viewport, box, suggestion_text(box, look.classes), theme.ACCENT)
    for index, box in enumerate(boxes):
        chosen = selection is not None and selection.index == index
        corners = _on_canvas(viewport, box)
        viewport.create_rectangle(*(edge + by for edge, by in zip(corners, (-1, -1, 1, 1), strict=True)),
                                  outline="black", width=1, tags=_TAG)  # fmt: skip
        viewport.create_rectangle(*corners, outline=look.color, width=3 if chosen else 2, tags=_TAG)
        if look.shows_classes and (text := _label_text(box, look.classes)):
            _label(viewport, box, text, look.color)
    if selection is not None:
        _draw_grips(viewport, boxes[selection.index], selection, look.color)


def suggestion_text(box: Box, classes: ClassNames) -> str:
    """Return a suggestion's text: its score, and the suggested class with its probability."""
    probability = dict(box.attributes).get(CLASS_PROBABILITY)
    if box.class_id is None or not isinstance(probability, float):
        return f"{box.score:.2f}"
    return f"{box.score:.2f}  {classes.text(box.class_id)} {probability:.2f}"


def draw_rubber(viewport: Viewport, start: tuple[float, float], end: tuple[float, float], color: str) -> None:
    """Draw a box in progress between two canvas points."""
    viewport.delete("rubber")
    viewport.create_rectangle(*start, *end, outline=color, width=2, dash=(4, 2), tags="rubber")


def clear_rubber(viewport: Viewport) -> None:
    """Remove the box in progress."""
    viewport.delete("rubber")


def draw_veil(viewport: Viewport, *, marked: bool) -> None:
    """Gray out an image that is marked for deletion."""
    viewport.delete("veil")
    if marked:
        wide, high = viewport.view.canvas
        viewport.create_rectangle(0, 0, wide, high, fill="gray25", stipple="gray50", outline="", tags="veil")
        text = viewport.create_text(
            wide / 2, 40, text="TO DEL: marked for deletion", fill=theme.GROUND, font=theme.TITLE, tags="veil"
        )
        left, top, right, bottom = viewport.bbox(text)
        viewport.create_rectangle(left - 12, top - 6, right + 12, bottom + 6, fill=theme.BAD, outline="", tags="veil")
        viewport.tag_raise(text)


def _draw_grips(viewport: Viewport, box: Box, selection: BoxSelection, color: str) -> None:
    x1, y1, x2, y2 = _on_canvas(viewport, box)
    for grip, (_, down) in SIDES.items():
        held, side = grip == selection.grip, (x2 - x1 if down else y2 - y1)
        if not (held or is_corner(grip) or side >= _ROOM):
            continue  # they would hide what is in a small box
        x, y = viewport.view.to_canvas(*place_of(box, grip))
        half = _GRIP if is_corner(grip) else _GRIP - 1
        viewport.create_rectangle(
            x - half, y - half, x + half, y + half,
            fill=color if held else theme.GROUND, outline="black" if held else color, width=2, tags=_TAG,
        )  # fmt: skip


def _label(viewport: Viewport, box: Box, text: str, color: str) -> None:
    x1, y1, _, _ = _on_canvas(viewport, box)
    below = y1 < 18
    item = viewport.create_text(
        x1 + 4, y1 + 3 if below else y1 - 3, text=text, anchor="nw" if below else "sw", fill="black",
        font=theme.SMALL, tags=_TAG,
    )  # fmt: skip
    left, top, right, bottom = viewport.bbox(item)
    viewport.create_rectangle(left - 4, top - 1, right + 4, bottom + 1, fill=color, outline="", tags=_TAG)
    viewport.tag_raise(item)


def _label_text(box: Box, classes: ClassNames) -> str:
    if box.class_id is not None:
        return classes.text(box.class_id)
    return f"{box.score:.2f}" if box.score is not None else ""


def _on_canvas(viewport: Viewport, box: Box) -> tuple[float, float, float, float]:
    return *viewport.view.to_canvas(box.xmin, box.ymin), *viewport.view.to_canvas(box.xmax, box.ymax)
