"""The lists beside a label file: classes, images marked for deletion, what was reviewed. Standard library alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lap_assets.core.errors import LabelFileError
from lap_assets.core.files import write_text
from lap_assets.core.labels.lap_format import Fault, check_name

REVIEWED_HEADER: Final = "name\treviewed\twidth\theight"


@dataclass(frozen=True, slots=True)
class Looked:
    """What is known of an image whose labels a person worked on.

    `reviewed`: its labels are as they should be. `size`: width and height in px that they are meant for, if known.
    """

    reviewed: bool
    size: tuple[int, int] | None = None


def read_classes(path: Path) -> tuple[dict[int, str], list[Fault]]:
    """The classes of a file of `id:name` lines, by id. A file that does not exist has none.

    Raises:
        LabelFileError: the file is not UTF-8.
    """
    classes: dict[int, str] = {}
    faults: list[Fault] = []
    for number, text in _lines(path):
        index, colon, name = text.partition(":")
        if not colon or not index.strip().isdecimal() or not name.strip():
            faults.append(Fault(path, number, f"{text!r} is not `id:name`"))
        elif int(index) in classes:
            faults.append(Fault(path, number, f"class {int(index)} is there already; only the first counts"))
        else:
            classes[int(index)] = name.strip()
    return classes, faults


@dataclass(frozen=True, slots=True)
class Delcands:
    """Images marked for deletion by their place in a list. `others`: lines that name none of it, which are kept."""

    indices: tuple[int, ...] = ()
    others: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_delcands(path: Path, count: int) -> Delcands:
    """Indices of the images marked for deletion, a line each, in the file's order; those beyond `count` are faults.

    Raises:
        LabelFileError: the file is not UTF-8.
    """
    indices: list[int] = []
    others: list[str] = []
    faults: list[Fault] = []
    for number, text in _lines(path):
        if text.isdecimal() and int(text) < count:
            indices += [int(text)] if int(text) not in indices else []
            continue
        others.append(text)
        told = f"there is no image {text}: the list has {count}" if text.isdecimal() else f"{text!r} is no index"
        faults.append(Fault(path, number, told))
    return Delcands(tuple(indices), tuple(others), tuple(faults))


def names_path(delcands: Path) -> Path:
    """Where the names of the marked images lie, beside the file of their indices."""
    return delcands.with_name(f"{delcands.stem}.names.txt")


def read_names(path: Path) -> list[str]:
    """File names, one a line.

    Raises:
        LabelFileError: one is no file's name below the images' folder, or the file is not UTF-8.
    """
    return [check_name(text) for _, text in _lines(path)]


def write_delcands(path: Path, marked: Iterable[str], names: Sequence[str], others: Iterable[str] = ()) -> None:
    """Puts the marked images' indices into `names` in place, and beside them their names, which are what counts.

    `others`: lines of the file that are kept.
    """
    place = {name: index for index, name in enumerate(names)}
    wanted = list(dict.fromkeys(marked))
    write_text(names_path(path), "".join(f"{name}\n" for name in wanted))
    lines = [*(str(place[name]) for name in wanted if name in place), *others]
    write_text(path, "".join(f"{line}\n" for line in lines))


def reviewed_path(labels: Path) -> Path:
    """Where it is kept which images of a label file were reviewed."""
    return labels.with_name(f"{labels.stem}.reviewed.tsv")


def read_reviewed(path: Path) -> tuple[dict[str, Looked], list[Fault]]:
    """What is known of the images that were worked on, by name. A file that does not exist says nothing.

    Raises:
        LabelFileError: the file is not UTF-8.
    """
    known: dict[str, Looked] = {}
    faults: list[Fault] = []
    for number, text in _lines(path):
        if text == REVIEWED_HEADER:
            continue
        name, *cells = text.split("\t")
        try:
            reviewed, wide, high = cells
            size = (int(wide), int(high)) if wide and high else None
            if reviewed not in ("yes", "no") or (size is not None and min(size) < 1):
                raise ValueError
            known[check_name(name)] = Looked(reviewed == "yes", size)
        except ValueError:
            faults.append(Fault(path, number, f"{text!r} is not `name, yes or no, width, height` with tabs between"))
    return known, faults


def write_reviewed(path: Path, known: Mapping[str, Looked]) -> None:
    """Puts the file in place in one step, sorted by name."""
    write_text(path, reviewed_text(known))


def reviewed_text(known: Mapping[str, Looked]) -> str:
    """The file's text."""
    rows = [REVIEWED_HEADER]
    for name, looked in sorted(known.items()):
        wide, high = looked.size or ("", "")
        rows.append(f"{name}\t{'yes' if looked.reviewed else 'no'}\t{wide}\t{high}")
    return "\n".join(rows) + "\n"


def _lines(path: Path) -> list[tuple[int, str]]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise LabelFileError(f"{path}: the file is not UTF-8; save it as UTF-8") from None
    return [(number, line.strip(" \r\n")) for number, line in enumerate(lines, start=1) if line.strip()]
