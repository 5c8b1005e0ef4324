"""A home that was moved, copied during a run, has files that cannot be replaced, or belongs to another user."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.contents import contents
from tests.support import Lap, command, environment

_IS_ROOT = os.name == "posix" and os.geteuid() == 0
_NOBODY = 65534


def test_a_home_that_moved_is_as_fresh_as_it_was(demo_home: Path, lap: Lap, tmp_path: Path) -> None:
    before = lap("refresh", "--dry-run", LAP_HOME=demo_home)
    moved = demo_home.rename(tmp_path / "elsewhere")
    result = lap("verify", LAP_HOME=moved)
    assert (result.returncode, result.stdout.splitlines()) == (0, ["the home is as it was written"])
    after = lap("refresh", "--dry-run", LAP_HOME=moved)
    assert (after.returncode, after.stdout, after.stderr) == (0, before.stdout, before.stderr)
    held = [path for path in moved.rglob("*") if path.suffix in (".json", ".yaml", ".csv", ".txt") and path.is_file()]
    assert not [path for path in held if str(demo_home) in path.read_text(errors="replace")]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="copies that keep links are cp's")
def test_a_copy_of_a_home_at_work_is_finished_to_the_same_end(tmp_path: Path, lap: Lap) -> None:
    """As rsync leaves it: some old files, some new, some partial. The copy is like a home whose run was killed."""
    home, copied = tmp_path / "home", tmp_path / "copy"
    demo = command("demo", "--anime", "30", "--seed", "3", "--jobs", "1")
    running = subprocess.Popen(
        demo, env=environment(LAP_HOME=home), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while running.poll() is None and not any((home / "tables" / "hash_pairs").glob("*.parquet")):
        pass
    subprocess.run(
        ["cp", "-a", str(home), str(copied)], check=False, capture_output=True
    )  # files removed meanwhile are reported
    assert running.wait() == 0
    ended = lap("demo", "--anime", "30", "--seed", "3", "--jobs", "1", LAP_HOME=copied)
    assert ended.returncode == 0, ended.stderr
    assert contents(copied) == contents(home)


@pytest.fixture
def immutable(demo_home: Path) -> Iterator[Path]:
    """A table of the home that may not be replaced."""
    path = demo_home / "tables" / "dedup_decisions" / "0.parquet"
    if shutil.which("chattr") is None or subprocess.run(["chattr", "+i", str(path)], capture_output=True).returncode:
        pytest.skip("no file can be made immutable here")
    yield path
    subprocess.run(["chattr", "-i", str(path)], check=True)


@pytest.mark.slow
def test_a_file_that_cannot_be_replaced_is_named_and_the_rest_continues(immutable: Path, lap_process: Lap) -> None:
    home, before = immutable.parents[2], immutable.read_bytes()
    rules = '{"same_ahash": {"ahash": [0, 1]}}'
    result = lap_process("run", "--no-sites", "--partition", "0", LAP_HOME=home, LAP_RULES=rules)
    assert result.returncode == 1
    assert f"FAILED dedup_decisions [0]: {immutable}: Operation not permitted" in result.stderr
    assert "Traceback" not in result.stderr
    assert immutable.read_bytes() == before
    assert not list(home.rglob(".*.part"))
    subprocess.run(["chattr", "-i", str(immutable)], check=True)
    result = lap_process("run", "--no-sites", "--partition", "0", LAP_HOME=home, LAP_RULES=rules)
    assert result.returncode == 0, result.stderr


@pytest.mark.skipif(not _IS_ROOT or shutil.which("setpriv") is None, reason="another user's files take root to make")
def test_somebody_else_s_home_is_named_and_left_alone(tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    home = tmp_path / "theirs"
    (home / "state").mkdir(parents=True)
    readable = subprocess.run(
        ["setpriv", f"--reuid={_NOBODY}", "--clear-groups", sys.executable, "-c", "import dagster"], capture_output=True
    )
    if readable.returncode:
        pytest.skip("another user cannot run this interpreter")
    for words in (["run"], ["refresh"], ["ui", "--port", "39517"], ["status"]):
        result = subprocess.run(
            ["setpriv", f"--reuid={_NOBODY}", "--clear-groups", *command(*words)],
            env=environment(LAP_HOME=home, HOME=tmp_path, PYTHONPATH=Path.cwd()), cwd="/", capture_output=True,
            text=True,
        )  # fmt: skip
        assert result.returncode == 2, result.stderr
        (line,) = result.stderr.splitlines()
        assert str(home) in line
        assert "Permission denied" in line
    assert [path.name for path in home.rglob("*")] == ["state"]
