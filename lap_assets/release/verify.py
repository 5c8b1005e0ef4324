"""Checking a release against its own checksums. Files with several links are read once."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path
from typing import Final

import polars as pl

from lap_assets.core.errors import FileError
from lap_assets.core.files import sha256_of
from lap_assets.core.reading import read_file, read_text
from lap_assets.release.layout import ABOUT, MANIFEST, SUMS
from lap_assets.release.trees import Tree, from_json
from lap_assets.release.writer import read_about

_CACHES: Final = frozenset(
    {".DS_Store", "Thumbs.db", "desktop.ini", "labels.cache", "__pycache__", ".ipynb_checkpoints", ".cache", ".git",
     ".gitattributes", ".huggingface", ".Trash"}
)  # fmt: skip
_CACHE_ENDINGS: Final = (".cache", ".npy", ".cache.npy", ".pyc")


def problems_of(release: Path) -> list[str]:
    """Return a line for each missing, changed or unexpected file of a release.

    Caches left by readers and operating systems do not count as unexpected.
    """
    try:
        lines = read_text(release / SUMS).splitlines()
    except OSError as error:
        return [f"{release / SUMS}: {error.strerror or error}; is this a release?"]
    except FileError as error:
        return [f"{error}; is this a release?"]
    if bad_line := next(
        (n for n, line in enumerate(lines, 1) if line[64:66] != "  " or not _is_inside(line[66:])), None
    ):
        return [f"{release / SUMS}:{bad_line}: expected a checksum and a path within the release"]
    sums = {line[66:]: line[:64] for line in lines}
    about = read_about(release)
    links = {str(link): str(target) for link, target in about.get("links", {}).items()}
    wrong = [f"{link}: does not show {target}" for link, target in links.items() if not _shows(release, link, target)]
    trees = from_json(about.get("trees"))
    manifest = _manifest(release)
    copies = _linked(release, links, sums) | ({} if manifest is None else _in_trees(trees, manifest, sums))
    own = {name for name, original in copies.items() if _is_other_file(release / name, release / original)}
    read = {**sums, **{name: sums[copies[name]] for name in own}}
    with ThreadPoolExecutor(cpu_count()) as pool:
        found = dict(zip(read, pool.map(lambda name: _sum(release / name), read), strict=True))
    wrong += [f"{name}: missing" for name, digest in found.items() if digest is None]
    wrong += [f"{name}: changed" for name, digest in found.items() if digest not in (None, read[name])]
    known = sums.keys() | {SUMS, ABOUT} | links.keys() | copies.keys()
    unknown = tuple(f"{tree.folder}/" for tree in trees) if manifest is None else ()
    others = (name for name in sorted(_present(release) - known) if not name.startswith(unknown))
    return wrong + [f"{name}: not part of the release" for name in others if not _is_cache(name)]


def _is_inside(name: str) -> bool:
    return bool(name) and not name.startswith("/") and ".." not in name.split("/") and "\\" not in name


def _is_cache(name: str) -> bool:
    parts = name.split("/")
    return bool(_CACHES.intersection(parts)) or parts[-1].startswith("._") or parts[-1].endswith(_CACHE_ENDINGS)


def _present(release: Path) -> set[str]:
    """Return every file and link in a release; links to folders are not followed."""
    found: set[str] = set()
    for folder, folders, files in os.walk(release):
        within = Path(folder).relative_to(release).as_posix()
        start = "" if within == "." else f"{within}/"
        found.update(f"{start}{name}" for name in files)
        found.update(f"{start}{name}" for name in folders if Path(folder, name).is_symlink())
    return found


def _manifest(release: Path) -> pl.DataFrame | None:
    """Return the list of images; None if it is unreadable, which its checksum reveals."""
    try:
        return pl.read_csv(read_file(release / MANIFEST), infer_schema=False)
    except (pl.exceptions.PolarsError, OSError, FileError):
        return None


def _in_trees(trees: list[Tree], manifest: pl.DataFrame, sums: Mapping[str, str]) -> dict[str, str]:
    """Return each file of the trees with the image that it links to."""
    try:
        held = {tree.folder: tree.images(manifest) for tree in trees if _is_inside(tree.folder)}
    except pl.exceptions.PolarsError:  # columns are missing: the manifest was changed
        return {}
    return {f"{folder}/{image}": image for folder, images in held.items() for image in images if image in sums}


def _is_other_file(path: Path, original: Path) -> bool:
    """Return whether a file is more than another link to the original, which is read anyway."""
    try:
        return not path.samefile(original)
    except OSError:
        return True


def _shows(release: Path, link: str, target: str) -> bool:
    path = release / link
    if not path.is_symlink():
        return path.is_dir()
    return Path(os.path.normpath(path.parent / path.readlink())) == Path(os.path.normpath(release / target))


def _linked(release: Path, links: Mapping[str, str], sums: Mapping[str, str]) -> dict[str, str]:
    """Return the copied files of releases up to layout 2, whose folders are copies if links were not possible."""
    copies: dict[str, str] = {}
    for link, target in links.items():
        if not (release / link).is_symlink():
            below = {**{name: name for name in sums}, **copies}
            copies |= {
                f"{link}{name[len(target):]}": original
                for name, original in below.items()
                if name.startswith(f"{target}/")
            }  # fmt: skip
    return copies


def _sum(path: Path) -> str | None:
    return sha256_of(path) if path.is_file() else None
