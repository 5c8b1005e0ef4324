"""Writing labels by the name of a format: atomically, without overwriting by accident, and listing what is lost."""

import errno
from dataclasses import replace
from pathlib import Path
from typing import Final

from lap_assets.core.errors import InputError
from lap_assets.core.files import link_or_copy, staged_folder, write_text
from lap_assets.core.labels.files import CLASSES
from lap_assets.core.plain_text import printable
from lap_assets.labels.annotations import Annotations
from lap_assets.labels.formats.coco_text import write as write_coco
from lap_assets.labels.formats.lap import files_of as lap_files
from lap_assets.labels.formats.parquet import write as write_parquet
from lap_assets.labels.formats.replacing import cleared
from lap_assets.labels.formats.voc_text import write as write_voc
from lap_assets.labels.formats.yolo_text import write as write_yolo
from lap_assets.labels.image_sizes import find_image

WRITTEN: Final = ("lap", "coco", "yolo", "voc", "parquet")
_FOLDERS: Final = {"yolo": "images", "voc": "JPEGImages"}  # formats that are folders, with their folder of images


def write_labels(
    labels: Annotations,
    path: Path,
    name: str,
    *,
    images: Path | None = None,
    scores: bool = False,
    seed: bool = False,
    force: bool = True,
) -> list[Path]:
    """Write labels in a format, atomically, and return the written files (or the folder).

    A folder gets the `images` too, as links if possible. `seed`: `lap` in the dialect of the original tools. `force`:
    replace existing files; only `replace_folder` replaces a folder.

    Raises:
        InputError: the format cannot be written or needs sizes that are unknown, or a class name is not printable.
        FileExistsError: the target exists already.
    """
    if name not in WRITTEN:
        raise InputError(f"cannot write the format {name!r}; expected one of: {', '.join(WRITTEN)}")
    _check_names(labels)
    labels = expressed(labels, name)
    if name in _FOLDERS:
        _write_folder(labels, path, name, images, scores=scores)
        return [path]
    texts = lap_files(labels, path, seed=seed) if name == "lap" else {path: ""}
    for target in texts:
        if target.is_dir() or (target.exists() and not force and target.name != CLASSES):
            problem = "is a folder; name a file" if target.is_dir() else "exists already (--force replaces it)"
            raise FileExistsError(errno.EEXIST, problem, str(target))
    if name == "parquet":
        write_parquet(labels, path, images=images)
    elif name == "coco":
        write_coco(labels, path)
    else:
        for target, content in texts.items():
            write_text(target, content)
    return list(texts)


def replace_folder(
    labels: Annotations, path: Path, name: str, *, images: Path | None = None, scores: bool = False
) -> None:
    """Write a folder of labels, replacing an existing one of the same format.

    Raises:
        FileExistsError: the existing folder is not labels of this format.
    """
    _check_names(labels)
    with cleared(path, name):
        _write_folder(expressed(labels, name), path, name, images, scores=scores)


def _check_names(labels: Annotations) -> None:
    """Reject class names that would move a terminal's cursor or reorder displayed text.

    Raises:
        InputError: a name has control characters or direction marks.
    """
    for id, name in labels.names().items():
        if printable(name) != name:
            raise InputError(f"class {id} '{printable(name)}' has characters that are not printable; rename it")


def is_folder(name: str) -> bool:
    """Return whether a format is a folder of files."""
    return name in _FOLDERS


def expressed(labels: Annotations, name: str) -> Annotations:
    """Return the labels without the boxes that a format cannot represent."""
    if name != "yolo":
        return labels
    images = (replace(image, boxes=tuple(box for box in image.boxes if not (box.ignore or box.crowd)))
              for image in labels.images)  # fmt: skip
    return replace(labels, images=tuple(images))


def losses(labels: Annotations, name: str, *, scores: bool = False, seed: bool = False) -> list[str]:
    """Return what a format cannot represent of these labels, one line each."""
    boxes = [box for image in labels.images for box in image.boxes]
    lost = []
    if name in ("lap", "yolo"):
        if count := sum(box.ignore or box.crowd for box in boxes):
            lost.append(
                f"{count} ignored boxes and crowds " + ("are left out" if name == "yolo" else "become plain boxes")
            )
        if any(box.attributes for box in boxes):
            lost.append("attributes are left out")
    if name == "yolo":
        if not scores and any(box.score is not None for box in boxes):
            lost.append("scores are left out (--scores writes them as a sixth number)")
        if any(image.reviewed is not None or image.tier for image in labels.images):
            lost.append("who made the boxes and which images were reviewed is left out")
        if any(image.split is None for image in labels.images) and any(image.split for image in labels.images):
            lost.append("images without a split are for training")
    if name == "lap" and any(image.split or image.tier for image in labels.images):
        lost.append("splits and who made the boxes are left out")
    if name == "lap" and any(box.score is not None and box.class_id is not None for box in boxes):
        lost.append("classes of boxes with a score are left out")
    if seed and any(side != int(side) for box in boxes for side in box.corners):
        lost.append("corners are rounded to whole px")
    return lost


def _write_folder(labels: Annotations, path: Path, name: str, images: Path | None, *, scores: bool) -> None:
    with staged_folder(path) as staged:
        write_yolo(labels, staged, scores=scores) if name == "yolo" else write_voc(labels, staged)
        for image in labels.images if images else ():
            source = find_image(Path(images or ""), image.name) or Path(images or "") / image.name
            link_or_copy(source, staged / _FOLDERS[name] / image.name)
