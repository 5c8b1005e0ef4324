"""The classes that a home begins with: the names and numbers that are known of the original's fifteen classes of faces.

People add and rename classes in the home's `classes.txt`; nothing but that file counts once it is there.
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
    """Writes the starting classes where there is no such file. Returns whether it did.

    Raises:
        OSError: it cannot be written.
        FileError: what lies there cannot be read.
    """
    if text_if_there(path) is not None:
        return False
    write_text(path, STARTING_TEXT)
    return True


def are_untouched(path: Path) -> bool:
    """Whether a file holds the starting classes and nothing else."""
    return text_if_there(path) == STARTING_TEXT
