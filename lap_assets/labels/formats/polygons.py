"""The box around points, for formats that draw polygons where LAP has boxes."""

from collections.abc import Sequence

from lap_assets.core.box import Corners
from lap_assets.core.errors import InputError


def around(points: Sequence[float]) -> Corners:
    """The box around points given as x, y, x, y, …

    Raises:
        InputError: there are fewer than two points, or a half one.
    """
    if len(points) < 4 or len(points) % 2:
        raise InputError(f"a polygon takes pairs of numbers, two or more, not {len(points)} numbers")
    across, down = points[::2], points[1::2]
    return min(across), min(down), max(across), max(down)
