"""Label files of other programs, one module a format. Here: which formats there are, reading and writing by name."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.files import link_or_copy, staged_folder
from lap_assets.core.labels.faults import Faults
from lap_assets.labels.annotations import Annotations, LabeledImage, problems_of
from lap_assets.labels.formats import coco, lap, parquet, voc, wider, yolo
from lap_assets.labels.image_sizes import Sizes, sizes_in

_READERS: Final[dict[str, Callable[[Path, Sizes | None], Annotations]]] = {
    "lap": lap.read,
    "coco": lambda path, _: coco.read(path),
    "yolo": yolo.read,
    "voc": lambda path, _: voc.read(path),
    "parquet": lambda path, _: parquet.read(path),
    "wider": wider.read,
}
FORMATS: Final = tuple(_READERS)
WRITTEN: Final = ("lap", "coco", "yolo", "voc", "parquet")
_FOLDERS: Final = {"yolo": "images", "voc": "JPEGImages"}  # and where each looks for the images


def format_of(path: Path) -> str:
    """The format of the labels at a path, as far as its name shows it.

    Raises:
        InputError: it does not show it.
    """
    if path.suffix == ".json":
        return "coco"
    if path.suffix == ".parquet":
        return "parquet"
    if path.suffix in (".yaml", ".yml") or (path / yolo.DATA).exists():
        return "yolo"
    if (path / "Annotations").is_dir() or (path / "ImageSets").is_dir():
        return "voc"
    if path.suffix == ".txt":
        return "wider" if path.name.startswith("wider_") else "lap"
    raise InputError(f"{path}: unknown format; name one of {', '.join(FORMATS)}")


def read_labels(path: Path, name: str | None = None, *, images: Path | None = None, inside: bool = True) -> Annotations:
    """Labels of any format; everything that is wrong with them is reported at once.

    `images`: the folder of images, for formats without sizes; each image has to be there then.
    `inside`: also report boxes that leave their image, as a detector's may.

    Raises:
        LabelFileError: what is wrong, each with file and line.
        InputError: there is no such format.
    """
    chosen = name or format_of(path)
    if chosen not in FORMATS:
        raise InputError(f"there is no format {chosen!r}; expected one of: {', '.join(FORMATS)}")
    if not path.exists():
        raise LabelFileError(f"{path}: there is no such file")
    labels = read_as(chosen, path, sizes_in(images) if images else None)
    if images:
        labels = _there(labels, images)
    if wrong := problems_of(labels, inside=inside):
        raise LabelFileError(wrong)
    return labels


def read_as(name: str, path: Path, sizes: Sizes | None) -> Annotations:
    """Labels of a format, before they are checked as a whole.

    Raises:
        LabelFileError: what is wrong, each with file and line.
    """
    return _READERS[name](path, sizes)


def write_labels(
    labels: Annotations, path: Path, name: str, *, images: Path | None = None, scores: bool = False
) -> None:
    """Writes labels in a format, in one step. A folder gets the `images` too, as links where those can be.

    Raises:
        InputError: the format cannot be written or needs sizes that are not known; or the folder is there already.
    """
    if name not in WRITTEN:
        raise InputError(f"cannot write the format {name!r}; expected one of: {', '.join(WRITTEN)}")
    if name in _FOLDERS:
        with staged_folder(path) as staged:
            yolo.write(labels, staged, scores=scores) if name == "yolo" else voc.write(labels, staged)
            for image in labels.images if images else ():
                link_or_copy(Path(images or "") / image.name, staged / _FOLDERS[name] / image.name)
    elif name == "parquet":
        parquet.write(labels, path, images=images)
    else:
        (lap.write if name == "lap" else coco.write)(labels, path)


def losses(labels: Annotations, name: str, *, scores: bool = False) -> list[str]:
    """What a format cannot express of these labels, one line each."""
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
            lost.append("who made the boxes and what was reviewed is left out")
    if name == "lap" and any(image.split or image.tier for image in labels.images):
        lost.append("splits and who made the boxes are left out")
    if name == "lap" and any(box.score is not None and box.class_id is not None for box in boxes):
        lost.append("classes of boxes with a score are left out")
    return lost


def _there(labels: Annotations, folder: Path) -> Annotations:
    """The labels with sizes from the images' files where they lack them.

    Raises:
        LabelFileError: images that are not there.
    """
    sizes, faults = sizes_in(folder), Faults()
    images: list[LabeledImage] = []
    for image in labels.images:
        with faults.at(image.where or image.name):
            if image.width is None:
                width, height = sizes(image.name)
                images.append(replace(image, width=width, height=height))
            elif not (folder / image.name).is_file():
                raise InputError(f"{image.name} is not in {folder}")
            else:
                images.append(image)
    faults.raise_any()
    return replace(labels, images=tuple(images))
