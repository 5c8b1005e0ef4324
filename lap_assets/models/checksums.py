"""Recorded checksums of the weight files in a folder: `recorded.json`, with each file's size and time.

They save reading large files again and, if no sha256 is published, keep the first one seen. Whether a file is the right
one is decided in `weights`.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from lap_assets.core.errors import FileError, InputError, WeightsError
from lap_assets.core.files import sha256_of, write_text
from lap_assets.core.json_text import parse_json
from lap_assets.core.reading import MAX_SMALL_BYTES, text_if_there

NAME: Final = "recorded.json"


@dataclass(frozen=True, slots=True)
class Record:
    """A file's checksum, and its size and time when it was read."""

    sha256: str
    size: int
    mtime_ns: int

    def is_of(self, path: Path) -> bool:
        """Return whether the file has the recorded size and time."""
        found = path.stat()
        return (found.st_size, found.st_mtime_ns) == (self.size, self.mtime_ns)


def records(folder: Path) -> dict[str, Record]:
    """Return the records by the file's path below the folder.

    Raises:
        WeightsError: `recorded.json` exists and is unreadable.
    """
    path = folder / NAME
    try:
        text = text_if_there(path, MAX_SMALL_BYTES)
        content: Any = {} if text is None else parse_json(text)
    except (OSError, FileError, InputError) as error:  # not readable, not UTF-8, or not JSON
        raise _unreadable(path, error) from None
    entries = content.items() if isinstance(content, dict) else [("", content)]
    found = {file: _record(fields) for file, fields in entries}
    for file, record in found.items():
        if record is None:
            raise _unreadable(path, f"{file or 'its content'} is not a record")
    return {file: record for file, record in found.items() if record is not None}


def _record(fields: Any) -> Record | None:
    """Return the record in a JSON value; None if it is not one."""
    match fields:
        case {"sha256": str(sha256), "size": int(size), "mtime_ns": int(mtime_ns)}:
            return Record(sha256, size, mtime_ns)
    return None


def _unreadable(path: Path, problem: object) -> WeightsError:
    return WeightsError(
        f"{path} cannot be read ({problem}); delete it, then run `lap weights verify` to write a new one"
    )


def read_now(path: Path) -> Record:
    """Read the whole file and return its record."""
    stat = path.stat()  # before reading, so that a change while reading is noticed later
    return Record(sha256_of(path), stat.st_size, stat.st_mtime_ns)


def remember(folder: Path, file: str, record: Record) -> None:
    """Add a record. In a read-only folder nothing is recorded, and files are read more often."""
    known: Mapping[str, Record] = {**records(folder), file: record}
    text = json.dumps({name: asdict(one) for name, one in sorted(known.items())}, indent=1)
    with suppress(OSError):
        write_text(folder / NAME, text + "\n")
