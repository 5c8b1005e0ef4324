"""`lap verify` during a run: files that the run is changing are not checked, everything else is."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import Lap, command, environment

HOLDER = """
import sys
from pathlib import Path
from lap_assets.core.locks import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def at_work(demo_home: Path) -> Iterator[int]:
    """Start a process that holds the run lock, as a run does; yield its id."""
    lock = str(demo_home / "state" / "run.lock")
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, lock], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    time.sleep(0.05)  # the file system's clock ticks
    yield holder.pid
    holder.stdin.close()
    holder.wait()


def test_files_that_a_run_links_removes_and_writes_are_not_checked(demo_home: Path, at_work: int, lap: Lap) -> None:
    poster = sorted((demo_home / "posters").rglob("*.jpg"))[0]
    (demo_home / "images" / "0" / "MAL00001_0001_000001.jpg").hardlink_to(poster)  # as old as its poster
    removed = sorted((demo_home / "images" / "1").glob("*.jpg"))[0]
    removed.unlink()
    (demo_home / "tables" / "hash_pairs" / ".0.parquet.123-ab.part").write_bytes(b"half")
    replaced = demo_home / "tables" / "hash_pairs" / "0.parquet"
    replaced.unlink()
    replaced.write_bytes(b"half")
    result = lap("verify", LAP_HOME=demo_home)
    assert (result.returncode, result.stdout.splitlines()) == (0, ["the home is as it was written"]), result.stdout
    assert f"a run is in progress here (process {at_work} on " in result.stderr
    assert "; 4 files that it is changing are not checked" in result.stderr


def test_issues_from_before_the_run_are_reported(demo_home: Path, lap: Lap) -> None:
    missing = sorted((demo_home / "images").rglob("*.jpg"))[0]
    missing.unlink()
    (demo_home / "posters" / "0" / "notes.txt").write_text("mine")
    time.sleep(0.05)
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(demo_home / "state" / "run.lock")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None
        assert holder.stdin is not None
        holder.stdout.readline()
        result = lap("verify", LAP_HOME=demo_home)
        holder.stdin.close()
    assert result.returncode == 1
    assert {line.rpartition(": ")[0] for line in result.stdout.splitlines()} >= {
        str(missing), str(demo_home / "posters" / "0" / "notes.txt"),
    }  # fmt: skip


@pytest.mark.slow
def test_a_real_run_is_verified_again_and_again(tmp_path: Path, lap: Lap) -> None:
    home = tmp_path / "home"
    running = subprocess.Popen(
        command("demo", "--anime", "30", "--seed", "3", "--jobs", "1"), env=environment(LAP_HOME=home), cwd=tmp_path,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    looks = 0
    while running.poll() is None:
        if (home / "state" / "run.lock").exists():
            result = lap("verify", LAP_HOME=home)
            if running.poll() is None:
                assert result.returncode == 0, result.stdout
                looks += 1
        time.sleep(0.5)
    assert running.returncode == 0
    assert looks > 3
    assert lap("verify", LAP_HOME=home).returncode == 0
