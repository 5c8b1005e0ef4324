"""Pascal VOC's folder: `Annotations/0/a.xml` for `JPEGImages/0/a.jpg`, lists of stems in `ImageSets/Main/<split>.txt`.

Corners are in px as everywhere here, counted from 0, with fractions where there are any. An ignored box is
`difficult`. What VOC has no element for (crowd, score, other attributes, reviewed, tier, model) stands in elements of
its own, which other readers skip.
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from lap_assets.core.box import Box, Value, shortest
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.files import write_text
from lap_assets.core.labels.faults import Faults, text_of
from lap_assets.labels import values
from lap_assets.labels.annotations import SPLITS, Annotations, LabeledImage, Split, stem_of, stems

_CLASSES: Final = "classes.json"
_SIDES: Final = ("xmin", "ymin", "xmax", "ymax")


def read(folder: Path) -> Annotations:
    """The labels of a folder. Without its `classes.json`, names that occur are numbered in their alphabet's order.

    Raises:
        LabelFileError: what is wrong, each with its file.
    """
    annotations = folder / "Annotations"
    if not annotations.is_dir() and not (folder / "ImageSets").is_dir():
        raise LabelFileError(f"{folder}: it has no folder Annotations")
    splits = _splits(folder)
    faults = Faults()
    found = []
    for path in sorted(annotations.rglob("*.xml")):
        with faults.at(str(path)):
            within = path.relative_to(annotations).parent.as_posix()
            found.append(_image(path, "" if within == "." else f"{within}/", splits))
    faults.raise_any()
    thing, classes = _classes(folder, {name for _, objects in found for name, _ in objects})
    ids: dict[str, int | None] = {thing: None, **{name: id for id, name in classes.items()}}
    images = []
    for image, objects in found:
        with faults.at(f"{annotations / stem_of(image.name)}.xml"):
            images.append(replace(image, boxes=tuple(_box(one, _class_id(name, ids)) for name, one in objects)))
    labels = Annotations(())
    with faults.at(str(folder)):
        labels = Annotations(tuple(images), classes, thing)
    faults.raise_any()
    return labels


def write(labels: Annotations, folder: Path) -> None:
    """Writes the folder's files; not the images."""
    for name, text in files(labels):
        write_text(folder / name, text)


def files(labels: Annotations) -> Iterator[tuple[str, str]]:
    """The folder's files: path and text."""
    names = labels.names()
    lists: dict[str, list[str]] = {split: [] for split in SPLITS}
    stems(labels.images)
    for image in labels.images:
        stem = stem_of(image.name)
        if image.split:
            lists[image.split].append(f"{stem}\n")
        yield f"Annotations/{stem}.xml", _xml(image, labels, names)
    for split, listed in lists.items():
        yield f"ImageSets/Main/{split}.txt", "".join(listed)
    classes = {str(id): name for id, name in sorted(labels.classes.items())}
    yield _CLASSES, json.dumps({"thing": labels.thing, "classes": classes}, ensure_ascii=False, indent=1) + "\n"


def _xml(image: LabeledImage, labels: Annotations, names: Mapping[int, str]) -> str:
    width, height = image.size
    folder, _, file = image.name.rpartition("/")
    extra = {"reviewed": None if image.reviewed is None else int(image.reviewed), "tier": image.tier,
            "model": image.model}  # fmt: skip
    lines = [
        "<annotation>",
        f"<folder>{escape(folder)}</folder><filename>{escape(file)}</filename>",
        f"<size><width>{width}</width><height>{height}</height><depth>3</depth></size><segmented>0</segmented>",
        *(f"<{name}>{escape(str(value))}</{name}>" for name, value in extra.items() if value is not None),
        *(_object(box, names[labels.id_of(box)]) for box in image.boxes),
        "</annotation>",
    ]
    return "\n".join(lines) + "\n"


