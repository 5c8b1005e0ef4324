"""The weights files in their folder: whether each exists, is complete, and is the right one. Downloads: `fetching`."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from lap_assets.core.errors import InputError, WeightsError
from lap_assets.models.checksums import NAME, Record, read_now, records, remember
from lap_assets.models.spec_types import WeightFile
from lap_assets.models.specs import all_specs
from lap_assets.models.state_dicts import is_archive

State = Literal["missing", "not read yet", "right", "recorded", "wrong"]
_START: Final = 512  # bytes, enough to tell a web page from a weights file


@dataclass(frozen=True, slots=True)
class WeightsState:
    """The state of one file; `problem`: what is wrong, in one line."""

    entry: WeightFile
    path: Path
    state: State
    sha256: str | None = None
    problem: str | None = None


def weight_files() -> list[WeightFile]:
    """Return every file of `lap weights`, each once."""
    files = [spec.weights for spec in all_specs() if isinstance(spec.weights, WeightFile)]
    return list({entry.key: entry for entry in files}.values())


def find_weights(key: str, table: Sequence[WeightFile] | None = None) -> WeightFile:
    """Return the file of that key.

    Raises:
        InputError: there is no such file; the message lists the known keys.
    """
    entries = weight_files() if table is None else table
    for entry in entries:
        if entry.key == key:
            return entry
    raise InputError(f"no weight file is called {key!r}; expected one of: {', '.join(one.key for one in entries)}")


def weight_file(entry: WeightFile, folder: Path) -> Path:
    """Return the path of a model's file after checking it; it is only read if it has changed since the last check.

    Raises:
        WeightsError: it is missing, truncated, or a different file; the message names it and what to do.
    """
    path = folder / entry.file
    if not path.is_file():
        raise WeightsError(
            f"{path} is missing: download it with `lap weights fetch {entry.key}`, or save the file from"
            f" {entry.url} there"
        )
    _checked(entry, folder, known=records(folder).get(entry.file))
    return path


def weights_state(entry: WeightFile, folder: Path) -> WeightsState:
    """Return the state of a file from its recorded checksum, without reading the file."""
    path, known = folder / entry.file, records(folder).get(entry.file)
    if not path.is_file():
        return WeightsState(entry, path, "missing")
    if problem := content_problem(path, entry.sizes):
        return WeightsState(entry, path, "wrong", problem=f"{path} {problem}")
    if known is None or not known.is_of(path):
        return WeightsState(entry, path, "not read yet")
    return WeightsState(entry, path, "right" if entry.sha256 else "recorded", known.sha256)


def verify_weights(entry: WeightFile, folder: Path) -> WeightsState:
    """Read a whole file and return its state. If no sha256 is published, the first one seen is recorded."""
    path = folder / entry.file
    if not path.is_file():
        return WeightsState(entry, path, "missing")
    try:
        record = _checked(entry, folder, known=records(folder).get(entry.file), force=True)
    except WeightsError as error:
        return WeightsState(entry, path, "wrong", problem=str(error))
    return WeightsState(entry, path, "right" if entry.sha256 else "recorded", record.sha256)


def recorded_sha256(file: str, folder: Path) -> str | None:
    """Return the first sha256 seen of a file without a published one; None while there is no file.

    The first call reads the file; later calls only read `recorded.json`.
    """
    known = records(folder).get(file)
    return known.sha256 if known is not None else current_sha256(file, folder)


def current_sha256(file: str, folder: Path) -> str | None:
    """Return the sha256 of a file that users may replace (None if missing); it is only read if it has changed."""
    path, known = folder / file, records(folder).get(file)
    if not path.is_file():
        return None
    if known is not None and known.is_of(path):
        return known.sha256
    found = path.stat()
    record = _read_once(path, found.st_size, found.st_mtime_ns)
    if not content_problem(path):
        remember(folder, file, record)
    return record.sha256


def content_problem(path: Path, sizes: Sequence[int] = ()) -> str | None:
    """Return what is wrong with a file's size or start: empty, of a wrong size, a web page, a truncated archive."""
    size = path.stat().st_size
    if not size:
        return "is empty"
    with path.open("rb") as opened:
        start = opened.read(_START)
    if start.lstrip().lower().startswith((b"<!doctype", b"<html", b"<?xml")):
        return "is a web page, not a weights file"
    if start.startswith(b"PK") and not is_archive(path):
        return "is cut short"
    if sizes and size not in sizes:
        return f"has {size:,} bytes, expected {sizes[0]:,}: it is cut short, or a different file"
    return None


def sha256_problem(entry: WeightFile, folder: Path, found: str) -> str | None:
    """Return what is wrong with a file of that sha256: it differs from the published or the recorded one."""
    if entry.sha256 is not None:
        return None if found == entry.sha256 else f"has sha256 {found}, but {entry.sha256} is published"
    known = records(folder).get(entry.file)
    if known is None or found == known.sha256:
        return None
    return (
        f"has sha256 {found}, but the first file here had {known.sha256}; if you trust the new one,"
        f" remove its lines from {folder / NAME}"
    )


def _checked(entry: WeightFile, folder: Path, *, known: Record | None, force: bool = False) -> Record:
    path = folder / entry.file
    right = entry.sha256 in (None, known.sha256) if known is not None else False
    if known is not None and right and not force and known.is_of(path):
        return known
    again = f"; delete it, then download it again with `lap weights fetch {entry.key}`"
    if problem := content_problem(path, entry.sizes):
        raise WeightsError(f"{path} {problem}{again}")
    record = read_now(path)
    if problem := sha256_problem(entry, folder, record.sha256):
        raise WeightsError(f"{path} {problem}{again}")
    if record != known:
        remember(folder, entry.file, record)
    return record


@cache
def _read_once(path: Path, size: int, mtime_ns: int) -> Record:
    """Read a file once per process, even if nothing can be recorded."""
    return Record(read_now(path).sha256, size, mtime_ns)
