"""Checking a release against its own checksums."""

from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path

from lap_assets.files import sha256_of
from lap_assets.release.writer import ABOUT, SUMS


def problems_of(release: Path) -> list[str]:
    """What is missing, changed or foreign in a release; empty where all is as it was written."""
    try:
        lines = (release / SUMS).read_text().splitlines()
    except OSError as error:
        return [f"{release / SUMS}: {error.strerror}"]
    sums = {line[66:]: line[:64] for line in lines}
    with ThreadPoolExecutor(cpu_count()) as pool:
        found = dict(zip(sums, pool.map(lambda name: _sum(release / name), sums), strict=True))
    wrong = [f"{name}: missing" for name, digest in found.items() if digest is None]
    wrong += [f"{name}: changed" for name, digest in found.items() if digest not in (None, sums[name])]
    present = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    wrong += [f"{name}: not part of the release" for name in sorted(present - sums.keys() - {SUMS, ABOUT})]
    return wrong


def _sum(path: Path) -> str | None:
    return sha256_of(path) if path.is_file() else None
