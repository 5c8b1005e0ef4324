"""The label files of a YOLO data set: which belongs to an image, and which belong to none."""

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
    """The label files below a folder, by their paths in letters of any case; looked for when the first is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def _by_path(self) -> dict[str, Path]:
        return {_any_case(path): path for path in with_ending(self.folder, ".txt")}

    def of(self, one: Listed) -> Path | None:
        """The label file of an image; None where it has none."""
        places = one.label_files()
        exact = next((place for place in places if place.is_file()), None)
        return exact or next((self._by_path[path] for path in map(_any_case, places) if path in self._by_path), None)

    def unused(self, used: set[Path], *, has_boxes: bool) -> list[Path]:
        """Those that no image used: in folders of labels; where no box was found, every file with a row of one."""
        folders = {file.parent for file in used}
        others = (path for path in self._by_path.values() if path not in used)
        return [
            path for path in others
            if path.parent in folders or _LABELS.intersection(part.lower() for part in path.parts[:-1])
            or (not has_boxes and _has_row(path))
        ]  # fmt: skip


def _any_case(path: Path) -> str:
    """A path whose folders and ending may be in letters of any case; the stem is the picture's."""
    folder = os.path.normpath(path.parent).lower()
    return f"{folder}/{path.stem}{path.suffix.lower()}"


def _has_row(path: Path) -> bool:
    try:
        words = text_of(path).split("\n", 1)[0].split()
        return len(words) >= 5 and all(math.isfinite(float(word)) for word in words)
    except (LabelFileError, ValueError):
        return False
