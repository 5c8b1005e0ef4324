"""Reading CSV tables with one line per box: iCartoonFace's, RetinaNet's, TensorFlow's.

Without a header, the columns are `name,xmin,ymin,xmax,ymax`, then a class, a score, or both (iCartoonFace, RetinaNet;
a line with only a name is an image without boxes). Otherwise the header names the columns; unknown names are rejected,
because numbers in the wrong order would still be boxes. The separator is a comma, semicolon or tab.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from lap_assets.core.box import Box, Corners
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.labels.faults import text_of
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats.by_name import numbered
from lap_assets.labels.reading import Reading

_FACE: Final = "face"
_PLAIN: Final = ("name", "xmin", "ymin", "xmax", "ymax")
_COLUMNS: Final = {
    "name": ("name", "filename", "file_name", "file", "image", "image_name", "img", "path", "image_path"),
    "xmin": ("xmin", "x1", "x0", "x_min", "left", "xtl", "bbox_x1"),
    "ymin": ("ymin", "y1", "y0", "y_min", "top", "ytl", "bbox_y1"),
    "xmax": ("xmax", "x2", "x_max", "right", "xbr", "bbox_x2"),
    "ymax": ("ymax", "y2", "y_max", "bottom", "ybr", "bbox_y2"),
    "x": ("x", "bbox_x"), "y": ("y", "bbox_y"),
    "w": ("w", "bbox_width", "bbox_w"), "h": ("h", "bbox_height", "bbox_h"),
    "width": ("width", "image_width", "img_width"), "height": ("height", "image_height", "img_height"),
    "class": ("class", "label", "class_name", "category", "label_name"),
    "score": ("score", "confidence", "conf", "probability"),
}  # fmt: skip
_KNOWN: Final = {word: column for column, words in _COLUMNS.items() for word in words}
_Found = dict[str, tuple[LabeledImage, list[tuple[str, Box]]]]
_CORNERS: Final = ({"xmin", "ymin", "xmax", "ymax"}, {"x", "y", "w", "h"})


def read(path: Path, reading: Reading) -> Annotations:
    """Read a table.

    Raises:
        LabelFileError: the table or its header is invalid.
    """
    found: _Found = {}
    columns: Sequence[str] | None = None
    for number, row in _rows(path):
        where = f"{path}:{number}"
        if columns is None:
            is_header = len(row) > 1 and any(row[1:]) and not any(map(_is_number, row))
            columns = _named(row, where) if is_header else _PLAIN
            if is_header:
                continue
        with reading.faults.at(where):
            cells = _cells(row, columns)
            boxes = _boxes_of_image(cells, where, found, reading)
            if any(word for column, word in cells.items() if column not in ("name", "width", "height")):
                boxes.append((cells.get("class") or _FACE, _box(cells)))
    return numbered(found.values())


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with its line number."""
    text = text_of(path)
    first = text.lstrip().split("\n", 1)[0]
    separator = next((mark for mark in (",", ";", "\t") if mark in first), ",")
    table = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        for row in table:
            words = [word.strip() for word in row]
            if any(words):
                yield table.line_num, words
    except csv.Error as error:
        raise LabelFileError(f"{path}:{table.line_num}: not a table ({error})") from None


def _named(row: list[str], where: str) -> list[str]:
    """Return LAP's names of the columns in the header."""
    known = [_KNOWN.get(word.lower(), "") for word in row]
    corners = next((corners for corners in _CORNERS if corners <= {*known}), None)
    if corners is None and {"x", "y", "width", "height"} <= {*known}:  # here, width and height are the box's
        known = [{"width": "w", "height": "h"}.get(column, column) for column in known]
        corners = _CORNERS[1]
    if "name" not in known or corners is None or len({*known} - {""}) != len(known) - known.count(""):
        expected = f"{','.join(_PLAIN)} or name,x,y,w,h, and class, score, width, height"
        raise LabelFileError(f"{where}: columns {', '.join(row)[:80]}: expected {expected}")
    if unknown := [word for word, column in zip(row, known, strict=True) if not column]:
        raise LabelFileError(f"{where}: unknown columns {', '.join(unknown)[:80]}; leave them out")
    return known


def _cells(row: list[str], columns: Sequence[str]) -> dict[str, str]:
    if tuple(columns) != _PLAIN:
        if len(row) != len(columns):
            raise InputError(f"expected {len(columns)} values, as in the first line, not {len(row)}")
        return dict(zip(columns, row, strict=True))
    if not 5 <= len(row) <= 7:
        raise InputError(f"expected a name, 4 corners, and a class or score, not {len(row)} values")
    cells = dict(zip(_PLAIN, row, strict=False))
    for word in filter(None, row[5:]):
        column = "score" if _is_number(word) else "class"
        if column in cells:
            raise InputError(f"expected a class and a score, not {row[5]!r} and {row[6]!r}")
        cells[column] = word
    return cells


def _boxes_of_image(cells: dict[str, str], where: str, found: _Found, reading: Reading) -> list[tuple[str, Box]]:
    """Return the list of boxes of a row's image, adding the image if it is new."""
    name = LabeledImage(cells["name"]).name
    if name not in found:
        width, height = (values.side(cells[side], side) if cells.get(side) else None for side in ("width", "height"))
        known = reading.size(name, width, height) if width and height else reading.size_in_files(name)
        width, height = known or (None, None)
        found[name] = (LabeledImage(name, width, height, where=where), [])
    return found[name][1]


def _box(cells: dict[str, str]) -> Box:
    score = values.number(cells["score"], "the score") if cells.get("score") else None
    return Box(*_corners(cells), score=score)


def _corners(cells: dict[str, str]) -> Corners:
    if "xmin" in cells:
        xmin, ymin, xmax, ymax = (values.number(cells[side], "each corner") for side in _PLAIN[1:])
        return xmin, ymin, xmax, ymax
    x, y, w, h = (values.number(cells[side], "each side") for side in "xywh")
    return x, y, x + w, y + h


def _is_number(word: str) -> bool:
    try:
        values.number(word, "a value")
    except InputError:
        return False
    return True
