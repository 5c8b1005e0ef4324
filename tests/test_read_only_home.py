"""A home on a read-only mount: one line for commands that write; commands that only read work."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine.contents import contents
from tests.support import Lap

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="mounting takes root")


@pytest.fixture
def mounted(finished_demo: tuple[Path, str], tmp_path: Path) -> Iterator[Path]:
    """A finished demo's home on a separate read-only mount."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600m", "tmpfs", str(disk)], capture_output=True).returncode:
        pytest.skip("no mount is allowed here")
    try:
        home = shutil.copytree(finished_demo[0], disk / "home", symlinks=True)
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        yield home
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def test_what_writes_says_so_in_one_line(mounted: Path, lap: Lap) -> None:
    for command in ("run", "refresh", "status", "rules preview"):
        result = lap(*command.split(), LAP_HOME=mounted)
        assert result.returncode == 2
        (line,) = result.stderr.splitlines()
        assert str(mounted) in line
        assert "Read-only file system" in line


def test_labels_that_cannot_be_written_can_be_viewed_with_readonly(mounted: Path, lap: Lap) -> None:
    result = lap("label", str(mounted / "images" / "0"))
    assert result.returncode == 2
    assert "cannot be written (Read-only file system); with --readonly the Labeler shows it" in result.stderr


@pytest.mark.slow
def test_what_reads_works_and_nothing_is_lost(mounted: Path, lap: Lap, finished_demo: tuple[Path, str]) -> None:
    name = next((mounted / "images").rglob("*.jpg")).name
    for command in ("verify", "verdicts check", f"why {name}"):
        result = lap(*command.split(), LAP_HOME=mounted)
        assert result.returncode == 0, result.stderr
    subprocess.run(["mount", "-o", "remount,rw", str(mounted.parent)], check=True)
    result = lap("refresh", LAP_HOME=mounted)
    assert result.returncode == 0, result.stderr
    assert contents(mounted) == contents(finished_demo[0])
