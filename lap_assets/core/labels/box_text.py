"""Boxes as label files write them: `X1 Y1 X2 Y2[ N]`, several with commas between, `-` for none.

A whole number N is a class (-1: none), any other a detection's score. Standard library alone. Lines and files of boxes
are in `document` and `lap_format`.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from lap_assets.core.box import FARTHEST, LARGEST_CLASS, Box, in_order, shortest
from lap_assets.core.errors import BoxInvalid

_NUMBER: Final = r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?"
_IS_NUMBER: Final = re.compile(_NUMBER)
_WHOLE: Final = re.compile(r"[+-]?[0-9]+")
_PLAIN_BOX: Final = r"[0-9]{1,9}+ [0-9]{1,9}+ [0-9]{1,9}+ [0-9]{1,9}+(?: [0-9]{1,9}+)?"
_IS_PLAIN: Final = re.compile(rf" (?:-|{_PLAIN_BOX}(?:, {_PLAIN_BOX})*)")  # nearly every line, checked fast


class WrittenBox(NamedTuple):
    """A box as a file has it. `text`: its own digits. `is_swapped`: the file has its corners the wrong way round."""

    box: Box
    text: str
    is_swapped: bool


def check_boxes(text: str) -> None:
    """Passes where the text is `-` or boxes.

    Raises:
        BoxInvalid: it is neither; the message names the first part that is wrong.
    """
    if _IS_PLAIN.fullmatch(text) or text.strip(" \t") == "-":
        return
    for part in text.split(","):
        _check_box(part.strip())


def read_boxes(text: str, *, scored: bool = False) -> list[WrittenBox]:
    """The boxes of a text that was checked, in its order; swapped corners are put right.

    `scored`: of a detector's file, where a fifth number 0 or 1 is a score too.
    """
    if text.strip() == "-":
        return []
    return [_written(part.strip(), scored=scored) for part in text.split(",")]


def fifths(text: str) -> list[str]:
    """The fifth numbers of the boxes of a text."""
    parts = [part.split() for part in text.split(",")]
    return [part[4] for part in parts if len(part) == 5]


def is_fraction(fifth: str) -> bool:
    """Whether a fifth number can only be a score."""
    return not _WHOLE.fullmatch(fifth)


def parse_boxes(text: str) -> tuple[Box, ...]:
    """The boxes of a text, sorted.

    Raises:
        BoxInvalid: it is neither `-` nor boxes.
    """
    check_boxes(text)
    return in_order(written.box for written in read_boxes(text))


def format_boxes(boxes: Iterable[Box]) -> str:
    """Boxes as a line has them after its name; `-` for none."""
    return ", ".join(map(format_box, boxes)) or "-"


def format_box(box: Box) -> str:
    """The corners, and the score or else the class, where there is one."""
    numbers = [shortest(side) for side in box.corners]
    if box.score is not None:
        numbers.append(repr(box.score))
    elif box.class_id is not None:
        numbers.append(str(box.class_id))
    return " ".join(numbers)


def _check_box(text: str) -> None:
    tokens = text.split()
    for token in tokens:
        if not _IS_NUMBER.fullmatch(token):
            raise BoxInvalid(f"{token!r} is not a number")
    if len(tokens) not in (4, 5):
        raise BoxInvalid(f"box {text!r} has {len(tokens)} numbers instead of four or five")
    if any(abs(float(token)) > FARTHEST for token in tokens[:4]):
        raise BoxInvalid(f"box {text!r}: a coordinate is beyond {FARTHEST:,.0f} px")
    if len(tokens) == 5 and _WHOLE.fullmatch(tokens[4]):
        if int(tokens[4]) > LARGEST_CLASS:
            raise BoxInvalid(f"box {text!r}: the class is above {LARGEST_CLASS:,}")
    elif len(tokens) == 5 and not 0 <= float(tokens[4]) <= 1:
        raise BoxInvalid(f"box {text!r}: the score is not within 0 and 1")


def _written(text: str, *, scored: bool) -> WrittenBox:
    x1, y1, x2, y2, *rest = text.split()
    (xmin, xmax), (ymin, ymax) = (sorted(map(float, pair)) for pair in ((x1, x2), (y1, y2)))
    is_class = bool(rest) and bool(_WHOLE.fullmatch(rest[0])) and not (scored and int(rest[0]) in (0, 1))
    class_id = int(rest[0]) if is_class else None
    score = float(rest[0]) if rest and class_id is None else None
    box = Box(xmin, ymin, xmax, ymax, class_id if class_id is not None and class_id >= 0 else None, score)
    return WrittenBox(box, text, is_swapped=float(x1) > float(x2) or float(y1) > float(y2))
