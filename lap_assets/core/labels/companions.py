"""Where a face lies in its head: so a head suggests its face, and a face its head. Standard library alone.

Belongs here: pairs of boxes and the arithmetic between them. What of it is shown to people is the Labeler's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Self

from lap_assets.core.box import Box

_LEAST: Final = 5


@dataclass(frozen=True, slots=True)
class FacePlacement:
    """The edges of a face by its head's width and height, from the head's left and upper edge."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def learned(cls, pairs: Sequence[tuple[Box, Box]]) -> Self:
        """The usual one among pairs of face and head; a drawn head's where there are fewer than five."""
        usable = [(face, head) for face, head in pairs if min(face.width, face.height, head.width, head.height) > 0]
        if len(usable) < _LEAST:
            return cls(0.085, 0.353, 0.915, 1.0)
        rows = [
            (
                (face.xmin - head.xmin) / head.width, (face.ymin - head.ymin) / head.height,
                (face.xmax - head.xmin) / head.width, (face.ymax - head.ymin) / head.height,
            )
            for face, head in usable
        ]  # fmt: skip
        return cls(*(median(column) for column in zip(*rows, strict=True)))

    def face_of(self, head: Box) -> Box:
        """The face that a head probably has."""
        wide, high = head.width, head.height
        return Box(
            head.xmin + self.left * wide, head.ymin + self.top * high,
            head.xmin + self.right * wide, head.ymin + self.bottom * high,
        )  # fmt: skip

    def head_of(self, face: Box) -> Box:
        """The head that a face probably has."""
        wide, high = face.width / (self.right - self.left), face.height / (self.bottom - self.top)
        left, top = face.xmin - self.left * wide, face.ymin - self.top * high
        return Box(left, top, left + wide, top + high)


def face_head_pairs(faces: Iterable[Box], heads: Iterable[Box]) -> list[tuple[Box, Box]]:
    """Each face with the smallest head that holds its middle; a head has one face at most."""
    left, pairs = sorted(heads, key=lambda head: head.area), []
    for face in faces:
        middle = (face.xmin + face.xmax) / 2, (face.ymin + face.ymax) / 2
        head = next((head for head in left if head.contains(*middle) and head.area >= 0.5 * face.area), None)
        if head is not None:
            left.remove(head)
            pairs.append((face, head))
    return pairs
