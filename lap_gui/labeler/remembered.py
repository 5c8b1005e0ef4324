"""Where a person stopped labeling and the window's layout, kept in a small hidden file beside the label file."""

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
    """The image shown last, the color of boxes, the columns of thumbnails (0: a row below)."""

    image: str = ""
    color: int = 0
    columns: int = 0


class Remembered:
    """One person's window state for a label file."""

    def __init__(self, labels: Path, reviewer: str) -> None:
        self._path, self._reviewer = labels.with_name(f".{labels.name}.window.json"), reviewer

    def read(self) -> WindowState:
        """Return the last state; a new one if there is none, or the file cannot be read."""
        match self._all().get(self._reviewer):
            case {"image": str(image), "color": int(color), "columns": int(columns)}:
                return WindowState(image, color, columns)
        return WindowState()

    def write(self, state: WindowState) -> None:
        """Save a state for the next time; nobody's work depends on it, so a full disk is not an error."""
        everyone = {**self._all(), self._reviewer: asdict(state)}
        with contextlib.suppress(OSError):
            write_text(self._path, json.dumps(everyone, indent=1, ensure_ascii=False) + "\n")

    def _all(self) -> dict[str, object]:
        try:
            read = parse_json(read_text(self._path, MAX_SMALL_BYTES))
        except (OSError, FileError, InputError):
            return {}
        return read if isinstance(read, dict) else {}
