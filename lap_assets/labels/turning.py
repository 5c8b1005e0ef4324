"""Converting boxes on pictures with an EXIF rotation from the stored to the upright picture.

LAP always uses the upright picture. Tools that ignore EXIF write sizes and corners of the stored picture.
"""

from dataclasses import replace
from typing import Final

from lap_assets.core.box import Corners
from lap_assets.labels.annotations import LabeledImage

_SIDEWAYS: Final = (5, 6, 7, 8)


def as_seen(image: LabeledImage, orientation: int) -> LabeledImage:
    """Convert the size and boxes of an image from its stored to its upright picture, by EXIF orientation (1 to 8)."""
    width, height = image.size
    boxes = tuple(box.with_corners(*turned(box.corners, width, height, orientation)) for box in image.boxes)
    across, down = (height, width) if orientation in _SIDEWAYS else (width, height)
    return replace(image, width=across, height=down, boxes=boxes)


def turned(corners: Corners, width: float, height: float, orientation: int) -> Corners:
    """Convert corners on a stored picture of that size to the upright picture (EXIF 2.32, tag Orientation)."""
    xmin, ymin, xmax, ymax = corners
    if orientation in (2, 3):  # mirrored across
        xmin, xmax = width - xmax, width - xmin
    if orientation in (3, 4):  # upside down
        ymin, ymax = height - ymax, height - ymin
    if orientation in (7, 8):  # the right side of the stored picture is on top
        xmin, xmax = width - xmax, width - xmin
    if orientation in (6, 7):  # its bottom is on the left
        ymin, ymax = height - ymax, height - ymin
    return (ymin, xmin, ymax, xmax) if orientation in _SIDEWAYS else (xmin, ymin, xmax, ymax)
