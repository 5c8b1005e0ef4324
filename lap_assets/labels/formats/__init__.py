"""Label files of other programs, one module per format. Here: the list of formats, and reading by name.

Writing by name is in `writing`.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.labels.annotations import Annotations
from lap_assets.labels.checking import checked
from lap_assets.labels.formats import (
    coco_tree,
    cvat,
    dataturks,
    icartoonface,
    labelme,
    labelstudio,
    lap,
    manga109,
    parquet,
    retinaface,
    sniffing,
    voc,
    wider,
    yolo,
)
from lap_assets.labels.formats.writing import WRITTEN, losses, write_labels
from lap_assets.labels.image_sizes import Sizes
from lap_assets.labels.reading import Reading

__all__ = ["FORMATS", "WRITTEN", "format_of", "losses", "read_as", "read_labels", "write_labels"]

_READERS: Final[dict[str, Callable[[Path, Reading], Annotations]]] = {
    "lap": lap.read,
    "coco": coco_tree.read,
    "yolo": yolo.read,
    "voc": voc.read,
    "parquet": parquet.read,
    "wider": wider.read,
    "cvat": cvat.read,
    "labelstudio": labelstudio.read,
    "labelme": labelme.read,
    "dataturks": dataturks.read,
    "icartoonface": icartoonface.read,
    "retinaface": retinaface.read,
    "manga109": manga109.read,
}
FORMATS: Final = tuple(_READERS)


def format_of(path: Path) -> str:
    """Return the format of the labels at a path, from its name and first lines.

    Raises:
        InputError: the format is unclear.
    """
    return sniffing.named(path, FORMATS)


def read_labels(
    path: Path,
    name: str | None = None,
    *,
    images: Path | None = None,
    inside: bool = True,
    clip: bool = True,
    skip: bool = False,
    truth: Annotations | None = None,
) -> Annotations:
    """Read labels of any format. All faults are reported together, and changes are listed in `notes`.

    Args:
        path: a file or folder of labels.
        name: the format; by default, `format_of`.
        images: the folder of images, for formats without sizes; each image must exist in the size that the labels give.
        inside: whether to reject boxes that exceed their image, as a detector's may.
        clip: whether to clip boxes that exceed their image within rounding error.
        skip: leave out what is wrong and note it, instead of raising.
        truth: the labels that these detections belong to; they may refer to its images and classes by number.

    Raises:
        LabelFileError: all faults, each with file and line.
        InputError: there is no such format.
    """
    if not path.exists():
        raise LabelFileError(f"{path}: there is no such file")
    chosen = name or format_of(path)
    if chosen not in FORMATS:
        raise InputError(f"unknown format {chosen!r}; expected one of: {', '.join(FORMATS)}")
    if images is not None and not images.is_dir():
        raise InputError(f"{images}: no such folder of images")
    reading = Reading(images=images, truth=truth)
    labels = checked(_READERS[chosen](path, reading), reading, inside=inside, clip=clip)
    if not skip:
        reading.faults.raise_any()
    skipped = (f"left out: {line}" for line in reading.faults.lines)
    return replace(labels, notes=(*reading.tally.lines, *skipped))


def read_as(name: str, path: Path, sizes: Sizes | None) -> Annotations:
    """Read labels of a format without checking them as a whole.

    Raises:
        LabelFileError: all faults, each with file and line.
    """
    reading = Reading(sizes=sizes)
    labels = _READERS[name](path, reading)
    reading.faults.raise_any()
    return labels
