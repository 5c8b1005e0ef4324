"""Label files: one line per image, `sub\\file.jpg: X1 Y1 X2 Y2[ N], …`, `-` for none. Read and written losslessly.

The tools, the graph and the release use this module. The lists beside a label file (classes, images marked for
deletion, reviewed images) are in `lists`; the operations on lines are in `document`.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.files import write_bytes
from lap_assets.core.labels.box_text import check_boxes
from lap_assets.core.labels.document import Labels
from lap_assets.core.labels.faults import LabelFault, content_of
from lap_assets.core.labels.fifths import fifths
from lap_assets.core.labels.image_names import check_name
from lap_assets.core.labels.line import LabelLine

_BOM: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


def read(path: Path) -> Labels:
    """Read a label file. Faults are in `faults`, by line; a file that does not exist has no lines.

    A box's fifth number is a class or a score, by the rules in `fifths`.

    Raises:
        LabelFileError: the file is UTF-16, too large, or not a file.
    """
    return parse(content_of(path), path)


def write(path: Path, labels: Labels | Mapping[str, Iterable[Box]]) -> None:
    """Replace a label file atomically. A mapping is written in its order, names with backslashes.

    Raises:
        NameInvalid: a name in the mapping is not a relative path.
    """
    if not isinstance(labels, Labels):
        document = Labels(path)
        for name, boxes in labels.items():
            document.set(name, boxes)
        labels = document
    write_bytes(path, labels.data())


def parse(data: bytes, path: Path) -> Labels:
    """Parse a label file from bytes, as `read` does; `path` is for messages.

    Raises:
        LabelFileError: the bytes are UTF-16.
    """
    if data.startswith(_UTF16):
        raise LabelFileError(f"{path}: the file is UTF-16; save it as UTF-8")
    body = data.removeprefix(_BOM)
    lines = _split_lines(body)
    newline = b"\r\n" if lines and lines[0].endswith(b"\r\n") else b"\n"
    labels = Labels(path, newline=newline, separator="/" if b"\\" not in body and b"/" in body else "\\")
    labels.head = _BOM if data.startswith(_BOM) else b""
    for number, piece in enumerate(lines, start=1):
        _take_line(labels, piece, number, path)
    labels.settle_scores()
    return labels


def _split_lines(data: bytes) -> list[bytes]:
    """Return lines with their line ends."""
    if b"\r" in data:
        return data.splitlines(keepends=True)
    *whole, rest = data.split(b"\n")
    return [line + b"\n" for line in whole] + ([rest] if rest else [])


def _take_line(labels: Labels, piece: bytes, number: int, path: Path) -> None:
    raw = piece.rstrip(b"\r\n")
    line = LabelLine(number, raw, piece[len(raw) :])
    if not raw.strip():
        labels.add_line(line, None)
        return
    name: str | None = None
    try:
        line.shown, text = _split_name(raw)
        name = check_name(line.shown.replace("\\", "/").strip())
        check_boxes(text)
        line.text, line.fifths = text, fifths(text)
    except InputError as error:
        labels.add_fault(LabelFault(path, number, str(error), name, unread=True))
    if name is not None and name in labels:
        labels.add_fault(
            LabelFault(path, number, f"{name} has a line already; only the first counts", name, unread=True)
        )
        name = None
    labels.add_line(line, name)


def _split_name(raw: bytes) -> tuple[str, str]:
    try:
        shown, colon, boxes = raw.decode().rpartition(":")
    except UnicodeDecodeError:
        raise InputError("it is not UTF-8; save the file as UTF-8") from None
    if not colon:
        raise InputError("expected `name: boxes`")
    return shown, boxes
