"""Check of a home's free disk space: bytes and inodes."""

import os
import shutil
from typing import Final

from lap_assets.core.errors import DiskFull
from lap_assets.core.home import Home

# Reserve: on a completely full disk, libraries fail with obscure errors.
ROOM: Final = 64 * 2**20
FILES: Final = 200


def check_disk_space(home: Home) -> None:
    """Check that the disk has space left.

    Raises:
        DiskFull: less than `ROOM` bytes are free, or fewer than `FILES` new files can be created.
    """
    advice = "make room and run the command again; finished work is kept"
    if shutil.disk_usage(home.root).free < ROOM:
        raise DiskFull(f"LAP_HOME={home.root}: its disk is full (less than {ROOM // 2**20} MB are left); {advice}")
    if (left := _files_left(home)) is not None and left < FILES:
        raise DiskFull(
            f"LAP_HOME={home.root}: its disk can take only {left} more files (its inodes are used up); {advice}"
        )


def _files_left(home: Home) -> int | None:
    """Return how many files can still be created; None if the file system has no limit or does not report it."""
    if not hasattr(os, "statvfs"):
        return None
    found = os.statvfs(home.root)
    return found.f_favail if found.f_files else None
