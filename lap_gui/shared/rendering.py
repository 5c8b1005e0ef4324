"""Which pixels of a picture are visible, and their position on the canvas. Pillow only."""

from PIL import Image

from lap_gui.shared.pictures import Picture
from lap_gui.shared.strips import PicturePart
from lap_gui.shared.view import View


def render(picture: Picture, view: View) -> tuple[Image.Image, tuple[int, int]]:
    """Return the visible pixels of the picture, and the canvas position of their top left corner."""
    part, at = seen(picture, view)
    return part.drawn(), at


def seen(picture: Picture, view: View) -> tuple[PicturePart, tuple[int, int]]:
    """Return the visible part of the picture, not yet drawn, and the canvas position of its top left corner.

    Only this part is read, from the smallest level that still has enough pixels: the work depends on the canvas, not on
    the picture.
    """
    x1, y1, x2, y2 = view.visible()
    left, top = view.to_canvas(x1, y1)
    right, bottom = view.to_canvas(x2, y2)
    at = (round(left), round(top))
    size = (max(1, round(right) - at[0]), max(1, round(bottom) - at[1]))
    level = _level(picture, view.scale)
    source = picture.levels[level]
    by = 0.5**level
    box = (x1 * by, y1 * by, min(x2 * by, source.width), min(y2 * by, source.height))
    return PicturePart(source, box, size, view.scale), at


def _level(picture: Picture, scale: float) -> int:
    level = 0
    while level + 1 < len(picture.levels) and scale * 2 ** (level + 1) <= 1:
        level += 1
    return level
