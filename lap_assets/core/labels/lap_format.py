"""Label files: a line an image, `sub\\file.jpg: X1 Y1 X2 Y2[ CLS], …`, `-` for none. Read and written back losslessly.

Standard library alone: the tools, the graph and the release use it. The lists beside a label file (classes, images
marked for deletion, what was reviewed) are in `label_lists`; how boxes stand in a line in
`box_text`; how they are drawn or judged is others' matter.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lap_assets.core.errors import LabelFileError
from lap_assets.core.files import write_bytes
from lap_assets.core.labels.box_text import Box, check_boxes, format_boxes, parse_boxes, read_boxes

__all__ = [
    "Box",
    "Fault",
    "LabelFileError",
    "Labels",
    "check_name",
    "format_boxes",
    "parse",
    "parse_boxes",
    "read",
    "write",
]

_BOM: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a line of a file. `unread`: its boxes are not known, and the line stays as it is."""

    path: Path
    number: int
    what: str
    name: str | None = None
    unread: bool = False

    def __str__(self) -> str:
        return f"{self.path}:{self.number}: {self.what}"


@dataclass(slots=True)
class _Line:
    """A line as it stood (`raw`, without its end), or a new one (None). Its boxes are read when they are asked for."""

    number: int
    raw: bytes | None
    end: bytes
    shown: str = ""
    text: str | None = None

    @property
    def boxes(self) -> tuple[Box, ...]:
        """What the line says; nothing where it is `-` or new."""
        return tuple(sorted(read_boxes(self.text))) if self.text is not None else ()


class Labels:
    """The lines of a label file by name. Names have slashes, whatever the file has.

    Lines that nobody changed are written as they stood, byte for byte; so is one that was changed and changed back.
    """

    def __init__(self, path: Path = Path("labels.txt")) -> None:
        self.faults: list[Fault] = []
        """Lines that cannot be read; `check` finds what is odd about the others."""
        self._path = path
        self._head = b""
        self._newline = b"\n"
        self._separator = "\\"
        self._lines: list[_Line] = []
        self._by_name: dict[str, _Line] = {}
        self._set: dict[str, tuple[Box, ...]] = {}
        self._unread: dict[str, Fault] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def boxes(self, name: str) -> tuple[Box, ...] | None:
        """The boxes of an image; None where it has no line, or one that cannot be read."""
        if name in self._set:
            return self._set[name]
        line = self._by_name.get(name)
        if line is None or (name in self._unread and line.text is None):
            return None
        return line.boxes

    def count(self, name: str) -> int:
        """How many boxes an image has, told without reading them: for lists of thousands."""
        if name in self._set:
            return len(self._set[name])
        line = self._by_name.get(name)
        text = line.text if line is not None else None
        return 0 if text is None or text.strip() == "-" else text.count(",") + 1

    def fault(self, name: str) -> Fault | None:
        """Why the line of an image cannot be read or changed; None where it can."""
        return self._unread.get(name)

    def set(self, name: str, boxes: Iterable[Box]) -> None:
        """Gives an image other boxes; none is `-`. A new name gets a line at the end.

        Raises:
            LabelFileError: its line cannot be read, and is not to be lost; or the name is no relative path.
        """
        if name in self._unread:
            raise LabelFileError(f"{self._unread[name]}; mend the line in a text editor first")
        boxes = tuple(sorted(boxes))
        if name not in self._by_name:
            self._add(name, _Line(0, None, self._newline, self._style(name)))
        line = self._by_name[name]
        if line.raw is not None and line.boxes == boxes:
            self._set.pop(name, None)
        else:
            self._set[name] = boxes

    def ensure(self, names: Iterable[str]) -> None:
        """Gives each name a line (`-` where it is new), a new one after that of the name before it in `names`."""
        after: dict[int, list[_Line]] = {}
        anchor = -1
        places = {id(line): place for place, line in enumerate(self._lines)}
        for name in names:
            if name in self._by_name:
                anchor = places.get(id(self._by_name[name]), anchor)
                continue
            line = _Line(0, None, self._newline, self._style(name))
            self._by_name[name] = line
            after.setdefault(anchor, []).append(line)
        if after:
            merged = list(after.get(-1, ()))
            for place, line in enumerate(self._lines):
                merged += [line, *after.get(place, ())]
            self._lines = merged

    def check(self, classes: Mapping[int, str] | None = None) -> list[Fault]:
        """All that is wrong: lines that cannot be read, boxes whose corners are swapped, classes that are not known."""
        found = list(self.faults)
        for name, line in self._by_name.items():
            told = [odd for box in self.boxes(name) or () for odd in _oddities(box, classes)]
            found += [Fault(self._path, line.number, odd, name) for odd in told]
        return sorted(found, key=lambda fault: fault.number)

    def data(self) -> bytes:
        """The file's bytes."""
        by_line = {id(self._by_name[name]): boxes for name, boxes in self._set.items()}
        pieces = [self._head]
        last = len(self._lines) - 1
        for place, line in enumerate(self._lines):
            if line.raw is not None and id(line) not in by_line:
                pieces.append(line.raw)
            else:
                boxes = by_line.get(id(line), ())
                pieces.append(f"{line.shown}: {format_boxes(boxes)}".encode())
            pieces.append(line.end or (self._newline if place < last else b""))
        return b"".join(pieces)

    def _style(self, name: str) -> str:
        return check_name(name).replace("/", self._separator)

    def _add(self, name: str, line: _Line) -> None:
        self._by_name[name] = line
        self._lines.append(line)


