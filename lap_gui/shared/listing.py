"""Lists the images of a folder: sorted, with subfolders, without set-aside folders."""

import os
from pathlib import Path
from typing import Final

from lap_assets.core.errors import InputError

SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"})


def list_files(root: Path) -> list[str]:
    """Return the names of the images below `root`, with slashes, sorted; skips `del`, `orig_*` and hidden folders.

    Raises:
        InputError: the folder does not exist.
    """
    if not root.is_dir():
        raise InputError(f"{root}: there is no such folder")
    found: list[str] = []
    _walk(root, "", found)
    return sorted(found)


def _walk(folder: Path, prefix: str, found: list[str]) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if name != "del" and not name.startswith("orig_"):
                    _walk(folder / name, f"{prefix}{name}/", found)
            elif name[name.rfind(".") :].lower() in SUFFIXES:
                found.append(prefix + name)
