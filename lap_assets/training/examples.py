"""Labeled images as training examples of a detector: small pictures in memory, with the boxes of one target.

The selection of images and boxes from `Annotations`, and their form in memory, belong here. Augmentation is in
`example_views`, the split into parts in `held_out`.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from os import cpu_count
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.box import Box, clipped
from lap_assets.core.errors import InputError
from lap_assets.core.progress import Progress
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.image_sizes import find_image
from lap_assets.models.types import Target
from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits, open_upright

KEPT: Final = 512
"""Longer side of a kept picture in px: twice the network's input, for crops of half a side."""
WANTED, IGNORED, NONE = 0.0, 2.0, -1.0
"""Roles of a row of boxes: to be found; neither right nor wrong; not a box."""
_QUALITY: Final = 95
_UNSEEN: Final = ("audited", "machine")  # tiers of boxes that no person reviewed one by one
_WORDS: Final[dict[Target, tuple[str, ...]]] = {"faces": ("face", "faces"), "heads": ("head", "heads")}

Boxes = NDArray[np.float32]  # (n, 5): role, x0 y0 x1 y1 in px of the kept picture


@dataclass(frozen=True, slots=True)
class Example:
    """One image: its name, its picture as JPEG bytes, and its boxes."""

    name: str
    body: bytes
    boxes: Boxes

    @property
    def picture(self) -> Image.Image:
        """The kept picture in RGB."""
        return Image.open(BytesIO(self.body)).convert("RGB")

    @property
    def box_count(self) -> int:
        """Number of boxes to be found."""
        return int((self.boxes[:, 0] == WANTED).sum())


def reviewed_images(labels: Annotations) -> tuple[LabeledImage, ...]:
    """Return the images with boxes reviewed by a person; labels without that information count as reviewed."""
    return tuple(image for image in labels.images if image.reviewed is not False and image.tier not in _UNSEEN)


def examples_of(
    labels: Annotations, folder: Path, target: Target, progress: Progress, limits: Limits = DEFAULT_LIMITS
) -> list[Example]:
    """Return the reviewed images of `labels` with their boxes of `target`, sorted by name; pictures are in `folder`.

    If there are classes named after both targets ("face" and "head"), boxes of the other target are left out.

    Raises:
        InputError: no image is reviewed, none has a box of the target, or an image is missing.
        PictureError: an image is unreadable.
    """
    images = sorted(reviewed_images(labels), key=lambda image: image.name)
    if not images:
        unreviewed = f" ({len(labels.images):,} unreviewed)" if labels.images else ""
        raise InputError(f"no reviewed images to learn from{unreviewed}; label some with `lap label` first")
    boxes = {image.name: _boxes_of(image, labels, target) for image in images}
    if not any(not (box.ignore or box.crowd) for kept in boxes.values() for box in kept):
        raise InputError(f"no reviewed image has a box of {target}: there is nothing to learn")
    keep = partial(_example, folder=folder, limits=limits)
    with (
        progress.task("reading labeled images", len(images)) as advance,
        ThreadPoolExecutor(cpu_count()) as pool,
    ):
        examples = []
        for example in pool.map(keep, images, boxes.values()):
            examples.append(example)
            advance(1)
    return examples


def padded(boxes: Sequence[Boxes]) -> NDArray[np.float32]:
    """Return the boxes of several pictures as one array (pictures, most, 5), padded with rows of `NONE`."""
    most = max(1, *(len(one) for one in boxes))
    filled = np.full((len(boxes), most, 5), NONE, np.float32)
    for index, one in enumerate(boxes):
        filled[index, : len(one)] = one
    return filled


def _boxes_of(image: LabeledImage, labels: Annotations, target: Target) -> tuple[Box, ...]:
    names = {number: name.strip().lower() for number, name in labels.names().items()}
    words = {word: owner for owner, listed in _WORDS.items() for word in listed}
    owners = {number: words[name] for number, name in names.items() if name in words}
    if len(set(owners.values())) < len(_WORDS):
        return image.boxes
    return tuple(box for box in image.boxes if owners.get(labels.id_of(box)) in (target, None))


def _example(image: LabeledImage, boxes: Iterable[Box], folder: Path, limits: Limits) -> Example:
    path = find_image(folder, image.name)
    if path is None:
        raise InputError(f"{image.name} is not in {folder}; pass the folder of images with --images")
    picture = open_upright(path, limits).convert("RGB")
    wide, high = picture.size
    picture.thumbnail((KEPT, KEPT), Image.Resampling.BILINEAR, reducing_gap=3.0)
    across, down = picture.size[0] / wide, picture.size[1] / high
    rows = []
    for box in boxes:
        if (corners := clipped(box.corners, wide, high)) is not None:
            role = IGNORED if box.ignore or box.crowd else WANTED
            rows.append((role, corners[0] * across, corners[1] * down, corners[2] * across, corners[3] * down))
    body = BytesIO()
    picture.save(body, "JPEG", quality=_QUALITY, subsampling=0)
    return Example(image.name, body.getvalue(), np.array(rows, np.float32).reshape(-1, 5))
