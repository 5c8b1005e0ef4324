import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lap_assets.core import processes
from lap_assets.core.errors import LockHeld
from lap_assets.core.locks import DEAD_AFTER, fingerprint, held, holder


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "state" / "mal.lock"


def written(lock: Path, pid: int, host: str | None = None, *, age: float = 0.0, **more: str) -> None:
    """A lock file left by another holder, touched `age` seconds ago."""
    lock.parent.mkdir(exist_ok=True)
    lock.write_text(json.dumps({"pid": pid, "host": host or socket.gethostname(), "since": "then", **more}))
    os.utime(lock, (time.time() - age,) * 2)


def dead_pid() -> int:
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_a_lock_names_its_holder_and_ends_with_the_block(lock: Path) -> None:
    with held(lock):
        assert f"process {os.getpid()} on {socket.gethostname()}" in holder(lock)
    assert list(lock.parent.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_clock_that_jumps_does_not_take_a_living_holders_lock(lock: Path) -> None:
    with held(lock):
        os.utime(lock, (time.time() - 365 * 24 * 3600,) * 2)  # as after a jump by a year
        with pytest.raises(LockHeld), held(lock, wait=False):
            pass


def test_a_machine_of_the_same_name_is_not_searched_for_its_process(lock: Path) -> None:
    written(lock, dead_pid(), machine="another boot")
    with pytest.raises(LockHeld), held(lock, wait=False):
        pass
    written(lock, dead_pid(), machine="another boot", age=DEAD_AFTER + 1)
    with held(lock, wait=False):
        pass


def test_an_error_in_the_block_frees_the_lock(lock: Path) -> None:
    with pytest.raises(KeyError), held(lock):
        raise KeyError
    assert not lock.exists()


def test_a_second_holder_that_does_not_wait_learns_the_first(lock: Path) -> None:
    with held(lock):
        with pytest.raises(LockHeld, match=f"mal.lock is held by process {os.getpid()} on .*; wait for it to end"):
            held(lock, wait=False).__enter__()
        assert lock.exists()


def test_a_waiting_process_can_be_stopped(lock: Path) -> None:
    with held(lock), pytest.raises(LockHeld), held(lock, stopping=lambda: True):
        pass


def test_only_one_is_in_the_block_at_a_time(lock: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work(number: int) -> None:
        with held(lock):
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.01)
            inside.remove(number)

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(work, range(5)))
    assert most == [1] * 5


def test_the_lock_of_an_ended_process_is_taken_over(lock: Path) -> None:
    written(lock, dead_pid())
    with held(lock, wait=False):
        assert f"process {os.getpid()} " in holder(lock)
    assert list(lock.parent.iterdir()) == []


