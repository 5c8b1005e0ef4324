"""Reads the fields of a list's lines, separated by commas, semicolons or tabs. `lists` interprets them."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from lap_assets.core.errors import FileError
from lap_assets.core.reading import read_text


def read_rows(path: Path) -> list[tuple[int, list[str]]]:
    """Return the number and the fields of each line that is not blank.

    Raises:
        FileError: the file does not exist, or is not UTF-8 or CSV.
    """
    try:
        text = read_text(path)
    except FileNotFoundError as error:
        link = f" ({error.strerror})" if path.is_symlink() else ""
        raise FileError(f"{path}: there is no such list of pairs{link}") from None
    return list(_fields(path, text, max(",;\t", key=text.partition("\n")[0].count)))


def _fields(path: Path, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield reader.line_num, cells
    except csv.Error as error:
        raise FileError(f"{path}:{reader.line_num}: it is not CSV ({error})") from None
