"""Pascal VOC's folder: `Annotations/0/a.xml` for `JPEGImages/0/a.jpg`, lists of stems in `ImageSets/Main/<split>.txt`.

Corners are in px as everywhere here, counted from 0 and with fractions where there are some. An ignored box is
`difficult`. What VOC has no word for (crowd, score, other attributes, reviewed, tier, model) stands in elements of its
own, which other readers pass over.
"""

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from lap_assets.core.errors import LabelFileError
from lap_assets.core.files import write_text
from lap_assets.labels.annotations import SPLITS, TIERS, Annotations, Box, LabeledImage, Split, Tier, stem_of, stems
from lap_assets.labels.faults import Faults, text_of

_CLASSES: Final = "classes.json"
_SIDES: Final = ("xmin", "ymin", "xmax", "ymax")


def read(folder: Path) -> Annotations:
    """The labels of a folder. Without its `classes.json`, names that occur are numbered in their alphabet's order.

    Raises:
        LabelFileError: what is wrong, each with its file.
    """
    place = folder / "Annotations"
    if not place.is_dir() and not (folder / "ImageSets").is_dir():
        raise LabelFileError([f"{folder}: it has no folder Annotations"])
    splits = _splits(folder)
    faults = Faults()
    found = []
    for path in sorted(place.rglob("*.xml")):
        with faults.noting(str(path)):
            within = path.relative_to(place).parent.as_posix()
            found.append(_image(path, "" if within == "." else f"{within}/", splits))
    faults.complain()
    thing, classes = _classes(folder, {name for _, objects in found for name, _ in objects})
    numbers: dict[str, int | None] = {thing: None, **{name: number for number, name in classes.items()}}
    images = []
    for image, objects in found:
        with faults.noting(f"{place / stem_of(image.name)}.xml"):
            boxes = tuple(_box(one, numbers[name]) for name, one in objects if _known(name, numbers))
            images.append(replace(image, boxes=boxes))
    faults.complain()
    return Annotations(tuple(images), classes, thing)


def write(labels: Annotations, folder: Path) -> None:
    """Writes the folder's files; the images are others' matter."""
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
        yield f"Annotations/{stem}.xml", _xml(image, names, labels.thing_id)
    for split, listed in lists.items():
        yield f"ImageSets/Main/{split}.txt", "".join(listed)
    classes = {str(number): name for number, name in sorted(labels.classes.items())}
    yield _CLASSES, json.dumps({"thing": labels.thing, "classes": classes}, ensure_ascii=False, indent=1) + "\n"


def _xml(image: LabeledImage, names: Mapping[int, str], thing_id: int) -> str:
    width, height = image.size
    folder, _, file = image.name.rpartition("/")
    told = {"reviewed": None if image.reviewed is None else int(image.reviewed), "tier": image.tier,
            "model": image.model}  # fmt: skip
    lines = [
        "<annotation>",
        f"<folder>{escape(folder)}</folder><filename>{escape(file)}</filename>",
        f"<size><width>{width}</width><height>{height}</height><depth>3</depth></size><segmented>0</segmented>",
        *(f"<{name}>{escape(str(value))}</{name}>" for name, value in told.items() if value is not None),
        *(_object(box, names[thing_id if box.category is None else box.category]) for box in image.boxes),
        "</annotation>",
    ]
    return "\n".join(lines) + "\n"


def _object(box: Box, name: str) -> str:
    sides = "".join(f"<{side}>{_number(at)}</{side}>" for side, at in zip(_SIDES, box.sides, strict=True))
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


def _number(at: float) -> str:
    return str(int(at)) if at == int(at) else repr(at)


def _splits(folder: Path) -> dict[str, Split]:
    found: dict[str, Split] = {}
    for split in SPLITS:
        path = folder / "ImageSets" / "Main" / f"{split}.txt"
        for line in text_of(path).splitlines() if path.exists() else ():
            if line.strip():
                found[line.split()[0] if line.split()[-1] in ("1", "-1", "0") else line.strip()] = split
    return found


def _classes(folder: Path, occurring: set[str]) -> tuple[str, dict[int, str]]:
    path = folder / _CLASSES
    if path.exists():
        faults = Faults()
        with faults.noting(str(path)):
            told = json.loads(text_of(path))
            return str(told["thing"]), {int(number): str(name) for number, name in told["classes"].items()}
        faults.complain()
    if len(occurring) == 1:
        return occurring.pop(), {}
    thing = "object" if "object" not in occurring else "any object"
    return thing, dict(enumerate(sorted(occurring), 1))


def _image(path: Path, within: str, splits: Mapping[str, Split]) -> tuple[LabeledImage, list[tuple[str, ET.Element]]]:
    """The image without its boxes, and its objects by their names."""
    text = text_of(path)
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("it declares a document type, which no label file needs")
    try:
        root = ET.fromstring(text)  # noqa: S314  nothing is declared in it, so there is nothing to expand
    except ET.ParseError as error:
        raise ValueError(f"not XML ({error})") from None
    file = _text(root, "filename")
    if "/" in file or "\\" in file:
        raise ValueError(f"filename {file!r} is more than a file's name")
    reviewed = root.findtext("reviewed")
    image = LabeledImage(
        within + file,
        int(_text(root, "size/width")),
        int(_text(root, "size/height")),
        reviewed=None if reviewed is None else reviewed == "1",
        tier=_tier(root.findtext("tier")),
        model=root.findtext("model"),
        split=splits.get(within + stem_of(file)),
        where=str(path),
    )
    return image, [(_text(one, "name"), one) for one in root.iter("object")]


def _tier(text: str | None) -> Tier | None:
    found = next((tier for tier in TIERS if tier == text), None)
    if text is not None and found is None:
        raise ValueError(f"tier {text!r} is none of {', '.join(TIERS)}")
    return found


def _box(one: ET.Element, category: int | None) -> Box:
    x0, y0, x1, y1 = (float(_text(one, f"bndbox/{side}")) for side in _SIDES)
    score = one.findtext("score")
    told = [(_text(pair, "name"), json.loads(_text(pair, "value"))) for pair in one.iter("attribute")]
    return Box(
        x0, y0, x1, y1, category,
        score=None if score is None else float(score),
        ignore=one.findtext("difficult") == "1",
        crowd=one.findtext("crowd") == "1",
        attributes=tuple(told),
    )  # fmt: skip


def _known(name: str, numbers: Mapping[str, int | None]) -> bool:
    if name not in numbers:
        raise ValueError(f"there is no class {name!r} in {_CLASSES}")
    return True


def _text(element: ET.Element, path: str) -> str:
    found = element.findtext(path)
    if found is None:
        raise ValueError(f"it has no {path}")
    return found
