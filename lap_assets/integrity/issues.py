"""Checking every file of a home: missing, changed and unexpected ones. Nothing is modified; repairs are in `repair`."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from pathlib import Path
from typing import Literal

import polars as pl

from lap_assets.core.databases import whole_problem
from lap_assets.core.errors import FileError
from lap_assets.core.files import is_leftover, sha256_of
from lap_assets.core.home import Home
from lap_assets.core.subfolders import subfolder_of
from lap_assets.core.verdicts.files import read_lines
from lap_assets.release.verify import problems_of
from lap_assets.release.writer import released
from lap_assets.sites.ratings import Rating, ids_rated
from lap_assets.sites.specs import site_specs
from lap_assets.sites.state import SiteState
from lap_assets.table_files import is_readable

What = Literal["missing", "changed", "unexpected"]
Kind = Literal["poster", "image", "table", "release", "verdict", "state"]


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """A file that is not as it was written. `detail`: more about it, or ""."""

    kind: Kind
    what: What
    path: Path
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.what}" + (f" ({self.detail})" if self.detail else "")


def find_issues(home: Home) -> list[Issue]:
    """Return all issues of a home, by kind and sorted by path within each kind."""
    found = [*_databases(home)]
    if any(one.path.parent == home.state for one in found):
        return found  # without the sites' databases, posters cannot be checked
    return [
        *found,
        *_pictures("poster", home.posters, _known_posters(home)),
        *_tables(home),
        *_pictures("image", home.images, _known_images(home)),
        *_releases(home),
        *_verdicts(home),
    ]


def _databases(home: Home) -> Iterator[Issue]:
    """Check Dagster's databases, including each run's own, and the sites' databases."""
    states = [home.state / f"{spec.site}.sqlite" for spec in site_specs()]
    used = home.tables.exists()
    for path in (*sorted(home.dagster.rglob("*.db")), *states):
        if problem := whole_problem(path, is_used=used):
            yield Issue("state", "changed", path, problem)
    for spec, path in zip(site_specs(), states, strict=True):
        if not path.exists() and any((home.tables / spec.entry.posters_asset).glob("*.parquet")):
            yield Issue("state", "missing", path, "its posters would be fetched again")


def _known_posters(home: Home) -> dict[Path, str]:
    """Return the posters that the home should hold, without those of anime rated Rx, which were set aside."""
    known: dict[Path, str] = {}
    rx: set[int] = set()
    for site in (spec.site for spec in site_specs()):
        if (home.state / f"{site}.sqlite").exists():
            with SiteState(home.state, site) as state:
                rx |= ids_rated(state, Rating.RX)
                held = state.rows("SELECT name, mal_id, sha256 FROM pictures WHERE sha256 IS NOT NULL")
                known |= {
                    home.poster_path(subfolder_of(mal_id), name): str(sha256)
                    for name, mal_id, sha256 in held
                    if mal_id not in rx  # MAL's state comes first
                }
    return known


def _known_images(home: Home) -> dict[Path, str]:
    known = {}
    for path in sorted((home.tables / "resized_images").glob("*.parquet")):
        if is_readable(path):
            for name, sha256 in pl.read_parquet(path, columns=["name", "sha256"]).iter_rows():
                known[home.image_path(path.stem, name)] = str(sha256)
    return known


def _pictures(kind: Kind, folder: Path, known: dict[Path, str]) -> list[Issue]:
    present = {path for path in folder.rglob("*") if not path.is_dir()}
    expected = sorted(present & known.keys())
    with ThreadPoolExecutor(cpu_count()) as pool:
        sums = dict(zip(expected, pool.map(_sum, expected), strict=True))
    found = [Issue(kind, "missing", path) for path in known.keys() - present]
    found += [Issue(kind, "changed", path, why) for path, (sha256, why) in sums.items() if sha256 != known[path]]
    found += [Issue(kind, "unexpected", path, _leftover(path)) for path in present - known.keys()]
    return sorted(found)


def _sum(path: Path) -> tuple[str, str]:
    """Return a file's sha256 and ""; if it is unreadable, "" and the reason."""
    try:
        return sha256_of(path), ""
    except FileError as error:
        return "", str(error).removeprefix(f"{path}: ")
    except OSError as error:
        return "", error.strerror or str(error)


def _leftover(path: Path) -> str:
    return "left by a stopped writer" if is_leftover(path) else ""


def _tables(home: Home) -> Iterator[Issue]:
    for path in sorted(home.tables.rglob("*")):
        if path.suffix == ".parquet" and not is_leftover(path):
            if not is_readable(path):
                yield Issue("table", "changed", path, "unreadable")
        elif path.is_file():
            yield Issue("table", "unexpected", path, _leftover(path))


def _releases(home: Home) -> Iterator[Issue]:
    for release in released(home.release):
        for problem in problems_of(release):
            name, _, detail = problem.rpartition(": ")
            what: What = "missing" if detail == "missing" else "changed" if detail == "changed" else "unexpected"
            yield Issue("release", what, release / name, "" if what == detail else detail)


def _verdicts(home: Home) -> Iterator[Issue]:
    for path in sorted(home.verdicts.glob("*.jsonl")):
        for problem in read_lines(path)[1]:
            yield Issue("verdict", "changed", path, f"line {problem.number}: {problem.what}")
