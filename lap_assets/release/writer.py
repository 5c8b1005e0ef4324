"""Writing a release: staged beside its place, images linked, lists and checksums written, renamed at the end.

A release never changes. One whose content equals the newest is not written again.
"""

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from lap_assets.files import link_or_copy, write_text
from lap_assets.home import Home
from lap_assets.posters.names import PosterName
from lap_assets.progress import Progress

FORMAT: Final = "1"
MANIFEST, REMOVED, SUMS, ABOUT = "manifest.csv", "removed.csv", "SHA256SUMS", "release.json"
_VERSION: Final = re.compile(r"v([0-9]{4,})")
_STAGED: Final = re.compile(r"\.v[0-9]{4,}\.[0-9]+\.part")


@dataclass(frozen=True, slots=True)
class Release:
    """A release that lies in its place."""

    path: Path
    version: str
    digest: str
    images: int
    is_new: bool


def write_release(manifest: pl.DataFrame, removed: pl.DataFrame, home: Home, progress: Progress) -> Release:
    """Puts the release in place; gives back the newest one where it holds the same already.

    `manifest`: `name`, `subfolder`, `sha256` and whatever is told of each image; `removed`: a row a removed poster.
    """
    lists = {MANIFEST: manifest.sort("subfolder", "name").write_csv(), REMOVED: removed.sort("name").write_csv()}
    digest = hashlib.sha256("\0".join([FORMAT, *lists.values()]).encode()).hexdigest()
    home.release.mkdir(parents=True, exist_ok=True)
    _clear_staged(home.release)
    versions = released(home.release)
    if versions and (last := read_about(versions[-1])).get("digest") == digest:
        return Release(versions[-1], versions[-1].name, digest, int(last["images"]), is_new=False)
    version = f"v{_number(versions[-1].name) + 1 if versions else 1:04d}"
    staged = home.release / f".{version}.{os.getpid()}.part"
    staged.mkdir()
    _fill(staged, manifest, home, progress)
    for name, text in lists.items():
        write_text(staged / name, text)
    write_text(staged / SUMS, _sums(manifest, lists))
    about = {"version": version, "digest": digest, "format": FORMAT, "images": manifest.height}
    write_text(staged / ABOUT, json.dumps(about, indent=1) + "\n")
    staged.rename(home.release / version)
    return Release(home.release / version, version, digest, manifest.height, is_new=True)


def released(folder: Path) -> list[Path]:
    """The releases in a folder, oldest first."""
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if _VERSION.fullmatch(path.name) and path.is_dir()]
    return sorted(found, key=lambda path: _number(path.name))


def read_about(release: Path) -> dict[str, str]:
    """What a release says of itself; empty where it says nothing readable."""
    try:
        said = json.loads((release / ABOUT).read_text())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _number(version: str) -> int:
    found = _VERSION.fullmatch(version)
    return int(found[1]) if found else 0


def _clear_staged(folder: Path) -> None:
    """Removes what a killed writer left: only one writer at a time works on a home."""
    for path in folder.iterdir():
        if _STAGED.fullmatch(path.name):
            shutil.rmtree(path)


def _fill(staged: Path, manifest: pl.DataFrame, home: Home, progress: Progress) -> None:
    names = [PosterName.parse(name) for name in manifest["name"]]
    with progress.task("release, images", len(names)) as advance:
        for name in names:
            link_or_copy(home.image(name), staged / name.subfolder / str(name))
            advance(1)


def _sums(manifest: pl.DataFrame, lists: dict[str, str]) -> str:
    """The checksums, in the form that `sha256sum --check` reads."""
    lines = [f"{sha256}  {k}/{name}" for sha256, k, name in manifest.select("sha256", "subfolder", "name").iter_rows()]
    lines += [f"{hashlib.sha256(text.encode()).hexdigest()}  {name}" for name, text in lists.items()]
    return "\n".join(sorted(lines, key=lambda line: line[66:])) + "\n"
