"""A display of our own for the tools' windows, and hands to work on them with."""

from collections.abc import Iterator

import pytest

from tests.gui.hands import Hands
from tests.gui.virtual import virtual_display


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A virtual display of 1600×1000 px; DISPLAY names it meanwhile."""
    pytest.importorskip("tkinter", reason="Python was built without Tk")
    try:
        with virtual_display() as name:
            yield name
    except FileNotFoundError as error:
        pytest.skip(str(error))


@pytest.fixture
def hands(display: str) -> Hands:
    """A person's hands."""
    try:
        return Hands(display)
    except OSError as error:
        pytest.skip(f"{error}: libX11 and libXtst are not installed (sh tests/system.sh)")
