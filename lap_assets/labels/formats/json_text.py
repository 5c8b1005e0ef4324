"""Reading label files in JSON; errors include the line."""

import re
from pathlib import Path
from typing import Any, Final

from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.json_text import parse_once
from lap_assets.core.labels.faults import text_of

_POSITION: Final = re.compile(r": line ([0-9]+) column [0-9]+ \(char [0-9]+\)")


def parsed(path: Path) -> Any:
    """Return the value in a file.

    Raises:
        LabelFileError: it is not JSON, is nested too deeply, or has values that no label file has.
    """
    return parsed_text(text_of(path), path)


def parsed_text(content: str, path: Path, above: int = 0) -> Any:
    """Return the value in a text; `above`: the number of lines before it in the file.

    Raises:
        LabelFileError: as in `parsed`.
    """
    if not content.strip():
        raise LabelFileError(f"{path}: it is empty")
    try:
        return parse_once(content)
    except InputError as error:
        position = _POSITION.search(str(error))
        line = f":{above + int(position[1])}" if position else f":{above + 1}" if above else ""
        raise LabelFileError(f"{path}{line}: {_POSITION.sub('', str(error))}") from None
