"""The layout of the home folder: the paths of all files that LAP keeps. Their content is defined elsewhere."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lap_assets.core.names import PosterName

DEFAULT: Final = "lap_home"  # below the working directory


@dataclass(frozen=True, slots=True)
class Home:
    """The paths below `LAP_HOME` (which may be a shared mount)."""

    root: Path

    @property
    def posters(self) -> Path:
        """Raw posters, byte for byte as served, never changed."""
        return self.root / "posters"

    @property
    def images(self) -> Path:
        """Cleaned images."""
        return self.root / "images"

    @property
    def tables(self) -> Path:
        """The assets' tables: `<asset>/<partition>.parquet`."""
        return self.root / "tables"

    @property
    def candidates(self) -> Path:
        """Exported lists of pairs that a person still has to decide."""
        return self.root / "review" / "candidates"

    @property
    def verdicts(self) -> Path:
        """People's verdicts: append-only JSON lines."""
        return self.root / "review" / "verdicts"

    @property
    def labels(self) -> Path:
        """The folder of people's label files: `labels_faces.txt`, `labels_heads.txt`, and the lists beside them."""
        return self.root / "review"

    @property
    def release(self) -> Path:
        """Released datasets, one folder per version."""
        return self.root / "release"

    @property
    def state(self) -> Path:
        """The scrapes' databases, logs, and locks."""
        return self.root / "state"

    @property
    def run_lock(self) -> Path:
        """The lock held while tables are made, moved or repaired."""
        return self.state / "run.lock"

    @property
    def weights(self) -> Path:
        """Weight files of models."""
        return self.root / "weights"

    @property
    def demo_mark(self) -> Path:
        """The file that marks a demo's home and holds the demo's traits."""
        return self.root / "demo.json"

    @property
    def replica_mark(self) -> Path:
        """The file that marks a home with posters drawn by a replica of the sites."""
        return self.root / "replica.txt"

    @property
    def absence(self) -> str | None:
        """Why this folder is not a home, in words; None if it is one."""
        if not self.root.exists():
            link = f" (a link to {self.root.readlink()})" if self.root.is_symlink() else ""
            return f"there is no such folder{link}"
        if not self.root.is_dir():
            return "not a folder"
        parts = (self.demo_mark, self.tables, self.posters, self.state, self.labels, self.release, self.dagster)
        return None if any(part.exists() for part in parts) else "a folder, but not a home: it holds nothing of LAP's"

    @property
    def dagster(self) -> Path:
        """DAGSTER_HOME."""
        return self.root / "dagster"

    @property
    def runs(self) -> Path:
        """Dagster's database of runs."""
        return self.dagster / "history" / "runs.db"

    @property
    def event_log(self) -> Path:
        """Dagster's database of the events of all runs."""
        return self.dagster / "history" / "runs" / "index.db"

    @property
    def databases(self) -> list[Path]:
        """The SQLite files that commands open: Dagster's (except each run's own) and the sites' states."""
        own = (self.runs, self.event_log, self.dagster / "schedules" / "schedules.db")
        return [*own, *sorted(self.state.glob("*.sqlite"))]

    def poster(self, name: PosterName | str) -> Path:
        """Return the path of a raw poster, by its name.

        Raises:
            NameInvalid: the text is not a poster's name.
        """
        return self.posters / _subfolder(name) / str(name)

    def poster_path(self, subfolder: str, name: str) -> Path:
        """Return the path of a raw poster whose subfolder is known from a table; `name` is not parsed again."""
        return self.posters / subfolder / name

    def image_path(self, subfolder: str, name: str) -> Path:
        """Return the path of a cleaned image whose subfolder is known from a table; `name` is not parsed again."""
        return self.images / subfolder / name

    def image(self, name: PosterName | str) -> Path:
        """Return the path of a cleaned image, by its poster's name. Raises: as `poster`."""
        return self.images / _subfolder(name) / str(name)


def home_from_environment() -> Home:
    """Return the home named by `LAP_HOME`, or the default one, with an absolute path."""
    return Home(Path(os.environ.get("LAP_HOME") or DEFAULT).absolute())


def _subfolder(name: PosterName | str) -> str:
    return (PosterName.parse(name) if isinstance(name, str) else name).subfolder
