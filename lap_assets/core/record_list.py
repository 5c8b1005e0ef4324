"""Reading a small JSON file that holds a list of records under one key."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from lap_assets.core.errors import FileError, InputError, LapError
from lap_assets.core.json_text import parse_json
from lap_assets.core.reading import text_if_there

Record = TypeVar("Record")


def read_records(path: Path, key: str, record: Callable[[Any], Record]) -> list[Record]:
    """Return the records of a file, each made by `record`, which raises LapError for an invalid one; [] for no file.

    Raises:
        FileError: the file is invalid, or a broken link; the message says to move it away.
    """
    text = text_if_there(path)
    if text is None:
        return []
    try:
        read = parse_json(text)
        found = read.get(key) if isinstance(read, dict) else None
        if not isinstance(found, list):
            raise InputError(f"it has no list of {key}")
        return [record(one) for one in found]
    except LapError as error:
        raise FileError(f"{path}: not a file of {key} ({error}); move it away to begin anew") from None
