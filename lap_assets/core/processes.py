"""Identity of this machine, boot and container, and whether a process on it is alive."""

import os
import time
from functools import cache
from pathlib import Path
from typing import Final

_ENDED: Final = ("Z", "X")  # states of a process that has ended but has not been waited for (proc(5))


def booted_at() -> float:
    """Return this machine's boot time by its present clock (Unix seconds); 0 if unknown."""
    try:
        return time.time() - float(Path("/proc/uptime").read_text().split()[0])
    except (OSError, ValueError):
        return 0.0


@cache
def hardware() -> str | None:
    """Return the id of the installed system, which outlasts reboots and differs between machines; None if unknown."""
    try:
        return Path("/etc/machine-id").read_text().strip() or None
    except OSError:
        return None


@cache
def machine() -> str | None:
    """Return the id of this boot of this machine and this container, where process ids are unique; None if unknown.

    Machines or containers with equal host names must not look for each other's processes.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return None


def began(pid: int) -> str | None:
    """Return when a living process of this machine began, by the monotonic clock; None if unknown."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    return fields[19] if fields[0] not in _ENDED else None


def lives(pid: int) -> bool:
    """Return whether a process of this machine has this id; true if unknown."""
    if os.name == "nt":
        return True  # on Windows signal 0 would end the process; a dead holder is detected by its untouched file
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
