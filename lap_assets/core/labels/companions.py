"""The position of a face relative to its head, so that a head suggests a face and a face a head.

Belongs here: pairs of boxes and the arithmetic between them. The Labeler shows the suggestions.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Self

from lap_assets.core.box import Box

_LEAST: Final = 5  # pairs


@dataclass(frozen=True, slots=True)
class FacePlacement:
    """The edges of a face in units of its head's width and height, from the head's left and top edges."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def learned(cls, pairs: Sequence[tuple[Box, Box]]) -> Self:
        """Return the median placement of pairs of face and head; with fewer than five, that of the replica's heads."""
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
        """Return the probable face of a head."""
        wide, high = head.width, head.height
        return Box(
            head.xmin + self.left * wide, head.ymin + self.top * high,
            head.xmin + self.right * wide, head.ymin + self.bottom * high,
        )  # fmt: skip

    def head_of(self, face: Box) -> Box:
        """Return the probable head of a face."""
        wide, high = face.width / (self.right - self.left), face.height / (self.bottom - self.top)
        left, top = face.xmin - self.left * wide, face.ymin - self.top * high
        return Box(left, top, left + wide, top + high)


def face_head_pairs(faces: Iterable[Box], heads: Iterable[Box]) -> list[tuple[Box, Box]]:
    """Return pairs of each face and the smallest head that contains its center; a head has at most one face.

    A head with less than half the face's area does not count.
    """
    free, pairs = sorted(heads, key=lambda head: head.area), []
    for face in faces:
        center = (face.xmin + face.xmax) / 2, (face.ymin + face.ymax) / 2
        head = next((head for head in free if head.contains(*center) and head.area >= 0.5 * face.area), None)
        if head is not None:
            free.remove(head)
            pairs.append((face, head))
    return pairs
