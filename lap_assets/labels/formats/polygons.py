"""The box around points or a turned shape, for formats that draw these where LAP has boxes."""

from collections.abc import Sequence

from lap_assets.core.box import Corners, clipped
from lap_assets.core.errors import InputError
from lap_assets.labels.reading import Reading


def around(points: Sequence[float]) -> Corners:
    """The box around points given as x, y, x, y, …

    Raises:
        InputError: there are fewer than two points, or a half one.
    """
    if len(points) < 4 or len(points) % 2:
        raise InputError(f"a polygon takes pairs of numbers, two or more, not {len(points)} numbers")
    across, down = points[::2], points[1::2]
    return min(across), min(down), max(across), max(down)


def on_picture(corners: Corners, size: tuple[int, int], reading: Reading, where: str) -> Corners:
    """A box around a shape, cut off at the picture's edge: the shape itself may leave the picture no further than its
    corners do. One that lies outside stays as it is, and is a fault where labels are checked."""
    inside = clipped(corners, *size)
    if inside is None or inside == corners:
        return corners
    reading.tally.add("boxes around shapes cut off at the picture's edge", where)
    return inside
