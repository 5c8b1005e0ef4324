"""Where a person stopped labeling and how the window looked, kept in a small hidden file beside the label file."""

import contextlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from lap_assets.core.errors import FileError, InputError
from lap_assets.core.files import write_text
from lap_assets.core.json_text import parse_json
from lap_assets.core.reading import MAX_SMALL_BYTES, read_text


@dataclass(frozen=True, slots=True)
class WindowState:
    """The image that was looked at last, the colour of boxes, the columns of thumbnails (0: a row below)."""

    image: str = ""
    colour: int = 0
    columns: int = 0


class Remembered:
    """One person's state of the window on a label file."""

    def __init__(self, labels: Path, reviewer: str) -> None:
        self._path, self._reviewer = labels.with_name(f".{labels.name}.window.json"), reviewer

    def read(self) -> WindowState:
        """The last state; a new one where there is none, or the file cannot be read."""
        match self._all().get(self._reviewer):
            case {"image": str(image), "colour": int(colour), "columns": int(columns)}:
                return WindowState(image, colour, columns)
        return WindowState()

    def write(self, state: WindowState) -> None:
        """Keeps a state for the next time; nobody's work hangs on it, so a disk that is full is no error."""
        everyone = {**self._all(), self._reviewer: asdict(state)}
        with contextlib.suppress(OSError):
            write_text(self._path, json.dumps(everyone, indent=1, ensure_ascii=False) + "\n")

    def _all(self) -> dict[str, object]:
        try:
            read = parse_json(read_text(self._path, MAX_SMALL_BYTES))
        except (OSError, FileError, InputError):
            return {}
        return read if isinstance(read, dict) else {}
