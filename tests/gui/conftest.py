"""A virtual display for the tools' windows, and hands to operate them."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from PIL import Image

from tests.gui.hands import Hands
from tests.gui.virtual import virtual_display
from tests.gui.words import NAMES


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A virtual display of 1600×1000 px; DISPLAY names it in the meantime."""
    pytest.importorskip("tkinter", reason="Python was built without Tk")
    try:
        with virtual_display() as name:
            yield name
    except FileNotFoundError as error:
        pytest.skip(str(error))


@pytest.fixture
def hands(display: str) -> Hands:
    """Real keys and a real mouse on the display."""
    try:
        return Hands(display)
    except OSError as error:
        pytest.skip(f"{error}: libX11 and libXtst are not installed (sh tests/system.sh)")


@pytest.fixture
def windows(display: str) -> Iterator[ExitStack]:
    """Closes everything that is put into it."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def posters(tmp_path: Path) -> Path:
    """A folder with the first four posters, each smaller than the one before."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, name in enumerate(NAMES[:4]):
        Image.new("RGB", (400 - 40 * number, 600 - 60 * number), (60 * number, 40, 90)).save(folder / name)
    return folder
