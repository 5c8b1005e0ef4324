"""Checking a release against its own checksums."""

import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path

from lap_assets.core.files import sha256_of
from lap_assets.release.layout import ABOUT, SUMS
from lap_assets.release.writer import read_about


def problems_of(release: Path) -> list[str]:
    """What is missing, changed or unexpected in a release; empty where all is as it was written."""
    try:
        lines = (release / SUMS).read_text().splitlines()
    except (OSError, UnicodeDecodeError) as error:
        return [f"{release / SUMS}: {getattr(error, 'strerror', None) or 'not text'}; is this a release?"]
    if bad_line := next(
        (n for n, line in enumerate(lines, 1) if line[64:66] != "  " or not _is_inside(line[66:])), None
    ):
        return [f"{release / SUMS}:{bad_line}: not a checksum and a path within the release"]
    links = {str(link): str(target) for link, target in read_about(release).get("links", {}).items()}
    sums = {line[66:]: line[:64] for line in lines}
    wrong = [f"{link}: does not show {target}" for link, target in links.items() if not _shows(release, link, target)]
    sums |= _copied(release, links, sums)
    with ThreadPoolExecutor(cpu_count()) as pool:
        found = dict(zip(sums, pool.map(lambda name: _sum(release / name), sums), strict=True))
    wrong += [f"{name}: missing" for name, digest in found.items() if digest is None]
    wrong += [f"{name}: changed" for name, digest in found.items() if digest not in (None, sums[name])]
    present = {
        path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file() or path.is_symlink()
    }
    known = sums.keys() | {SUMS, ABOUT} | links.keys()
    wrong += [f"{name}: not part of the release" for name in sorted(present - known)]
    return wrong


def _is_inside(name: str) -> bool:
    return bool(name) and not name.startswith("/") and ".." not in name.split("/") and "\\" not in name


def _shows(release: Path, link: str, target: str) -> bool:
    path = release / link
    if not path.is_symlink():
        return path.is_dir()
    return Path(os.path.normpath(path.parent / path.readlink())) == Path(os.path.normpath(release / target))


def _copied(release: Path, links: Mapping[str, str], sums: Mapping[str, str]) -> dict[str, str]:
    """Checksums of what lies in folders that could not be links, and so hold files of their own."""
    copies: dict[str, str] = {}
    for link, target in links.items():
        if not (release / link).is_symlink():
            below = {**sums, **copies}
            copies |= {
                f"{link}{name[len(target):]}": digest
                for name, digest in below.items()
                if name.startswith(f"{target}/")
            }  # fmt: skip
    return copies


def _sum(path: Path) -> str | None:
    return sha256_of(path) if path.is_file() else None
