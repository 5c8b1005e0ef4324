"""Replacing a folder of labels; the old folder is restored if writing the new one fails."""

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
    """Move an existing folder of the format aside while the block writes a new one.

    Raises:
        FileExistsError: it contains files that LAP does not write in this format.
    """
    if not path.is_dir() or not any(path.iterdir()):
        yield
        return
    others = sorted(one.name for one in path.iterdir() if one.name not in _OWN[name])
    if others or not (path / _MARKS[name]).is_file():
        problem = f"not a {name} folder that can be replaced" + (f" (it contains {others[0]})" if others else "")
        raise FileExistsError(errno.EEXIST, problem, str(path))
    aside = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    path.rename(aside)
    try:
        yield
    except BaseException:
        aside.rename(path)
        raise
    shutil.rmtree(aside)
