"""Putting a new folder of labels in the place of an older one, which comes back if the new one cannot be made."""

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_OWN: Final = {
    "yolo": {"data.yaml", "train.txt", "val.txt", "test.txt", "labels", "images", "labels.cache"},
    "voc": {"Annotations", "ImageSets", "JPEGImages", "classes.json"},
}
_MARKS: Final = {"yolo": "data.yaml", "voc": "classes.json"}


@contextmanager
def cleared(path: Path, name: str) -> Iterator[None]:
    """Moves an older folder of the format out of the way while the block makes a new one.

    Raises:
        FileExistsError: it holds something else than LAP writes in this format.
    """
    if not path.is_dir() or not any(path.iterdir()):
        yield
        return
    others = sorted(one.name for one in path.iterdir() if one.name not in _OWN[name])
    if others or not (path / _MARKS[name]).is_file():
        problem = f"is not a folder of {name} that could be replaced" + (f" ({others[0]} is in it)" if others else "")
        raise FileExistsError(errno.EEXIST, problem, str(path))
    aside = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    path.rename(aside)
    try:
        yield
    except BaseException:
        aside.rename(path)
        raise
    shutil.rmtree(aside)
