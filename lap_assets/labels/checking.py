"""Checks of labels as a whole after reading: repeated images, boxes beyond the edge, classes without a name.

Labels of the stored picture are converted to the upright picture. A box that exceeds its image within rounding error is
clipped and counted; other invalid boxes are faults.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from lap_assets.core.box import Box, shown
from lap_assets.core.labels.image_names import is_on_windows
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.reading import Reading
from lap_assets.labels.turning import as_seen

BEYOND_PX: Final = 2.0
BEYOND_SHARE: Final = 0.005
"""How far a box may exceed its image: 2 px, or half a percent of the image's side if that is more. VOC counts from 1,
and YOLO's fractions may have only three digits."""


def checked(labels: Annotations, reading: Reading, *, inside: bool = True, clip: bool = True) -> Annotations:
    """Return the labels without invalid images and boxes; each fault and each change is recorded in `reading`.

    `inside`: reject boxes that exceed their image; `clip`: clip boxes that exceed it within rounding error.
    """
    seen: dict[str, str] = {}
    images = []
    for read in labels.images:
        image = as_seen(read, reading.stored[read.name]) if read.name in reading.stored else read
        where = image.where or image.name
        if image.name in seen:
            reading.faults.add(where, f"{image.name} occurs twice")
            continue
        seen[image.name] = where
        reading.tally.add("names that are invalid on Windows, kept", where, not is_on_windows(image.name))
        boxes = []
        for number, box in enumerate(image.boxes, 1):
            problem = _problem(box, image, labels, inside)
            if problem:
                reading.faults.add(f"{where}: box {number}", problem)
                continue
            if not inside and _is_outside(box, image):
                reading.tally.add("boxes that exceed their image, kept unchanged", f"{where}: box {number}")
            boxes.append(_within(box, image, reading, where) if inside and clip else box)
        kept = tuple(box for box in boxes if box is not None)
        _count(kept, reading, where)
        images.append(replace(image, boxes=kept))
    _count_fractions(images, reading)
    used = {box.class_id for image in images for box in image.boxes if box.class_id is not None}
    named = labels.classes or {class_id: f"class {class_id}" for class_id in sorted(used)}
    return replace(labels, images=tuple(images), classes=named)


def _problem(box: Box, image: LabeledImage, labels: Annotations, inside: bool) -> str | None:
    if inside and _is_outside(box, image):
        size = f" ({image.width}x{image.height})" if image.width and image.height else ""
        return f"{shown(box.corners)} lies outside the image{size}"
    return _class_problem(box, labels.classes, labels.thing)


def _class_problem(box: Box, classes: Mapping[int, str], thing: str | None) -> str | None:
    if box.class_id is not None and classes and box.class_id not in classes:
        return f"there is no class {box.class_id}"
    return "it has no class" if box.class_id is None and thing is None else None


def _is_outside(box: Box, image: LabeledImage) -> bool:
    across, down = (max(BEYOND_PX, BEYOND_SHARE * (side or 0)) for side in (image.width, image.height))
    is_beyond = image.width is not None and (box.xmax > image.width + across or box.xmin > image.width)
    is_below = image.height is not None and (box.ymax > image.height + down or box.ymin > image.height)
    return is_beyond or is_below or box.xmin < -across or box.ymin < -down or box.xmax < 0 or box.ymax < 0


def _within(box: Box, image: LabeledImage, reading: Reading, where: str) -> Box:
    """Return the box clipped at the edges of its image."""
    width, height = (float("inf") if side is None else float(side) for side in (image.width, image.height))
    corners = (
        min(max(box.xmin, 0.0), width), min(max(box.ymin, 0.0), height),
        min(box.xmax, width), min(box.ymax, height),
    )  # fmt: skip
    if corners == box.corners:
        return box
    reading.tally.add(
        f"boxes clipped at the image's edge (by at most {BEYOND_PX:g} px or {BEYOND_SHARE:.1%} of the side)", where
    )
    return box.with_corners(*corners)


def _count_fractions(images: Sequence[LabeledImage], reading: Reading) -> None:
    """Count the boxes if all are within one px, because their corners are probably fractions of the image."""
    boxes = [(box, image) for image in images for box in image.boxes]
    if boxes and all(0 <= side <= 1 for box, _ in boxes for side in box.corners):
        origins = [image.where or image.name for box, image in boxes if box.area > 0 and image.width != 1]
        if origins:
            reading.tally.add("boxes, all within one px: are the corners fractions of the image?", origins[0],
                              len(boxes))  # fmt: skip


def _count(boxes: tuple[Box, ...], reading: Reading, where: str) -> None:
    """Count suspicious boxes that are kept."""
    flat = sum(not box.ignore and (box.width <= 0 or box.height <= 0) for box in boxes)
    reading.tally.add("boxes without width or height, kept", where, flat)
    reading.tally.add("repeated boxes on an image, kept", where, len(boxes) - len(set(boxes)))
