"""What several rooms' tests share: the command as people run it, and one demo's home."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import DEMO, SECONDS, Lap, command, environment


@pytest.fixture
def lap(tmp_path: Path) -> Lap:
    """Runs `lap` in an empty folder and gives what it said."""

    def run(*arguments: str, **variables: str | Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command(*arguments),
            env=environment(**variables),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )

    return run


@pytest.fixture(scope="session")
def finished_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The home of a demo that ran to its end, not to be changed, and what the command said."""
    home = tmp_path_factory.mktemp("demo") / "home"
    ended = subprocess.run(
        command("demo", *DEMO), env=environment(LAP_HOME=home), cwd=home.parent, capture_output=True, text=True,
        timeout=SECONDS,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    yield home, ended.stderr
    shutil.rmtree(home.parent)


@pytest.fixture
def demo_home(finished_demo: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of that home, for tests that change it: pictures are linked, what is written in place is copied."""

    def copied(source: str, target: str) -> None:
        (os.link if source.endswith(".jpg") else shutil.copy2)(source, target)

    return Path(shutil.copytree(finished_demo[0], tmp_path / "home", symlinks=True, copy_function=copied))
