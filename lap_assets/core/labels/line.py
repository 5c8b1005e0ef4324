"""One line of a label file: what it says of its image, and the digits that it says it in. Standard library alone."""

from collections.abc import Iterable
from dataclasses import dataclass

from lap_assets.core.box import Box
from lap_assets.core.labels.box_text import WrittenBox, format_box, read_boxes


@dataclass(slots=True)
class LabelLine:
    """A line as it stood in the file (`raw`, without its end), or a new one (None).

    `shown`: the image's name as the file writes it; `text`: the boxes, None where they cannot be read. They are parsed
    only when they are asked for: opening a list of thousands stays fast. `fifths`: their fifth numbers; `scored`: a
    plain 0 or 1 among them is a score.
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
        """The boxes of the line, sorted; nothing where it is `-` or new."""
        found = read_boxes(self.text, scored=self.scored) if self.text is not None else []
        return sorted(found, key=lambda written: written.box.corners)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """The same as boxes."""
        return tuple(written.box for written in self.written)


def as_written(line: LabelLine, boxes: Iterable[Box]) -> list[WrittenBox]:
    """Boxes with the digits that the line has for them; others get new ones."""
    there: dict[Box, list[WrittenBox]] = {}
    for written in line.written:
        there.setdefault(written.box, []).append(written)
    return [
        there[box].pop(0) if there.get(box) else WrittenBox(box, format_box(box), is_swapped=False) for box in boxes
    ]
