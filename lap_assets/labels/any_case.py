"""Files and folders of label sets in letters of any case: for some systems `Labels/A.TXT` is `labels/a.txt`.

Belongs here: finding what is there. What a file or folder means is its format's matter.
"""

from collections.abc import Iterator
from pathlib import Path


def child(folder: Path, name: str) -> Path:
    """The file or folder of a name: as it is written or, where that is not there, in other letters' case.

    Returns the path as written where neither is there, or several differ by case alone.
    """
    exact = folder / name
    if exact.exists() or not folder.is_dir():
        return exact
    found = [one for one in folder.iterdir() if one.name.lower() == name.lower()]
    return found[0] if len(found) == 1 else exact


def with_ending(folder: Path, *endings: str, deep: bool = True) -> list[Path]:
    """The files in a folder, or below it, that have one of the endings, sorted. `endings`: in lower case, `.xml`."""
    found: Iterator[Path] = folder.rglob("*") if deep else folder.glob("*")
    return sorted(path for path in found if path.suffix.lower() in endings and not path.is_dir())
