"""The checksums of the weight files in a folder: `recorded.json`, with the size and time that each file had then.

They save reading a large file each time, and where no sha256 is published they hold the first one seen. Which file
is right is not decided here.
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
    """A file as it was when its bytes were read."""

    sha256: str
    size: int
    mtime_ns: int

    def is_of(self, path: Path) -> bool:
        """Whether the file looks unchanged since then."""
        found = path.stat()
        return (found.st_size, found.st_mtime_ns) == (self.size, self.mtime_ns)


def records(folder: Path) -> dict[str, Record]:
    """The records, by the file's path below the folder.

    Raises:
        WeightsError: `recorded.json` is there and cannot be read.
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
    """The record that JSON holds; None if it is not one."""
    match fields:
        case {"sha256": str(sha256), "size": int(size), "mtime_ns": int(mtime_ns)}:
            return Record(sha256, size, mtime_ns)
    return None


def _unreadable(path: Path, problem: object) -> WeightsError:
    return WeightsError(
        f"{path} cannot be read ({problem}); delete it, then run `lap weights verify` to make a new one"
    )


def read_now(path: Path) -> Record:
    """Reads the whole file."""
    before = path.stat()
    return Record(sha256_of(path), before.st_size, before.st_mtime_ns)


def remember(folder: Path, file: str, record: Record) -> None:
    """Adds a record. In a folder that cannot be written to nothing is recorded, and files are read more often."""
    known: Mapping[str, Record] = {**records(folder), file: record}
    text = json.dumps({name: asdict(one) for name, one in sorted(known.items())}, indent=1)
    with suppress(OSError):
        write_text(folder / NAME, text + "\n")
