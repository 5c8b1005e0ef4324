"""The label files of a YOLO data set: the file of an image, and files of no image."""

import math
import os
from functools import cached_property
from pathlib import Path
from typing import Final

from lap_assets.core.errors import LabelFileError
from lap_assets.core.labels.faults import text_of
from lap_assets.labels.any_case import with_ending
from lap_assets.labels.formats.yolo_tree import Listed

_LABELS: Final = frozenset(("labels", "obj_train_data", "obj_valid_data", "obj_test_data"))


class LabelFiles:
    """The label files below a folder, by path in any case; the folder is searched at the first use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def _by_path(self) -> dict[str, Path]:
        return {_any_case(path): path for path in with_ending(self.folder, ".txt")}

    def of(self, one: Listed) -> Path | None:
        """Return the label file of an image; None if it has none."""
        candidates = one.label_files()
        exact = next((path for path in candidates if path.is_file()), None)
        lowered = map(_any_case, candidates)
        return exact or next((self._by_path[path] for path in lowered if path in self._by_path), None)

    def unused(self, used: set[Path], *, has_boxes: bool) -> list[Path]:
        """Return files in label folders that no image used; if no box was found, also all other files with box rows."""
        folders = {file.parent for file in used}
        others = (path for path in self._by_path.values() if path not in used)
        return [
            path for path in others
            if path.parent in folders or _LABELS.intersection(part.lower() for part in path.parts[:-1])
            or (not has_boxes and _has_row(path))
        ]  # fmt: skip


def _any_case(path: Path) -> str:
    """Return the path with folders and ending in lower case; the stem keeps the picture's case."""
    folder = os.path.normpath(path.parent).lower()
    return f"{folder}/{path.stem}{path.suffix.lower()}"


def _has_row(path: Path) -> bool:
    try:
        words = text_of(path).split("\n", 1)[0].split()
        return len(words) >= 5 and all(math.isfinite(float(word)) for word in words)
    except (LabelFileError, ValueError):
        return False
