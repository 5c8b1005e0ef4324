"""Writing a release: images, files and checksums are placed in a staging folder, which is renamed at the end.

A release never changes. If the content equals that of the newest release, nothing is written. The content is assembled
in `content`.
"""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from lap_assets.core.errors import FileError, InputError
from lap_assets.core.files import hard_link, link_or_copy
from lap_assets.core.home import Home
from lap_assets.core.json_text import parse_json
from lap_assets.core.progress import Advance, Progress
from lap_assets.core.reading import MAX_SMALL_BYTES, read_text
from lap_assets.release.layout import ABOUT, FORMAT, SUMS
from lap_assets.release.trees import Tree, as_json

_VERSION: Final = re.compile(r"v([0-9]{4,})")
_STAGED: Final = re.compile(r"\.v[0-9]{4,}\.[0-9]+\.part")
Files = Iterable[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Release:
    """A written release."""

    path: Path
    version: str
    digest: str
    images: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a release to write.

    Attributes:
        manifest: `name`, `subfolder` and `sha256` of each image.
        core: Texts that are equal exactly if two releases have the same content.
        files: Returns the files (path and bytes) for a version; called only if the release is new.
        trees: Folders of links to the images, where the formats look for them.
        last: Returns the files that describe the others, from the staged folder and the previous release.
    """

    manifest: pl.DataFrame
    core: tuple[str, ...]
    files: Callable[[str], Files]
    trees: tuple[Tree, ...]
    last: Callable[[Path, Path | None], Files] = lambda _staged, _previous: ()

    @property
    def digest(self) -> str:
        """A digest of the content; equal contents have equal digests."""
        return hashlib.sha256("\0".join([FORMAT, *self.core]).encode()).hexdigest()


def write_release(content: Content, home: Home, progress: Progress) -> Release:
    """Write the release, or return the newest release if its content is the same."""
    home.release.mkdir(parents=True, exist_ok=True)
    _clear_staged(home.release)
    versions = released(home.release)
    previous = versions[-1] if versions else None
    if previous is not None and (about_previous := read_about(previous)).get("digest") == content.digest:
        return Release(previous, previous.name, content.digest, int(about_previous["images"]), is_new=False)
    version = f"v{_number(previous.name) + 1 if previous else 1:04d}"
    staged = home.release / f".{version}.{os.getpid()}.part"
    staged.mkdir()
    sums = {f"{k}/{name}": sha256 for k, name, sha256 in content.manifest.select("subfolder", "name", "sha256").rows()}
    about = {
        "version": version, "digest": content.digest, "format": FORMAT, "images": content.manifest.height,
        "trees": as_json(content.trees),
    }  # fmt: skip
    (staged / ABOUT).write_text(json.dumps(about, indent=1) + "\n")
    with progress.task("release, images", content.manifest.height) as advance:
        _place_images(staged, content.manifest, home, advance)
    with progress.task("release, files", None) as advance:
        sums |= _written(staged, content.files(version), advance)
        for tree in content.trees:
            tree.place_images(staged, content.manifest)
        sums |= _written(staged, content.last(staged, previous), advance)
    _put(staged / SUMS, "".join(f"{sums[name]}  {name}\n" for name in sorted(sums)).encode(), sync=True)
    staged.rename(home.release / version)
    return Release(home.release / version, version, content.digest, content.manifest.height, is_new=True)


def released(folder: Path) -> list[Path]:
    """Return the releases in a folder, oldest first."""
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if _VERSION.fullmatch(path.name) and path.is_dir()]
    return sorted(found, key=lambda path: _number(path.name))


def read_about(release: Path) -> dict[str, Any]:
    """Return a release's own description, release.json; empty if it is unreadable."""
    try:
        about = parse_json(read_text(release / ABOUT, MAX_SMALL_BYTES))
    except (OSError, FileError, InputError):
        return {}
    return about if isinstance(about, dict) else {}


def _number(version: str) -> int:
    found = _VERSION.fullmatch(version)
    return int(found[1]) if found else 0


def _clear_staged(folder: Path) -> None:
    """Remove the leftovers of a killed writer; only one writer works on a home at a time."""
    for path in folder.iterdir():
        if _STAGED.fullmatch(path.name):
            shutil.rmtree(path)


def _place_images(staged: Path, manifest: pl.DataFrame, home: Home, advance: Advance) -> None:
    for subfolder in manifest["subfolder"].unique():
        (staged / subfolder).mkdir()
    for subfolder, name in manifest.select("subfolder", "name").iter_rows():
        image, target = home.image_path(subfolder, name), staged / subfolder / name
        try:
            hard_link(image, target)  # only this process writes here, so no rename is needed
        except FileNotFoundError:
            raise
        except OSError:
            link_or_copy(image, target)
        advance(1)


def _put(path: Path, data: bytes, *, sync: bool) -> None:
    """Write a new file. `sync`: wait for the disk; there are too many files of single images for that."""
    with path.open("xb") as opened:
        opened.write(data)
        if sync:
            opened.flush()
            os.fsync(opened.fileno())


def _written(staged: Path, files: Files, advance: Advance) -> dict[str, str]:
    """Write the files and return their checksums."""
    sums: dict[str, str] = {}
    folders: set[str] = set()
    for name, data in files:
        folder = name.rpartition("/")[0]
        if folder not in folders:
            (staged / folder).mkdir(parents=True, exist_ok=True)
            folders.add(folder)
        _put(staged / name, data, sync="/" not in name)
        sums[name] = hashlib.sha256(data).hexdigest()
        advance(1)
    return sums
