"""The initial classes of a home: the known names and numbers of the original's fifteen classes of faces.

People add and rename classes in the home's `classes.txt`; once it exists, only that file counts.
"""

from pathlib import Path
from typing import Final

from lap_assets.core.files import write_text
from lap_assets.core.reading import text_if_there

FACE_CLASSES: Final[dict[int, str]] = {
    1: "boy", 2: "girl", 3: "young man", 4: "young woman", 5: "animal", 6: "fantasy creature",
}  # fmt: skip
STARTING_TEXT: Final = "".join(f"{number}:{name}\n" for number, name in FACE_CLASSES.items())


def write_starting_classes(path: Path) -> bool:
    """Write the initial classes if there is no such file; return whether it was written.

    Raises:
        OSError: the file cannot be written.
        FileError: the existing file is unreadable.
    """
    if text_if_there(path) is not None:
        return False
    write_text(path, STARTING_TEXT)
    return True


def are_untouched(path: Path) -> bool:
    """Return whether a file holds exactly the initial classes."""
    return text_if_there(path) == STARTING_TEXT