def read(path: Path) -> Labels:
    """Reads a label file; what is wrong with it is in `faults`, by line. A file that does not exist has no lines.

    Raises:
        LabelFileError: the file is UTF-16.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        data = b""
    return parse(data, path)


def write(path: Path, labels: "Labels | Mapping[str, Iterable[Box]]") -> None:
    """Puts a label file in place in one step. A mapping is written in its order, names with backslashes."""
    if not isinstance(labels, Labels):
        made = Labels()
        for name, boxes in labels.items():
            made.set(name, boxes)
        labels = made
    write_bytes(path, labels.data())


def parse(data: bytes, path: Path) -> Labels:
    """As `read`, from bytes; `path` is for messages.

    Raises:
        LabelFileError: the bytes are UTF-16.
    """
    if data.startswith(_UTF16):
        raise LabelFileError(f"{path}: the file is UTF-16; save it as UTF-8")
    labels = Labels(path)
    if data.startswith(_BOM):
        labels._head, data = _BOM, data[len(_BOM) :]
    lines = data.splitlines(keepends=True) if b"\r" in data else data.split(b"\n")
    if b"\r" not in data:
        lines = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    if lines:
        labels._newline = b"\r\n" if lines[0].endswith(b"\r\n") else b"\n"
        labels._separator = "/" if b"\\" not in data and b"/" in data else "\\"
    for number, piece in enumerate(lines, start=1):
        _take(labels, piece, number, path)
    return labels


def check_name(name: str) -> str:
    """A file's name below the images' folder, with slashes.

    Raises:
        LabelFileError: it is empty, absolute, or leads out of the folder.
    """
    if name.startswith("/") or "\\" in name or "\0" in name or name[1:2] == ":":
        raise LabelFileError(f"{name!r} is no file's name below the images' folder")
    parts = name.split("/")
    if "" in parts or "." in parts or ".." in parts:
        raise LabelFileError(f"{name!r} is no file's name below the images' folder")
    return name


def _take(labels: Labels, piece: bytes, number: int, path: Path) -> None:
    raw = piece.rstrip(b"\r\n")
    line = _Line(number, raw, piece[len(raw) :])
    if not raw.strip():
        labels._lines.append(line)
        return
    name: str | None = None
    try:
        line.shown, rest = _split(raw)
        name = check_name(line.shown.replace("\\", "/").strip())
        check_boxes(rest)
        line.text = rest
    except LabelFileError as error:
        _fault(labels, Fault(path, number, str(error), name, unread=True))
    if name is None:
        labels._lines.append(line)
    elif name in labels._by_name:
        labels._lines.append(line)
        _fault(labels, Fault(path, number, f"{name} has a line already; only the first counts", name, unread=True))
    else:
        labels._add(name, line)


def _split(raw: bytes) -> tuple[str, str]:
    try:
        shown, colon, rest = raw.decode().rpartition(":")
    except UnicodeDecodeError:
        raise LabelFileError("it is not UTF-8; save the file as UTF-8") from None
    if not colon:
        raise LabelFileError("there is no `name: boxes` in it")
    return shown, rest


def _fault(labels: Labels, fault: Fault) -> None:
    labels.faults.append(fault)
    if fault.unread and fault.name is not None:
        labels._unread.setdefault(fault.name, fault)


def _oddities(box: Box, classes: Mapping[int, str] | None) -> list[str]:
    found = [] if box.is_upright else [f"box {box}: its second corner is left of or above the first"]
    if classes is not None and box.cls is not None and box.cls not in classes:
        found.append(f"box {box}: there is no class {box.cls}")
    return found
