"""`lap label`: the Labeler on a home's cleaned images, with its label files under `review/`."""

from pathlib import Path
from typing import Final

import polars as pl

from lap_assets.core.home import Home
from lap_assets.labels.suggestions import write_suggestions

_BASELINES: Final = (
    ("baseline_face_boxes", "labels_faces_baseline.txt"),
    ("baseline_head_boxes", "labels_heads_baseline.txt"),
)


def refresh_suggestions(home: Home) -> None:
    """Puts what the detectors found into `review/`, where tables have changed since."""
    for asset, name in _BASELINES:
        tables = sorted((home.tables / asset).glob("*.parquet"))
        path = home.labels / name
        newest = max((table.stat().st_mtime for table in tables), default=None)
        if newest is not None and (not path.exists() or path.stat().st_mtime < newest):
            write_suggestions(path, (pl.read_parquet(table) for table in tables))


def files_in(home: Home) -> tuple[Path, Path, Path]:
    """A home's label file, list of images marked for deletion, and classes."""
    return home.labels / "labels_faces.txt", home.labels / "delcands.txt", home.labels / "classes.txt"
