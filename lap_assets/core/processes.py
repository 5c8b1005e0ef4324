"""Which machine, boot and container this is, and whether a process of it lives. Standard library alone."""

import os
import time
from functools import cache
from pathlib import Path
from typing import Final

_ENDED: Final = ("Z", "X")  # states of a process that has ended and that nobody has waited for yet (proc(5))


def booted_at() -> float:
    """When this machine was started, by today's clock (Unix seconds); 0 where that is not told."""
    try:
        return time.time() - float(Path("/proc/uptime").read_text().split()[0])
    except (OSError, ValueError):
        return 0.0


@cache
def hardware() -> str | None:
    """The installed system, whatever its boot: two machines of one name differ in it; None: not told here."""
    try:
        return Path("/etc/machine-id").read_text().strip() or None
    except OSError:
        return None


@cache
def machine() -> str | None:
    """Where a process number means the same process: this boot of this machine, this container; None: not told here.

    Two machines of one name, or containers that share a host's name, must not look for each other's processes.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return None


def began(pid: int) -> str | None:
    """When a living process of this machine began, by a clock that nobody sets; None where that is not told."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = said.rpartition(")")[2].split()
    return fields[19] if fields[0] not in _ENDED else None


def lives(pid: int) -> bool:
    """Whether a process of this machine has this number; where that is not told, yes."""
    if os.name == "nt":
        return True  # signal 0 would end the process there; its silence tells in the end
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
