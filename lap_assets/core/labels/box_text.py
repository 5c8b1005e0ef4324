"""Boxes as label files write them: `X1 Y1 X2 Y2[ CLS]`, several with commas between, `-` for none.

Standard library alone. Lines and files of them are in `lap_format`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Self

from lap_assets.core.errors import LabelFileError

_NUMBER: Final = r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?"
_BOX: Final = rf"{_NUMBER}(?:[ \t]+{_NUMBER}){{3,4}}"
_IS_NUMBER: Final = re.compile(_NUMBER)
_IS_BOXES: Final = re.compile(rf"[ \t]*(?:-|{_BOX}(?:[ \t]*,[ \t]*{_BOX})*)[ \t]*")
_PLAIN_BOX: Final = r"[0-9]{1,9}+ [0-9]{1,9}+ [0-9]{1,9}+ [0-9]{1,9}+(?: [0-9]{1,9}+)?"
_IS_PLAIN: Final = re.compile(rf" (?:-|{_PLAIN_BOX}(?:, {_PLAIN_BOX})*)")  # nearly every line: told three times as fast
_WHOLE: Final = re.compile(r"[+-]?[0-9]+")


@dataclass(frozen=True, order=True, slots=True)
class Box:
    """A box, its corners in px of the image: top left `x1, y1`, bottom right `x2, y2`.

    `fifth`: the number after the corners, or None. A whole number is a class index (-1: none), any other a detection
    score. `text`: how the box stood in the file, so that one that nobody touched keeps its digits.
    """

    x1: float
    y1: float
    x2: float
    y2: float
    fifth: float | None = field(default=None, compare=False)
    text: str | None = field(default=None, compare=False, repr=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Box):
            return NotImplemented
        return (self.corners, self.fifth, type(self.fifth)) == (other.corners, other.fifth, type(other.fifth))

    def __hash__(self) -> int:
        return hash((self.corners, self.fifth))

    @property
    def corners(self) -> tuple[float, float, float, float]:
        """x1, y1, x2, y2."""
        return self.x1, self.y1, self.x2, self.y2

    @property
    def cls(self) -> int | None:
        """The class index, None where there is none."""
        return self.fifth if isinstance(self.fifth, int) and self.fifth >= 0 else None

    @property
    def score(self) -> float | None:
        """The detection score, None where there is none."""
        return self.fifth if isinstance(self.fifth, float) else None

    @property
    def is_upright(self) -> bool:
        """Whether the first corner is the top left one."""
        return self.x1 <= self.x2 and self.y1 <= self.y2

    def at(self, x1: float, y1: float, x2: float, y2: float) -> Self:
        """The same box elsewhere."""
        return type(self)(x1, y1, x2, y2, self.fifth)

    def of_class(self, cls: int | None) -> Self:
        """The same corners with another class (None: none); a score gives way to it."""
        return type(self)(*self.corners, cls)

    def __str__(self) -> str:
        if self.text is not None:
            return self.text
        numbers = self.corners if self.fifth is None else (*self.corners, self.fifth)
        return " ".join(map(repr, numbers))


def check_boxes(text: str) -> None:
    """Raises LabelFileError, in words, where the text is neither `-` nor boxes."""
    if _IS_PLAIN.fullmatch(text) or _IS_BOXES.fullmatch(text):
        return
    for part in text.split(","):
        tokens = part.split()
        for token in tokens:
            if not _IS_NUMBER.fullmatch(token):
                raise LabelFileError(f"{token!r} is not a number")
        if len(tokens) not in (4, 5):
            raise LabelFileError(f"box {part.strip()!r} has {len(tokens)} numbers, and must have four or five")
    raise LabelFileError(f"{text.strip()!r} is neither `-` nor boxes")


def read_boxes(text: str) -> list[Box]:
    """Boxes of a text that was checked."""
    if text.strip() == "-":
        return []
    return [_box(part.strip()) for part in text.split(",")]


def _box(text: str) -> Box:
    x1, y1, x2, y2, *fifth = [int(token) if _WHOLE.fullmatch(token) else float(token) for token in text.split()]
    return Box(x1, y1, x2, y2, fifth[0] if fifth else None, text)


def format_boxes(boxes: Iterable[Box]) -> str:
    """Boxes as a line has them after its name; `-` for none."""
    return ", ".join(map(str, boxes)) or "-"


def parse_boxes(text: str) -> tuple[Box, ...]:
    """The boxes of such a text, sorted.

    Raises:
        LabelFileError: it is neither `-` nor boxes.
    """
    check_boxes(text)
    return tuple(sorted(read_boxes(text)))
