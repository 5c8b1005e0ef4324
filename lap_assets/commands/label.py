"""`lap label`: the Labeler on a home's cleaned images, with its label files under `review/`."""

from pathlib import Path

from lap_assets.core.files import write_text
from lap_assets.core.home import Home
from lap_assets.core.labels.face_classes import write_starting_classes
from lap_assets.core.labels.files import (
    CLASSES,
    DELCANDS,
    LABEL_FILES,
    baseline_file,
    label_file,
    suggested_file,
    suggesting_model_path,
)
from lap_assets.labels.suggestions import BASELINE_ASSETS, SUGGESTED_ASSETS, models_in, write_suggestions
from lap_assets.training.looks import SUGGESTED


def refresh_suggestions(home: Home) -> None:
    """Write the detectors' boxes into `review/` if their tables have changed since the last time."""
    files = [(asset, baseline_file(kind), 0.0) for asset, kind in BASELINE_ASSETS.items()]
    files += [(asset, suggested_file(kind), SUGGESTED) for asset, kind in SUGGESTED_ASSETS.items()]
    for asset, name, least_score in files:
        path = home.labels / name
        tables = sorted((home.tables / asset).glob("*.parquet"))
        newest = max((table.stat().st_mtime for table in tables), default=None)
        if newest is not None and (not path.exists() or path.stat().st_mtime < newest):
            write_suggestions(path, tables, least_score)
            write_text(suggesting_model_path(path), f"{', '.join(models_in(tables)) or 'none'}\n")


def begin_classes(home: Home) -> None:
    """Write `classes.txt` in a home that has no label files yet.

    Raises:
        FileError, OSError: the file cannot be read or written.
    """
    if not any((home.labels / name).exists() for name in LABEL_FILES.values()):
        write_starting_classes(home.labels / CLASSES)


def files_in(home: Home) -> tuple[Path, Path, Path]:
    """Return the paths of a home's label file, list of images marked for deletion, and classes."""
    return home.labels / label_file("faces"), home.labels / DELCANDS, home.labels / CLASSES
