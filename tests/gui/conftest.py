"""A display of our own for the tools' windows, and hands to work on them with."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from tests.gui.hands import Hands


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A virtual display of 1600×1000 px; DISPLAY names it meanwhile."""
    pytest.importorskip("tkinter", reason="Python was built without Tk")
    xvfb = shutil.which("Xvfb")
    if xvfb is None:
        pytest.skip("Xvfb is not installed (sh tests/system.sh)")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        [xvfb, "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    before = os.environ.get("DISPLAY")
    os.environ["DISPLAY"] = f":{number}"
    yield f":{number}"
    os.environ.pop("DISPLAY")
    if before is not None:
        os.environ["DISPLAY"] = before
    server.terminate()
    server.wait(10)


@pytest.fixture
def hands(display: str) -> Hands:
    """A person's hands."""
    try:
        return Hands(display)
    except OSError as error:
        pytest.skip(f"{error}: libX11 and libXtst are not installed (sh tests/system.sh)")
