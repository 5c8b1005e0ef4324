"""Bounding boxes of polygons and rotated shapes, for formats that have these in place of boxes."""

from collections.abc import Sequence

from lap_assets.core.box import Corners, clipped
from lap_assets.core.errors import InputError
from lap_assets.labels.reading import Reading


def around(points: Sequence[float]) -> Corners:
    """Return the bounding box of points given as x, y, x, y, …

    Raises:
        InputError: there are fewer than two points, or an odd number of coordinates.
    """
    if len(points) < 4 or len(points) % 2:
        raise InputError(f"polygon: expected two or more pairs of numbers, not {len(points)} numbers")
    across, down = points[::2], points[1::2]
    return min(across), min(down), max(across), max(down)


def on_picture(corners: Corners, size: tuple[int, int], reading: Reading, where: str) -> Corners:
    """Clip a shape's bounding box at the picture's edge, since a bounding box may exceed the picture further than the
    shape does. A box completely outside is returned unchanged; checking the labels reports it."""
    inside = clipped(corners, *size)
    if inside is None or inside == corners:
        return corners
    reading.tally.add("boxes around shapes clipped at the picture's edge", where)
    return inside
