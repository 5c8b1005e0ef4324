"""Copies label files beside the originals, named by the minute: `labels_faces_20261127_1830.txt`."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

from lap_assets.core.files import write_bytes
from lap_assets.core.reading import read_file

_MINUTE: Final = "%Y%m%d_%H%M"


def backup(paths: Iterable[Path], moment: datetime) -> list[Path]:
    """Copy the files that exist to `<basename>_YYYYMMDD_HHMM.txt` beside them. Returns the copies."""
    copies: list[Path] = []
    for path in paths:
        if path.exists():
            copies.append(free_name(path, moment))
            write_bytes(copies[-1], read_file(path))
    return copies


def free_name(path: Path, moment: datetime) -> Path:
    """Return a free name for a copy made in that minute, with a number if needed."""
    stem, number = f"{path.stem}_{moment.strftime(_MINUTE)}", 1
    copy = path.with_name(stem + path.suffix)
    while copy.exists():
        number += 1
        copy = path.with_name(f"{stem}_{number}{path.suffix}")
    return copy
