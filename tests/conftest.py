"""Fixtures shared by several packages' tests: the command as people run it, and one demo's home."""

import os
import shutil
import signal
from functools import partial
from pathlib import Path

import pytest

import tests.profiles  # noqa: F401 - registers hypothesis's profiles
from lap_assets.core.garbage import collect_seldom
from lap_assets.core.locks import held
from tests.demos import demo_into
from tests.support import Lap, called, started

# Test processes and the commands that they start share the cores, so more threads only cost time.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# A test process holds the objects of dozens of commands, so garbage collection takes much of its time.
collect_seldom()

# Background jobs of a shell ignore SIGINT, and so would every process that a test starts and interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def lap(tmp_path: Path) -> Lap:
    """Run `lap` in this process, with an empty working folder, and return its status and output."""
    return partial(called, folder=tmp_path)


@pytest.fixture
def lap_process(tmp_path: Path) -> Lap:
    """Run `lap` in a separate process, for tests of signals, exit statuses, locks and full disks."""
    return partial(started, folder=tmp_path)


@pytest.fixture(scope="session")
def finished_demo(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str
) -> tuple[Path, str]:
    """The home of a finished demo (read-only for tests) and the command's output; shared by all test processes."""
    several = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if several else base) / f"demo-{testrun_uid}"
    with held(folder / "copying.lock"):
        saved = folder / "said"
        if not saved.exists():
            saved.write_text(demo_into(folder / "home", pytestconfig.rootpath / ".pytest_cache" / "demos"))
    return folder / "home", saved.read_text()


@pytest.fixture
def demo_home(finished_demo: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of the finished demo's home, for tests that change it."""
    return Path(shutil.copytree(finished_demo[0], tmp_path / "home", symlinks=True))


@pytest.hookimpl(trylast=True)  # after `-m` has deselected tests
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests that need a finished demo last, except one: the demo is then made while others run."""
    items.sort(key=_needs_demo)
    if (first := next(filter(_needs_demo, items), None)) is not None:
        items.remove(first)
        items.insert(0, first)


def _needs_demo(item: pytest.Item) -> bool:
    return "finished_demo" in getattr(item, "fixturenames", ())
