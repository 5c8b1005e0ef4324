"""The journal of a label file: every action is one line, on the disk before the next action.

It survives a kill, and is removed when the label file is written.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from lap_assets.core.errors import InputError
from lap_assets.core.json_text import parse_json
from lap_assets.core.labels.box_text import format_boxes, parse_boxes
from lap_assets.core.labels.faults import content_of
from lap_assets.core.labels.lists import LARGEST_SIDE
from lap_assets.core.verdicts.files import append_lines
from lap_gui.labeler.image_labels import ImageLabels


class Journal:
    """The actions since the label file was last written."""

    def __init__(self, labels: Path) -> None:
        self.path = labels.with_name(f".{labels.name}.journal")

    def append(self, name: str, labels: ImageLabels) -> None:
        """Write an action; it is on the disk when this returns.

        Raises:
            OSError: it could not be written.
        """
        entry = {"name": name, "boxes": format_boxes(labels.boxes), "reviewed": labels.reviewed, "size": labels.size}
        append_lines(self.path, [json.dumps(entry, ensure_ascii=False)])

    def actions(self) -> Iterator[tuple[str, ImageLabels] | str]:
        """Yield the actions, and a message for each invalid line. A cut-off last line is ignored.

        Raises:
            LabelFileError: it cannot be read at all.
        """
        whole = content_of(self.path).decode(errors="replace").split("\n")[:-1]
        for number, text in enumerate(whole, start=1):
            try:
                yield _action(text)
            except InputError as error:
                yield f"{self.path}:{number}: left out: {' '.join(str(error).split())}"

    def clear(self) -> None:
        """Remove the journal, after the label file was written."""
        self.path.unlink(missing_ok=True)


def _action(text: str) -> tuple[str, ImageLabels]:
    """Return the image and labels of a line.

    Raises:
        InputError: the line is not what `append` writes.
    """
    match parse_json(text):
        case {"name": str(name), "boxes": str(boxes), "reviewed": bool(reviewed), "size": None}:
            return name, ImageLabels(parse_boxes(boxes), reviewed)
        case {
            "name": str(name),
            "boxes": str(boxes),
            "reviewed": bool(reviewed),
            "size": [int(width), int(height)],
        } if 0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE:
            return name, ImageLabels(parse_boxes(boxes), reviewed, (width, height))
    raise InputError("not an action")
