"""Locks as files that name their holder, for homes on a shared mount.

A holder touches its file every 20 seconds. A lock is dead if its process no longer exists on this machine, is a zombie,
or ran before this machine's last boot. If that is unknown (another machine or container), it is dead when nobody has
touched the file for `DEAD_AFTER` seconds.

Why not `filelock`: its kernel locks do not work on all network mounts and cannot name their holder. Its `SoftFileLock`
works there, but a holder killed on another machine keeps the lock forever.
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
from pathlib import Path
from typing import Any, Final

from lap_assets.core import processes
from lap_assets.core.errors import FileError, InputError, LockHeld
from lap_assets.core.json_text import parse_json
from lap_assets.core.reading import open_regular, read_file

DEAD_AFTER: Final = 120.0
_TOUCH_EVERY: Final = 20.0
_LOOK_EVERY: Final = 0.2
_MOST_BYTES: Final = 1 << 16


@contextmanager
def held(path: Path, *, wait: bool = True, stopping: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Hold the lock file `path` during the block; wait for a living holder if `wait` is set.

    Raises:
        LockHeld: a living process holds it and `wait` is false, or `stopping` returned true while waiting.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    while (mine := _take(path)) is None:
        _remove_if_dead(path)
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
        if _read(path) == mine:  # else this process was suspended for too long and another has taken the lock
            path.unlink(missing_ok=True)


def held_since(path: Path) -> float | None:
    """Return since when (Unix seconds) a living process has held the lock; None if none holds it."""
    if not path.exists() or _is_dead(path):
        return None
    at = _read(path).get("at")
    return float(at) if isinstance(at, int | float) else 0.0


def holder(path: Path) -> str:
    """Describe the holder, for messages."""
    record = _read(path)
    if not record:
        return "an unknown process"
    return f"process {record.get('pid')} on {record.get('host')} since {record.get('since')}"


def _take(path: Path) -> dict[str, Any] | None:
    """Create the lock file and return its record; None if the file exists."""
    mine: dict[str, Any] = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": time.strftime("%F %T"),
        "at": time.time(),
        "began": processes.began(os.getpid()),
        "machine": processes.machine(),
        "hardware": processes.hardware(),
        "token": uuid.uuid4().hex,
    }
    try:
        with path.open("x") as opened:
            json.dump(mine, opened)
    except FileExistsError:
        return None
    return mine


def _remove_if_dead(path: Path) -> None:
    """Remove a dead holder's lock.

    Several processes may find the same record dead. To remove it, a process must hold a lock named after that record
    and check it again, so that none removes a record that a living holder has written since.
    """
    found = fingerprint(path)
    if found is None or not _is_dead(path):
        return
    with contextlib.suppress(LockHeld), held(path.with_name(f".{found}.dead"), wait=False):
        if fingerprint(path) == found:
            path.unlink(missing_ok=True)


def fingerprint(path: Path) -> str | None:
    """Return a digest of the lock file's content and modification time; None if there is no lock file."""
    try:
        with open_regular(path) as opened:
            content, touched = opened.read(_MOST_BYTES), path.stat().st_mtime_ns
    except (OSError, FileError):
        return None
    return hashlib.sha256(b"%s %d %s" % (path.name.encode(), touched, content)).hexdigest()[:20]


def _is_dead(path: Path) -> bool:
    try:
        touched = path.stat().st_mtime
    except FileNotFoundError:
        return False
    age = time.time() - touched
    record = _read(path)
    if _is_of_another_boot(record) and touched < processes.booted_at():
        return True
    here = processes.machine()
    if record and record.get("host") == socket.gethostname() and record.get("machine", here) == here:
        if (began := record.get("began")) is not None:
            return bool(processes.began(_pid(record)) != began)
        return age > DEAD_AFTER or not processes.lives(_pid(record))
    return age > DEAD_AFTER


def _is_of_another_boot(record: dict[str, Any]) -> bool:
    """Return whether the holder ran on this machine before its last boot."""
    theirs, ours = str(record.get("machine")).split(" ")[0], str(processes.machine()).split(" ")[0]
    is_here = record.get("host") == socket.gethostname() and record.get("hardware") == processes.hardware() is not None
    return is_here and theirs != ours


def _pid(record: dict[str, Any]) -> int:
    pid = record.get("pid")
    return pid if isinstance(pid, int) and 0 < pid < 2**31 else 0


def _read(path: Path) -> dict[str, Any]:
    try:
        record = parse_json(read_file(path, _MOST_BYTES).decode(errors="replace"))
    except (OSError, FileError, InputError):  # removed meanwhile, not a file, or cut short: no holder is named
        return {}
    return record if isinstance(record, dict) else {}


def _keep_alive(path: Path, ended: threading.Event) -> None:
    while not ended.wait(_TOUCH_EVERY):
        try:
            os.utime(path)
        except OSError:
            return
