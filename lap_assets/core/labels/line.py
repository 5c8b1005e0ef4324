"""One line of a label file: an image's boxes, with the digits in which they are written."""

from collections.abc import Iterable
from dataclasses import dataclass

from lap_assets.core.box import Box
from lap_assets.core.labels.box_text import WrittenBox, format_box, read_boxes


@dataclass(slots=True)
class LabelLine:
    """A line of the file (`raw`, without its line end), or a new one (`raw` is None).

    `shown`: the image's name as written in the file; `text`: the boxes, None if unreadable. They are parsed on demand,
    so that opening a list of thousands is fast. `fifths`: their fifth numbers; `scored`: a plain 0 or 1 among them is a
    score.
    """

    number: int
    raw: bytes | None
    end: bytes
    shown: str = ""
    text: str | None = None
    fifths: tuple[str, ...] = ()
    scored: bool = False

    @property
    def written(self) -> list[WrittenBox]:
        """The boxes of the line with their digits, sorted; empty if the line is `-` or new."""
        found = read_boxes(self.text, scored=self.scored) if self.text is not None else []
        return sorted(found, key=lambda written: written.box.corners)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The boxes of the line, sorted."""
        return tuple(written.box for written in self.written)


def as_written(line: LabelLine, boxes: Iterable[Box]) -> list[WrittenBox]:
    """Return boxes with their digits from the line; boxes that are not in the line get new digits."""
    known: dict[Box, list[WrittenBox]] = {}
    for written in line.written:
        known.setdefault(written.box, []).append(written)
    return [
        known[box].pop(0) if known.get(box) else WrittenBox(box, format_box(box), is_swapped=False) for box in boxes
    ]
