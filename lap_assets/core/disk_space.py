"""Whether the disk of a home has room left: bytes, and places for new files."""

import os
import shutil
from typing import Final

from lap_assets.core.errors import DiskFull
from lap_assets.core.home import Home

# Kept free: with no room at all, libraries below us fail in ways that no longer tell what is wrong.
ROOM: Final = 64 * 2**20
FILES: Final = 200


def check_disk_space(home: Home) -> None:
    """Checks that the disk has room left.

    Raises:
        DiskFull: less than `ROOM` bytes are left, or fewer than `FILES` new files can be made.
    """
    after = "make room and run the command again; finished work is kept"
    if shutil.disk_usage(home.root).free < ROOM:
        raise DiskFull(f"LAP_HOME={home.root}: its disk is full (less than {ROOM // 2**20} MB are left); {after}")
    if (left := _files_left(home)) is not None and left < FILES:
        raise DiskFull(
            f"LAP_HOME={home.root}: its disk can take only {left} more files (its inodes are used up); {after}"
        )


def _files_left(home: Home) -> int | None:
    """How many files can still be made; None where the file system has no such limit or does not say."""
    if not hasattr(os, "statvfs"):
        return None
    found = os.statvfs(home.root)
    return found.f_favail if found.f_files else None
