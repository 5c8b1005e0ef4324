"""Archives of a release: the images once, the labels by format, each with its checksum. Written in one pass.

Every archive is a tar file that unpacks into one folder named after the release. Only `…-images.tar` has the images;
the formats' archives have hard links to them, so unpack the images first. The same release yields the same bytes: no
times, no owners, names in order. Each file is checked against the release's checksums as it is read.
"""

import errno
import gzip
import hashlib
import io
import tarfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

import polars as pl

from lap_assets.core.errors import FileError
from lap_assets.core.files import replacing, write_text
from lap_assets.core.progress import Advance, Progress
from lap_assets.core.reading import read_text
from lap_assets.release.layout import ABOUT, MANIFEST, SUMS
from lap_assets.release.trees import Tree, from_json
from lap_assets.release.writer import read_about

FORMATS: Final = ("coco", "yolo", "voc", "parquet")
CHECKSUMS: Final = "SHA256SUMS"
_PREFIX: Final = "lap"
_LEVEL: Final = 6  # of gzip


@dataclass(frozen=True, slots=True)
class Archive:
    """A written archive."""

    path: Path
    sha256: str
    bytes: int
    files: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """An archive's planned content: files by their paths in the release, and links, each with its image."""

    name: str
    files: list[str]
    links: list[tuple[str, str]]


def pack(
    release: Path, out: Path, progress: Progress, *, formats: Sequence[str] = FORMATS, force: bool = False
) -> list[Archive]:
    """Write the archives of a release into `out`, with a `SHA256SUMS` file of their checksums.

    Raises:
        FileError: it is not a release, or a file in it is missing or changed.
        FileExistsError: an archive exists already, and `force` is not set.
    """
    sums = _sums(release)
    plans = list(_plans(release, sums, formats))
    for plan in plans:
        if (out / plan.name).exists() and not force:
            raise FileExistsError(errno.EEXIST, "exists already (--force replaces it)", str(out / plan.name))
    done = [_write(release, out / plan.name, plan, sums, progress) for plan in plans]
    lines = "".join(f"{archive.sha256}  {archive.path.name}\n" for archive in done)
    write_text(out / f"{_PREFIX}-{release.resolve().name}-{CHECKSUMS}", lines)
    return done


def _plans(release: Path, sums: dict[str, str], formats: Sequence[str]) -> Iterator[_Plan]:
    start = f"{_PREFIX}-{release.resolve().name}"
    manifest = pl.read_csv(release / MANIFEST, infer_schema=False)
    images = set(Tree("").images(manifest))
    trees = from_json(read_about(release).get("trees"))
    yield _Plan(f"{start}-images.tar", sorted(images), [])
    of_formats = {name for name in sums if name.partition("/")[0] in FORMATS}
    yield _Plan(f"{start}-base.tar.gz", sorted([*(sums.keys() - images - of_formats), SUMS, ABOUT]), [])
    for name in formats:
        files = sorted(path for path in of_formats if path.startswith(f"{name}/"))
        links = [(f"{tree.folder}/{image}", image) for tree in trees if tree.folder.startswith(f"{name}/")
                 for image in tree.images(manifest)]  # fmt: skip
        if files:
            yield _Plan(f"{start}-{name}.tar.gz", files, sorted(links))


def _sums(release: Path) -> dict[str, str]:
    try:
        lines = read_text(release / SUMS).splitlines()
    except OSError:
        raise FileError(f"{release} is not a release: it has no {SUMS}") from None
    sums = {line[66:]: line[:64] for line in lines}
    if MANIFEST not in sums or not (release / MANIFEST).is_file():
        raise FileError(f"{release} is not a release: it has no {MANIFEST}")
    if bad := next((name for name in sums if name.startswith("/") or ".." in name.split("/")), None):
        raise FileError(f"{release / SUMS}: {bad} is not a path within the release")
    return sums


def _write(release: Path, path: Path, plan: _Plan, sums: dict[str, str], progress: Progress) -> Archive:
    root = release.resolve().name
    with (
        replacing(path) as beside,
        progress.task(f"packing {plan.name}", len(plan.files) + len(plan.links)) as advance,
        beside.open("wb") as opened,
    ):
        hashing = _Hashing(opened)
        with _stream(hashing, is_compressed=path.suffix == ".gz") as stream, _tar(stream) as tar:
            for name in plan.files:
                _add(tar, f"{root}/{name}", release / name, sums.get(name))
                _next(tar, advance)
            for name, image in plan.links:
                linked = _entry(f"{root}/{name}")
                linked.type, linked.linkname = tarfile.LNKTYPE, f"{root}/{image}"
                tar.addfile(linked)
                _next(tar, advance)
    return Archive(path, hashing.digest.hexdigest(), hashing.count, len(plan.files) + len(plan.links))


def _next(tar: tarfile.TarFile, advance: Advance) -> None:
    cast("Any", tar).members.clear()  # it keeps an object per file, and there are hundreds of thousands of files
    advance(1)


def _add(tar: tarfile.TarFile, name: str, path: Path, sha256: str | None) -> None:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise FileError(f"{path}: missing; `lap verify` lists all missing files") from None
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
        raise FileError(f"{path}: changed since the release was written; `lap verify` lists all changed files")
    entry = _entry(name)
    entry.size = len(data)
    tar.addfile(entry, io.BytesIO(data))


def _entry(name: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.mode, entry.mtime = 0o644, 0
    return entry


@contextmanager
def _stream(raw: "_Hashing", *, is_compressed: bool) -> Iterator[IO[bytes]]:
    if not is_compressed:
        yield cast("IO[bytes]", raw)
        return
    with gzip.GzipFile("", "wb", _LEVEL, cast("IO[bytes]", raw), mtime=0) as compressed:
        yield cast("IO[bytes]", compressed)


@contextmanager
def _tar(stream: IO[bytes]) -> Iterator[tarfile.TarFile]:
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        yield tar


class _Hashing(io.RawIOBase):
    """A writer that passes bytes on and keeps their count and checksum."""

    def __init__(self, opened: IO[bytes]) -> None:
        super().__init__()
        self._opened = opened
        self.digest = hashlib.sha256()
        self.count = 0

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: object) -> int:
        """Write bytes."""
        view = memoryview(cast("bytes", data))
        self._opened.write(view)
        self.digest.update(view)
        self.count += view.nbytes
        return view.nbytes
