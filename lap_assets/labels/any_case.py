"""Finding files and folders of label sets regardless of case: on some systems `Labels/A.TXT` is `labels/a.txt`.

Belongs here: finding them. Reading them is up to each format.
"""

from collections.abc import Iterator
from pathlib import Path


def child(folder: Path, name: str) -> Path:
    """Return the file or folder of a name: as written or, if it does not exist, in another case.

    Returns the path as written if neither exists, or if several differ only by case.
    """
    exact = folder / name
    if exact.exists() or not folder.is_dir():
        return exact
    found = [one for one in folder.iterdir() if one.name.lower() == name.lower()]
    return found[0] if len(found) == 1 else exact


def with_ending(folder: Path, *endings: str, deep: bool = True) -> list[Path]:
    """Return the sorted files with one of the endings (lower case, `.xml`) in a folder, or below it if `deep`."""
    found: Iterator[Path] = folder.rglob("*") if deep else folder.glob("*")
    return sorted(path for path in found if path.suffix.lower() in endings and not path.is_dir())