def _object(box: Box, name: str) -> str:
    sides = "".join(f"<{side}>{shortest(at)}</{side}>" for side, at in zip(_SIDES, box.corners, strict=True))
    more = "<crowd>1</crowd>" if box.crowd else ""
    more += f"<score>{box.score!r}</score>" if box.score is not None else ""
    more += "".join(
        f"<attribute><name>{escape(key)}</name><value>{escape(json.dumps(value))}</value></attribute>"
        for key, value in box.attributes
    )
    return (
        f"<object><name>{escape(name)}</name><pose>Unspecified</pose><truncated>0</truncated>"
        f"<difficult>{int(box.ignore)}</difficult><bndbox>{sides}</bndbox>{more}</object>"
    )


def _splits(folder: Path) -> dict[str, Split]:
    found: dict[str, Split] = {}
    for split in SPLITS:
        path = folder / "ImageSets" / "Main" / f"{split}.txt"
        for line in text_of(path).splitlines() if path.exists() else ():
            if line.strip():
                found[line.split()[0] if line.split()[-1] in ("1", "-1", "0") else line.strip()] = split
    return found


def _classes(folder: Path, occurring: set[str]) -> tuple[str, dict[int, str]]:
    """What a box without a class is, and the names of the classes by id."""
    path = folder / _CLASSES
    if path.exists():
        faults = Faults()
        thing, classes = "", dict[int, str]()
        with faults.at(str(path)):
            described = values.mapping(_json(text_of(path)), "the file")
            thing = values.text(values.of(described, "thing"), "thing")
            named = values.mapping(values.of(described, "classes"), "classes")
            classes = {values.whole(id, "class"): values.text(name, "class") for id, name in named.items()}
        faults.raise_any()
        return thing, classes
    if len(occurring) == 1:
        return occurring.pop(), {}
    thing = "object" if "object" not in occurring else "any object"
    return thing, dict(enumerate(sorted(occurring), 1))


def _json(content: str) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON ({error})") from None


def _image(path: Path, within: str, splits: Mapping[str, Split]) -> tuple[LabeledImage, list[tuple[str, ET.Element]]]:
    """The image without its boxes, and its objects by their names."""
    text = text_of(path)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise InputError("it declares a document type, which no label file needs")
    try:
        root = ET.fromstring(text)  # noqa: S314  nothing is declared in it, so there is nothing to expand
    except ET.ParseError as error:
        raise InputError(f"not XML ({error})") from None
    file = _text(root, "filename")
    if "/" in file or "\\" in file:
        raise InputError(f"filename {file!r} is more than a file's name")
    reviewed = root.findtext("reviewed")
    image = LabeledImage(
        within + file,
        values.side(_text(root, "size/width"), "size/width"),
        values.side(_text(root, "size/height"), "size/height"),
        reviewed=None if reviewed is None else reviewed == "1",
        tier=values.tier(root.findtext("tier")),
        model=root.findtext("model"),
        split=splits.get(within + stem_of(file)),
        where=str(path),
    )
    return image, [(_text(one, "name"), one) for one in root.iter("object")]


def _box(one: ET.Element, class_id: int | None) -> Box:
    xmin, ymin, xmax, ymax = (values.number(_text(one, f"bndbox/{side}"), side) for side in _SIDES)
    score = one.findtext("score")
    attributes: dict[str, Value] = {}
    for pair in one.iter("attribute"):
        attributes |= values.attributes({_text(pair, "name"): _json(_text(pair, "value"))})
    return Box(
        xmin, ymin, xmax, ymax, class_id,
        score=None if score is None else values.number(score, "score"),
        ignore=one.findtext("difficult") == "1",
        crowd=one.findtext("crowd") == "1",
        attributes=tuple(attributes.items()),
    )  # fmt: skip


def _class_id(name: str, ids: Mapping[str, int | None]) -> int | None:
    if name not in ids:
        raise InputError(f"there is no class {name!r} in {_CLASSES}")
    return ids[name]


def _text(element: ET.Element, path: str) -> str:
    found = element.findtext(path)
    if found is None:
        raise InputError(f"it has no {path}")
    return found