@pytest.fixture
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time passes between checking a file and acting on it."""
    draw = random.Random(5)
    for name in ("unlink", "rename", "open"):
        act = getattr(Path, name)

        def slowed(path: Path, *args: object, act: Callable[..., object] = act, **more: object) -> object:
            time.sleep(draw.uniform(0, 0.01))
            return act(path, *args, **more)

        monkeypatch.setattr(Path, name, slowed)


@pytest.mark.parametrize("turn", range(6))
def test_of_many_who_find_a_dead_lock_each_gets_it_in_turn(lock: Path, slow_disk: None, turn: int) -> None:
    written(lock, dead_pid())
    together = threading.Barrier(8)
    inside: list[int] = []
    most: list[int] = []

    def work(number: int) -> None:
        together.wait()
        with held(lock):
            inside.append(number)
            most.append(len(inside))
            time.sleep(0.005 * turn)
            inside.remove(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    assert most == [1] * 8
    assert list(lock.parent.iterdir()) == []


def test_a_process_killed_while_removing_a_dead_lock_does_not_block_others(lock: Path) -> None:
    written(lock, dead_pid())
    with held(lock):
        pass
    written(lock, dead_pid())
    grave = lock.with_name(f".{fingerprint(lock)}.dead")
    written(grave, dead_pid())
    with held(lock):
        assert f"process {os.getpid()} " in holder(lock)
    assert list(lock.parent.iterdir()) == []


@pytest.mark.parametrize("host", [None, "another-machine"])
def test_a_lock_untouched_for_long_is_taken_over(lock: Path, host: str | None) -> None:
    written(lock, os.getpid(), host, age=DEAD_AFTER + 5)
    with held(lock, wait=False):
        assert socket.gethostname() in holder(lock)


def test_a_recently_touched_lock_of_another_machine_counts(lock: Path) -> None:
    written(lock, dead_pid(), "another-machine", age=DEAD_AFTER - 30)
    with pytest.raises(LockHeld, match="on another-machine"), held(lock, wait=False):
        pass
    assert lock.exists()


@pytest.mark.parametrize("content", ["", "{", "[]", "null"])
def test_an_empty_lock_file_counts_until_it_is_old(lock: Path, content: str) -> None:
    written(lock, 1)
    lock.write_text(content)
    with pytest.raises(LockHeld, match="an unknown process"), held(lock, wait=False):
        pass
    os.utime(lock, (time.time() - DEAD_AFTER - 5,) * 2)
    with held(lock, wait=False):
        pass


def test_a_killed_holders_lock_is_free_at_once(lock: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from lap_assets.core.locks import held\n"
        "with held(Path(sys.argv[1])):\n    print('held', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", code, lock], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"held\n"
    with pytest.raises(LockHeld, match=f"process {child.pid} "), held(lock, wait=False):
        pass
    child.kill()
    child.wait()
    child.stdout.close()
    with held(lock, wait=False):
        pass


def test_a_holder_that_lost_its_lock_does_not_remove_the_new_one(lock: Path) -> None:
    """A holder that was suspended too long finds another holder when it resumes."""
    with held(lock):
        written(lock, os.getpid(), "another-machine")
    assert "another-machine" in holder(lock)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_zombie_holds_no_lock(lock: Path) -> None:
    """As in a container whose first process reaps no children."""
    code = (
        "import sys, time\nfrom pathlib import Path\nfrom lap_assets.core.locks import held\n"
        "with held(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(600)\n"
    )
    holding = subprocess.Popen([sys.executable, "-c", code, str(lock)], stdout=subprocess.PIPE)
    assert holding.stdout is not None
    try:
        holding.stdout.readline()
        with pytest.raises(LockHeld), held(lock, wait=False):
            pass
        holding.kill()
        while Path(f"/proc/{holding.pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
            time.sleep(0.01)
        with held(lock, wait=False):
            assert f"process {os.getpid()} " in holder(lock)
    finally:
        holding.kill()
        holding.wait()
        holding.stdout.close()


@pytest.mark.parametrize(
    ("hardware", "before", "is_dead"),
    [("ours", True, True), ("ours", False, False), ("another", True, False), ("", True, False)],
)
def test_a_holder_from_before_the_last_boot_holds_no_lock(
    lock: Path, monkeypatch: pytest.MonkeyPatch, hardware: str, before: bool, is_dead: bool
) -> None:
    monkeypatch.setattr(processes, "hardware", lambda: "ours")
    monkeypatch.setattr(processes, "booted_at", lambda: time.time() - 60)
    written(lock, os.getpid(), machine="another-boot pid:[1]", hardware=hardware, age=90 if before else 30)
    if is_dead:
        with held(lock, wait=False):
            assert f"process {os.getpid()} " in holder(lock)
    else:
        with pytest.raises(LockHeld), held(lock, wait=False):
            pass


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe", b"[]", b'{"pid": "x"}', b'{"pid": 1e999}', b"[" * 30_000, b"x" * 100_000]
)
def test_a_lock_without_a_holder_counts_until_it_is_old(lock: Path, content: bytes) -> None:
    lock.parent.mkdir()
    lock.write_bytes(content)
    with pytest.raises(LockHeld), held(lock, wait=False):
        pass
    os.utime(lock, (time.time() - DEAD_AFTER - 1,) * 2)
    with held(lock, wait=False):
        pass
