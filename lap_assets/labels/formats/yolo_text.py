"""Writing YOLO's folder: `data.yaml`, a list of images for each split, one text file per image.

Fractions have ten decimals, which restores coordinates to a thousandth of a pixel. Class 0 is the thing without a
class, if there is one; the classes follow in the order of their numbers, which `data.yaml` keeps as `lap_ids`.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lap_assets.core.box import Box
from lap_assets.core.files import write_text
from lap_assets.labels.annotations import SPLITS, Annotations, stem_of, stems

DATA: Final = "data.yaml"
_DECIMALS: Final = 10


def write(labels: Annotations, folder: Path, *, scores: bool = False) -> None:
    """Write the folder's files, but not the images. Images without a split are for training."""
    for name, text in files(labels, scores=scores):
        write_text(folder / name, text)


def files(labels: Annotations, *, scores: bool = False) -> Iterator[tuple[str, str]]:
    """Yield the folder's files: path and text. Ignored boxes and crowds are left out, since YOLO cannot mark them."""
    stems(labels.images)
    indices = {id: index for index, id in enumerate(labels.names())}
    lists: dict[str, list[str]] = {split: [] for split in SPLITS}
    for image in labels.images:
        lists[image.split or "train"].append(f"./images/{image.name}\n")
        lines = [
            _line(box, image.size, indices[labels.id_of(box)], scores)
            for box in image.boxes
            if not (box.ignore or box.crowd)
        ]
        yield f"labels/{stem_of(image.name)}.txt", "".join(lines)
    for split, listed in lists.items():
        yield f"{split}.txt", "".join(listed)
    yield DATA, _data(labels)


def _data(labels: Annotations) -> str:
    names = "".join(f"  {index}: {json.dumps(name)}\n" for index, name in enumerate(labels.names().values()))
    lists = "".join(f"{split}: {split}.txt\n" for split in SPLITS)
    return f"{lists}names:\n{names}lap_ids: {sorted(labels.classes)}\n"


def _line(box: Box, size: tuple[int, int], index: int, scores: bool) -> str:
    width, height = size
    fractions = (
        (box.xmin + box.xmax) / 2 / width, (box.ymin + box.ymax) / 2 / height, box.width / width, box.height / height
    )  # fmt: skip
    score = f" {box.score!r}" if scores and box.score is not None else ""
    return f"{index} {' '.join(f'{fraction:.{_DECIMALS}f}' for fraction in fractions)}{score}\n"
