"""What is known of the weight files in a folder: `recorded.json`, their sha256 with the size and time they had then.

It spares reading a large file each time, and where no sha256 is published it holds the one seen first. No opinion
here on which file is right.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from lap_assets.core.errors import WeightsError
from lap_assets.core.files import sha256_of, write_text

NAME: Final = "recorded.json"


@dataclass(frozen=True, slots=True)
class Record:
    """A file as it was when its bytes were read."""

    sha256: str
    size: int
    mtime_ns: int

    def is_of(self, path: Path) -> bool:
        """Whether the file looks untouched since."""
        found = path.stat()
        return (found.st_size, found.st_mtime_ns) == (self.size, self.mtime_ns)


def records(folder: Path) -> dict[str, Record]:
    """What is known, by the file's path below the folder.

    Raises:
        WeightsError: `recorded.json` is there and cannot be read.
    """
    path = folder / NAME
    try:
        return {file: Record(**fields) for file, fields in json.loads(path.read_text("utf-8")).items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise WeightsError(
            f"{path} cannot be read ({error}); delete it, and `lap weights verify` makes it anew"
        ) from None


def read_now(path: Path) -> Record:
    """Reads the whole file."""
    before = path.stat()
    return Record(sha256_of(path), before.st_size, before.st_mtime_ns)


def remember(folder: Path, file: str, record: Record) -> None:
    """Notes it; a folder that cannot be written to is no error, its files are then read more often."""
    known: Mapping[str, Record] = {**records(folder), file: record}
    text = json.dumps({name: asdict(one) for name, one in sorted(known.items())}, indent=1)
    with suppress(OSError):
        write_text(folder / NAME, text + "\n")
