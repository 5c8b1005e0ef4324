"""Reading Pascal VOC's folder: `Annotations/0/a.xml` for `JPEGImages/0/a.jpg`, lists of stems in `ImageSets/Main`.

Also reads XML files beside the pictures (labelImg) and attributes as written by CVAT and datumaro, and takes sizes from
the pictures if the files have none. Corners are in px, counted from 0, and may be fractional. An ignored box is
`difficult`. LAP's other fields (crowd, score, other attributes, reviewed, tier, model) are in additional elements,
which other readers skip.
"""

import xml.etree.ElementTree as ET
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage, Split, stem_of
from lap_assets.labels.any_case import child, with_ending
from lap_assets.labels.formats.json_text import parsed
from lap_assets.labels.formats.voc_objects import Objects, boxes_of, objects_of
from lap_assets.labels.formats.voc_sets import splits_of
from lap_assets.labels.formats.voc_text import CLASSES, files, name_and_id, write
from lap_assets.labels.formats.xml_text import root_of, text_at
from lap_assets.labels.image_sizes import ENDINGS, find_stem
from lap_assets.labels.reading import Reading

__all__ = ["files", "read", "write"]

_IMAGES: Final = "JPEGImages"


def read(folder: Path, reading: Reading) -> Annotations:
    """Read a folder, or one XML file. Without `classes.json`, the names that occur are numbered alphabetically.

    Raises:
        LabelFileError: there are no annotations, or classes.json is invalid.
    """
    is_file = folder.is_file()
    paths, folder = ([folder], folder.parent) if is_file else ([], folder)
    annotations = folder if is_file else child(folder, "Annotations")
    if not annotations.is_dir():
        has_sets = child(folder, "ImageSets").is_dir()
        annotations = annotations if has_sets else folder
    paths = paths or (with_ending(annotations, ".xml") if annotations.is_dir() else [])
    if not paths and (annotations == folder or (annotations.is_dir() and any(annotations.iterdir()))):
        raise LabelFileError(f"{folder}: it has no folder Annotations with XML files")
    stems = {stem_of(path.relative_to(annotations).as_posix()) for path in paths}
    splits = {} if is_file else splits_of(folder, stems, reading)
    beside = child(folder, _IMAGES) if annotations != folder else folder
    look = replace(reading, images=beside) if reading.images is None and beside.is_dir() else reading
    if not is_file and beside.is_dir():
        _count_unlabeled(beside, stems, reading)
    found: list[tuple[LabeledImage, Objects]] = []
    for path in paths:
        with reading.faults.at(str(path)):
            within = path.relative_to(annotations).parent.as_posix()
            found.append(_image(path, "" if within == "." else f"{within}/", splits, look, is_given=look is reading))
    thing, classes = _classes(folder, {name for _, objects in found for name, _ in objects})
    ids = name_and_id(thing, classes)
    images = []
    for image, objects in found:
        boxes = []
        for name, one in objects:
            with reading.faults.at(image.where):
                boxes += boxes_of(one, name, ids, reading, image.where)
        images.append(replace(image, boxes=tuple(boxes)))
    return Annotations(tuple(images), classes, thing)


def _count_unlabeled(pictures: Path, stems: Collection[str], reading: Reading) -> None:
    """Count the pictures without an annotation, which are not known to be empty."""
    found = with_ending(pictures, *ENDINGS)
    missing = [path for path in found if stem_of(path.relative_to(pictures).as_posix()) not in stems]
    if missing:
        reading.tally.add("pictures without an annotation left out", str(missing[0]), len(missing))


def _classes(folder: Path, occurring: set[str]) -> tuple[str | None, dict[int, str]]:
    """Return the thing (the meaning of a box without a class), and the class names by id."""
    path = folder / CLASSES
    if not path.exists():
        if len(occurring) < 2:
            return (occurring.pop() if occurring else "object"), {}
        return None, dict(enumerate(sorted(occurring), 1))
    described = parsed(path)
    try:
        described = values.mapping(described, "the file")
        thing = values.of(described, "thing")
        named = values.mapping(values.of(described, "classes"), "classes")
        classes = {values.whole(id, "class"): values.text(name, "class") for id, name in named.items()}
        return (None if thing is None else values.text(thing, "thing")), classes
    except InputError as error:
        raise LabelFileError(f"{path}: {error}") from None


def _image(
    path: Path, within: str, splits: Mapping[str, Split], reading: Reading, *, is_given: bool
) -> tuple[LabeledImage, Objects]:
    """Return the image without boxes, and its objects. `is_given`: the user named the folder of images."""
    root = root_of(path)
    if root.tag != "annotation":
        raise InputError(f"its root is <{root.tag[:40]}>, not <annotation>")
    plain = LabeledImage(within + _file(root, path, within, reading))
    if within + path.stem != stem_of(plain.name):
        reading.tally.add("annotations whose file name differs from their picture's, read by their own name", str(path))
        plain = LabeledImage(within + path.stem + Path(plain.name).suffix)
    width, height = _sides(root)
    size = reading if is_given or not (width and height) else Reading()
    known = size.size(plain.name, width, height) if (width and height) or reading.images or reading.sizes else None
    if known is None:
        values.side(text_at(root, "size/width"), "size/width")
        raise InputError("it has no size/height; name the folder of images (--images)")
    reviewed = root.findtext("reviewed")
    image = LabeledImage(
        plain.name, *known,
        reviewed=None if reviewed is None else reviewed.strip() == "1",
        tier=values.tier(root.findtext("tier")),
        model=root.findtext("model"),
        split=splits.get(within + path.stem),
        where=str(path),
    )  # fmt: skip
    return image, objects_of(root, reading, str(path))


def _sides(root: ET.Element) -> tuple[int | None, int | None]:
    """Return width and height; None if missing or 0."""
    found = [root.findtext(f"size/{side}") for side in ("width", "height")]
    width, height = (None if text is None else values.whole(text, "size") or None for text in found)
    return width, height


def _file(root: ET.Element, path: Path, within: str, reading: Reading) -> str:
    """Return the picture's file name: from the annotation, or by the annotation's own file name."""
    text = (root.findtext("filename") or "").strip()
    parts = text.replace("\\", "/").split("/")
    if len(parts) > 1 and (".." in parts or stem_of(parts[-1]) != path.stem):
        raise InputError(f"filename {text!r}: expected a file name without folders")
    name = parts[-1]
    if name and (name != path.stem or (reading.images is None and reading.sizes is None)):
        return name
    found = find_stem(reading.images, within + path.stem) if reading.images is not None else None
    return found.rpartition("/")[2] if found else name or f"{path.stem}.jpg"
