"""Label files in JSON as values, with the line of what is not JSON."""

import re
from pathlib import Path
from typing import Any, Final

from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.json_text import parse_once
from lap_assets.core.labels.faults import text_of

_PLACE: Final = re.compile(r": line ([0-9]+) column [0-9]+ \(char [0-9]+\)")


def parsed(path: Path) -> Any:
    """The value in a file.

    Raises:
        LabelFileError: it is not JSON, is nested too deeply, or holds what no file of labels can hold.
    """
    return parsed_text(text_of(path), path)


def parsed_text(content: str, path: Path, above: int = 0) -> Any:
    """The value in a text; `above`: how many lines of the file come before it.

    Raises:
        LabelFileError: as `parsed`.
    """
    if not content.strip():
        raise LabelFileError(f"{path}: it is empty")
    try:
        return parse_once(content)
    except InputError as error:
        place = _PLACE.search(str(error))
        line = f":{above + int(place[1])}" if place else f":{above + 1}" if above else ""
        raise LabelFileError(f"{path}{line}: {_PLACE.sub('', str(error))}") from None
