"""Reading Manga109's annotations: one XML file per book, with faces, bodies, frames and texts of each page.

The images are `<title>/<page>.jpg`, the page with three digits, as in its folder `images`. The character becomes an
attribute; the contents of texts are left out and counted.
"""

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.any_case import child, with_ending
from lap_assets.labels.formats.by_name import Named, numbered
from lap_assets.labels.formats.xml_text import root_of
from lap_assets.labels.reading import Reading

_CLASSES: Final = ("face", "body", "frame", "text")
_SIDES: Final = ("xmin", "ymin", "xmax", "ymax")


def read(path: Path, reading: Reading) -> Annotations:
    """Read a book, or a folder of books.

    Raises:
        LabelFileError: there are no files.
    """
    below = child(path, "annotations")
    folder = below if below.is_dir() else path
    paths = with_ending(folder, ".xml", deep=False) if path.is_dir() else [path]
    if not paths:
        raise LabelFileError(f"{path}: it has no XML files")
    found: list[Named] = []
    for one in paths:
        with reading.faults.at(str(one)):
            root = root_of(one)
            if root.tag != "book":
                raise InputError(f"its root is <{root.tag[:40]}>, not Manga109's <book>")
            title = root.get("title") or one.stem
            for page in root.iterfind("pages/page"):
                where = f"{one}: page {page.get('index')}"
                with reading.faults.at(where):
                    found.append(_page(page, title, where, reading))
    used = {name for _, boxes in found for name, _ in boxes}
    return numbered(found, [name for name in _CLASSES if name in used])


def _page(page: ET.Element, title: str, where: str, reading: Reading) -> Named:
    index = values.whole(page.get("index"), "index")
    name = f"{title}/{index:03}.jpg"
    sides = (values.whole(page.get(side, 0), side) or None for side in ("width", "height"))
    size = reading.size(name, *sides)
    boxes = []
    for one in page:
        with reading.faults.at(where):
            if one.tag in _CLASSES:
                boxes.append((one.tag, _box(one)))
                reading.tally.add("contents of texts left out", where, bool((one.text or "").strip()))
            else:
                reading.tally.add(f"shapes of the kind {one.tag[:40]} left out", where)
    return LabeledImage(name, *size, where=where), boxes


def _box(one: ET.Element) -> Box:
    xmin, ymin, xmax, ymax = (values.number(one.get(side), side) for side in _SIDES)
    character = one.get("character")
    return Box(xmin, ymin, xmax, ymax, attributes=(("character", character),) if character else ())
