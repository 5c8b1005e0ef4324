"""Label files as a few lines of text, for tests of reading unusual files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from lap_assets.labels.annotations import Annotations
from lap_assets.labels.formats import read_labels

Files = Mapping[str, Any]
"""A folder's files by path: text or bytes; a size for a picture; anything else becomes JSON."""
Found = dict[str, list[tuple[float, ...]]]
"""Corners of boxes by image."""


def placed(folder: Path, files: Files) -> Path:
    """Write the files into a folder, and return it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, tuple):
            Image.new("RGB", content).save(path)
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return folder


def read(folder: Path, files: Files, source: str = "", **options: Any) -> Annotations:
    """Write the files, and read the labels of `source` in the folder."""
    return read_labels(placed(folder, files) / source, **options)


def boxes_in(labels: Annotations) -> Found:
    """Return the corners by image."""
    return {image.name: [box.corners for box in image.boxes] for image in labels.images}


def notes_in(labels: Annotations) -> set[str]:
    """Return what was left out or changed, without counts and locations."""
    return {note.split(":")[0] for note in labels.notes}


def check_read(case: tuple[Files, str, Found, set[str]], folder: Path) -> None:
    """Check that files are read as the boxes of a case, and that its notes count what is left out."""
    files, source, boxes, notes = case
    labels = read(folder, files, source)
    assert boxes_in(labels) == boxes
    assert notes_in(labels) == notes
