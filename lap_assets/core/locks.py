"""Locks as files that name their holder, for homes on a shared mount.

A holder touches its file every few seconds. A lock is dead when its process has gone from this machine, whatever the
clock shows; where that is unknown (another machine, or this one before it was restarted), when nobody has touched the
file for `DEAD_AFTER` seconds.

Not `filelock`: its locks belong to the kernel, do not reach across all network mounts, and cannot name their holder;
its `SoftFileLock` reaches across them, but a holder that was killed on another machine keeps such a lock for ever.
"""

import contextlib
import hashlib
import json
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

from lap_assets.core.errors import LockHeld

DEAD_AFTER: Final = 120.0
_TOUCH_EVERY: Final = 20.0
_LOOK_EVERY: Final = 0.2


@contextmanager
def held(path: Path, *, wait: bool = True, stopping: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Holds the lock file `path` for the block; waits for a living holder, or not.

    Raises:
        LockHeld: a living process holds it and `wait` is false, or `stopping` turned true while waiting.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    while (mine := _take(path)) is None:
        _bury(path)
        if path.exists() and (not wait or stopping()):
            raise LockHeld(f"{path.name} is held by {holder(path)}; wait for it to end, or stop it")
        time.sleep(_LOOK_EVERY if path.exists() else 0)
    ended = threading.Event()
    keeper = threading.Thread(target=_keep_alive, args=(path, ended), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()
        if _read(path) == mine:  # who slept for too long has lost the lock to somebody else
            path.unlink(missing_ok=True)


def holder(path: Path) -> str:
    """The holder, for messages."""
    record = _read(path)
    if not record:
        return "an unknown process"
    return f"process {record.get('pid')} on {record.get('host')} since {record.get('since')}"


def _take(path: Path) -> dict[str, Any] | None:
    """What the lock file says from now on, or None where somebody has it."""
    mine: dict[str, Any] = {"pid": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%F %T")}
    mine |= {"began": _began(os.getpid()), "machine": _machine(), "token": uuid.uuid4().hex}
    try:
        with path.open("x") as opened:
            json.dump(mine, opened)
    except FileExistsError:
        return None
    return mine


def _bury(path: Path) -> None:
    """Removes a dead holder's lock.

    Of many who find the same record dead one after the other looks at it again before it is removed: they take a lock
    named by that record, so that nobody removes what a living holder has written since.
    """
    found = fingerprint(path)
    if found is None or not _is_dead(path):
        return
    with contextlib.suppress(LockHeld), held(path.with_name(f".{found}.dead"), wait=False):
        if fingerprint(path) == found:
            path.unlink(missing_ok=True)


def fingerprint(path: Path) -> str | None:
    """A name for what the lock file at `path` says and when it was last touched; None where there is none."""
    try:
        said, touched = path.read_bytes(), path.stat().st_mtime_ns
    except OSError:
        return None
    return hashlib.sha256(b"%s %d %s" % (path.name.encode(), touched, said)).hexdigest()[:20]


def _is_dead(path: Path) -> bool:
    try:
        age = time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return False
    record = _read(path)
    if record and record.get("host") == socket.gethostname() and record.get("machine", _machine()) == _machine():
        if (began := record.get("began")) is not None:
            return bool(_began(int(record.get("pid", 0))) != began)
        return age > DEAD_AFTER or not _lives(int(record.get("pid", 0)))
    return age > DEAD_AFTER


@cache
def _machine() -> str | None:
    """Where a process number means the same process: this boot of this machine, this container; None: not told here.

    Two machines of one name, or containers that share a host's name, must not look for each other's processes.
    """
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return None


def _began(pid: int) -> str | None:
    """When a process of this machine began, by a clock that nobody sets; None where it is gone, or that is not told."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return said.rpartition(")")[2].split()[19]


def _lives(pid: int) -> bool:
    if os.name == "nt":
        return True  # signal 0 would end the process there; its silence tells in the end
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _read(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _keep_alive(path: Path, ended: threading.Event) -> None:
    while not ended.wait(_TOUCH_EVERY):
        try:
            os.utime(path)
        except OSError:
            return
