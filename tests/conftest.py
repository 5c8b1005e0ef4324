"""What several rooms' tests share: the command as people run it, and one demo's home."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lap_assets.core.locks import held
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
def finished_demo(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> tuple[Path, str]:
    """The home of a demo that ran to its end, not to be changed, and what the command said. One for all processes."""
    several = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if several else base) / f"demo-{testrun_uid}"
    with held(folder / "demo.lock"):
        said = folder / "said"
        if not said.exists():
            ended = subprocess.run(
                command("demo", *DEMO), env=environment(LAP_HOME=folder / "home"), cwd=folder, capture_output=True,
                text=True, timeout=SECONDS,
            )  # fmt: skip
            assert ended.returncode == 0, ended.stderr
            said.write_text(ended.stderr)
    return folder / "home", said.read_text()


@pytest.fixture
def demo_home(finished_demo: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of that home, for tests that change it: pictures are linked, what is written in place is copied."""

    def copied(source: str, target: str) -> None:
        (os.link if source.endswith(".jpg") else shutil.copy2)(source, target)

    return Path(shutil.copytree(finished_demo[0], tmp_path / "home", symlinks=True, copy_function=copied))
