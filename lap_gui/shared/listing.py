"""Which files of a folder are images to look at: sorted, subfolders included, set-aside folders left out."""

import os
from pathlib import Path
from typing import Final

from lap_assets.core.errors import InputError

SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp"})


def list_files(root: Path) -> list[str]:
    """Names of the images below `root`, with slashes, sorted; none in `del`, `orig_*` or hidden folders.

    Raises:
        InputError: there is no such folder.
    """
    if not root.is_dir():
        raise InputError(f"{root}: there is no such folder")
    found: list[str] = []
    _walk(root, "", found)
    return sorted(found)


def _walk(folder: Path, before: str, found: list[str]) -> None:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if name != "del" and not name.startswith("orig_"):
                    _walk(folder / name, f"{before}{name}/", found)
            elif name[name.rfind(".") :].lower() in SUFFIXES:
                found.append(before + name)
