"""The text form of boxes in label files: `X1 Y1 X2 Y2[ N]`, separated by commas, `-` for none.

A whole number N is a class (-1: none), any other number a detection's score; `fifths` has the details. Lines and files
of boxes are in `document` and `lap_format`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from lap_assets.core.box import FARTHEST, LARGEST_CLASS, Box, in_order, shortest
from lap_assets.core.errors import BoxInvalid
from lap_assets.core.labels.fifths import is_ambiguous, is_whole

_NUMBER: Final = r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?"
_IS_NUMBER: Final = re.compile(_NUMBER)
_PLAIN_BOX: Final = r"[0-9]{1,9}+ [0-9]{1,9}+ [0-9]{1,9}+ [0-9]{1,9}+(?: [0-9]{1,9}+)?"
_IS_PLAIN: Final = re.compile(rf" (?:-|{_PLAIN_BOX}(?:, {_PLAIN_BOX})*)")  # a fast check that fits nearly every line


class WrittenBox(NamedTuple):
    """A box as written in a file. `text`: its original digits. `is_swapped`: its corners are swapped in the file."""

    box: Box
    text: str
    is_swapped: bool


def check_boxes(text: str) -> None:
    """Check that the text is `-` or boxes.

    Raises:
        BoxInvalid: it is neither; the message names the first invalid part.
    """
    if _IS_PLAIN.fullmatch(text) or text.strip(" \t") == "-":
        return
    for part in text.split(","):
        _check_box(part.strip())


def read_boxes(text: str, *, scored: bool = False) -> list[WrittenBox]:
    """Return the boxes of a checked text, in its order, with swapped corners corrected.

    `scored`: the text is from a detector's file, where a fifth number 0 or 1 is a score.
    """
    if text.strip() == "-":
        return []
    return [_written(part.strip(), scored=scored) for part in text.split(",")]


def unmistakable(written: WrittenBox) -> WrittenBox:
    """Return the box with its fifth number rewritten so that it is unambiguously a class or a score."""
    *corners, fifth = written.text.split()
    if len(corners) != 4 or not is_ambiguous(fifth):
        return written
    explicit = f"{int(fifth)}.0" if written.box.score is not None else f"+{int(fifth)}"
    return written._replace(text=" ".join([*corners, explicit]))


def parse_boxes(text: str) -> tuple[Box, ...]:
    """Return the boxes of a text, sorted.

    Raises:
        BoxInvalid: it is neither `-` nor boxes.
    """
    check_boxes(text)
    return in_order(written.box for written in read_boxes(text))


def format_boxes(boxes: Iterable[Box]) -> str:
    """Return the text of boxes in a line, after the image's name; `-` for none."""
    return ", ".join(map(format_box, boxes)) or "-"


def format_box(box: Box) -> str:
    """Return the text of a box: its corners, and its score or else its class, if it has one."""
    numbers = [shortest(side) for side in box.corners]
    if box.score is not None:
        numbers.append(repr(box.score))
    elif box.class_id is not None:
        numbers.append(str(box.class_id))
    return " ".join(numbers)


def box_problems(written: WrittenBox, classes: Mapping[int, str] | None) -> list[str]:
    """Return the problems of a box: swapped corners, a class that is not in the list."""
    found = [f"box {written.text}: its corners are swapped (x2 < x1 or y2 < y1)"] if written.is_swapped else []
    class_id = written.box.class_id
    if classes is not None and class_id is not None and class_id not in classes:
        found.append(f"box {written.text}: there is no class {class_id}")
    return found


def _check_box(text: str) -> None:
    tokens = text.split()
    for token in tokens:
        if not _IS_NUMBER.fullmatch(token):
            raise BoxInvalid(f"{token!r} is not a number")
    if len(tokens) not in (4, 5):
        raise BoxInvalid(f"box {text!r} has {len(tokens)} numbers instead of four or five")
    if any(abs(float(token)) > FARTHEST for token in tokens[:4]):
        raise BoxInvalid(f"box {text!r}: a coordinate is beyond {FARTHEST:,.0f} px")
    if len(tokens) == 5 and is_whole(tokens[4]):
        if int(tokens[4]) > LARGEST_CLASS:
            raise BoxInvalid(f"box {text!r}: the class is above {LARGEST_CLASS:,}")
    elif len(tokens) == 5 and not 0 <= float(tokens[4]) <= 1:
        raise BoxInvalid(f"box {text!r}: the score is not within 0 and 1")


def _written(text: str, *, scored: bool) -> WrittenBox:
    x1, y1, x2, y2, *rest = text.split()
    (xmin, xmax), (ymin, ymax) = (sorted(map(float, pair)) for pair in ((x1, x2), (y1, y2)))
    is_class = bool(rest) and is_whole(rest[0]) and not (scored and is_ambiguous(rest[0]))
    class_id = int(rest[0]) if is_class else None
    score = float(rest[0]) if rest and class_id is None else None
    box = Box(xmin, ymin, xmax, ymax, class_id if class_id is not None and class_id >= 0 else None, score)
    return WrittenBox(box, text, is_swapped=float(x1) > float(x2) or float(y1) > float(y2))
