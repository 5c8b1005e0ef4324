"""`lap label`: the Labeler on a home's cleaned images, with its label files under `review/`."""

from pathlib import Path

from lap_assets.core.home import Home
from lap_assets.core.labels.files import CLASSES, DELCANDS, baseline_file, label_file
from lap_assets.labels.suggestions import BASELINE_ASSETS, write_suggestions


def refresh_suggestions(home: Home) -> None:
    """Writes what the detectors found into `review/`, where their tables have changed since."""
    for asset, kind in BASELINE_ASSETS.items():
        tables = sorted((home.tables / asset).glob("*.parquet"))
        path = home.labels / baseline_file(kind)
        newest = max((table.stat().st_mtime for table in tables), default=None)
        if newest is not None and (not path.exists() or path.stat().st_mtime < newest):
            write_suggestions(path, tables)


def files_in(home: Home) -> tuple[Path, Path, Path]:
    """A home's label file, list of images marked for deletion, and classes."""
    return home.labels / label_file("faces"), home.labels / DELCANDS, home.labels / CLASSES
