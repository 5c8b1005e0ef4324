"""Files of labels as a few lines of text, for tests of what odd ones are read as."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from lap_assets.labels.annotations import Annotations
from lap_assets.labels.formats import read_labels

Files = Mapping[str, Any]
"""What lies in a folder, by path: text or bytes; a size for a picture; anything else is JSON."""
Found = dict[str, list[tuple[float, ...]]]
"""Corners of boxes by image."""


def placed(folder: Path, files: Files) -> Path:
    """Writes the files below a folder, and returns it."""
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
    """The labels of `source` below the folder, after the files were written."""
    return read_labels(placed(folder, files) / source, **options)


def boxes_in(labels: Annotations) -> Found:
    """Corners by image."""
    return {image.name: [box.corners for box in image.boxes] for image in labels.images}


def notes_in(labels: Annotations) -> set[str]:
    """What was left out or changed, without counts and places."""
    return {note.split(":")[0] for note in labels.notes}


def check_read(case: tuple[Files, str, Found, set[str]], folder: Path) -> None:
    """That files are read as the boxes of a case, and that what is left out is counted in its notes."""
    files, source, boxes, notes = case
    labels = read(folder, files, source)
    assert boxes_in(labels) == boxes
    assert notes_in(labels) == notes
