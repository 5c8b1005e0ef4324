"""The lists beside a label file: classes, images marked for deletion, reviewed images."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.files import write_text
from lap_assets.core.labels.faults import Faults, LabelFault, content_of
from lap_assets.core.labels.files import marked_names_path
from lap_assets.core.labels.image_names import check_name
from lap_assets.core.plain_text import check_label

_INDEX: Final = re.compile(r"[0-9]{1,9}")
_SIDE: Final = re.compile(r"0*[1-9][0-9]{0,8}")
LARGEST_SIDE: Final = 999_999_999
"""The largest side of an image in px that `_SIDE` accepts."""
REVIEWED_HEADER: Final = "name\treviewed\twidth\theight"


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """An image whose labels a person has worked on.

    `reviewed`: the person says that its labels are right. `size`: width and height in px of the labeled image, if
    known.
    """

    reviewed: bool
    size: tuple[int, int] | None = None


def read_classes(path: Path) -> tuple[dict[int, str], list[LabelFault]]:
    """Return the classes of a file of `id:name` lines, by id, and faults. A file that does not exist has none.

    Raises:
        LabelFileError: the file is not UTF-8, or not a file.
    """
    classes: dict[int, str] = {}
    faults: list[LabelFault] = []
    for number, text in _lines(path):
        index, colon, name = text.partition(":")
        if not colon or not _INDEX.fullmatch(index.strip()) or not name.strip():
            faults.append(LabelFault(path, number, f"{text!r} is not `id:name`"))
            continue
        try:
            checked = check_label(name.strip(), "the class's name")
        except InputError as error:
            faults.append(LabelFault(path, number, str(error)))
            continue
        if classes.setdefault(int(index), checked) is not checked:
            faults.append(LabelFault(path, number, f"class {int(index)} is there already; only the first counts"))
    return classes, faults


@dataclass(frozen=True, slots=True)
class Delcands:
    """Images marked for deletion, by index in a list. `others`: lines that are not valid indices; they are kept."""

    indices: tuple[int, ...] = ()
    others: tuple[str, ...] = ()
    faults: tuple[LabelFault, ...] = ()


def read_delcands(path: Path, count: int) -> Delcands:
    """Read the indices of images marked for deletion, one per line; indices of `count` or more are faults.

    Raises:
        LabelFileError: the file is not UTF-8, or not a file.
    """
    indices: list[int] = []
    others: list[str] = []
    faults: list[LabelFault] = []
    for number, text in _lines(path):
        is_number = _INDEX.fullmatch(text) is not None
        if is_number and int(text) < count:
            indices += [int(text)] if int(text) not in indices else []
            continue
        others.append(text)
        problem = f"there is no image {text}: the list has {count}" if is_number else f"{text!r} is not an index"
        faults.append(LabelFault(path, number, problem))
    return Delcands(tuple(indices), tuple(others), tuple(faults))


def read_names(path: Path) -> list[str]:
    """Read file names, one per line.

    Raises:
        LabelFileError: a name is not a path below the folder of images, or the file is not UTF-8, or not a file.
    """
    names, faults = [], Faults()
    for number, text in _lines(path):
        with faults.at(f"{path}:{number}"):
            names.append(check_name(text))
    faults.raise_any()
    return names


def write_delcands(path: Path, marked: Iterable[str], names: Sequence[str], others: Iterable[str] = ()) -> None:
    """Replace the file with the marked images' indices into `names`, and the file of names beside it, which counts.

    `others`: lines of the file to keep.
    """
    index_of = {name: index for index, name in enumerate(names)}
    unique = list(dict.fromkeys(marked))
    write_text(marked_names_path(path), "".join(f"{name}\n" for name in unique))
    lines = [*(str(index_of[name]) for name in unique if name in index_of), *others]
    write_text(path, "".join(f"{line}\n" for line in lines))


def read_reviewed(path: Path) -> tuple[dict[str, ReviewEntry], list[LabelFault]]:
    """Return the images that people have worked on, by name, and faults. A file that does not exist has none.

    An image with two different lines is a fault, and counts as not reviewed.

    Raises:
        LabelFileError: the file is not UTF-8, or not a file.
    """
    known: dict[str, ReviewEntry] = {}
    faults: list[LabelFault] = []
    for number, text in _lines(path):
        if text == REVIEWED_HEADER:
            continue
        try:
            name, entry = _review_entry(text)
        except InputError as error:
            faults.append(LabelFault(path, number, str(error)))
            continue
        if known.setdefault(name, entry) != entry:
            faults.append(LabelFault(path, number, f"{name} occurs twice, and the lines differ; delete one of them"))
            known[name] = ReviewEntry(reviewed=False)
    return known, faults


def _review_entry(text: str) -> tuple[str, ReviewEntry]:
    name, *cells = text.split("\t")
    if len(cells) == 3 and cells[0] in ("yes", "no"):
        width, height = cells[1:]
        if not width or not height:
            return check_name(name), ReviewEntry(cells[0] == "yes")
        if _SIDE.fullmatch(width) and _SIDE.fullmatch(height):
            return check_name(name), ReviewEntry(cells[0] == "yes", (int(width), int(height)))
    raise InputError(f"{text!r} is not `name, yes or no, width, height` with tabs between")


def write_reviewed(path: Path, known: Mapping[str, ReviewEntry]) -> None:
    """Replace the file atomically, sorted by name."""
    write_text(path, reviewed_text(known))


def reviewed_text(known: Mapping[str, ReviewEntry]) -> str:
    """Return the file's text, sorted by name."""
    rows = [REVIEWED_HEADER]
    for name, entry in sorted(known.items()):
        width, height = entry.size or ("", "")
        rows.append(f"{name}\t{'yes' if entry.reviewed else 'no'}\t{width}\t{height}")
    return "\n".join(rows) + "\n"


def _lines(path: Path) -> list[tuple[int, str]]:
    if not (data := content_of(path)):
        return []
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise LabelFileError(f"{path}: the file is not UTF-8; save it as UTF-8") from None
    return [(number, line.strip(" \r\n")) for number, line in enumerate(lines, start=1) if line.strip()]
