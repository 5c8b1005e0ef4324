"""One small release, which tests only read."""

from pathlib import Path

import pytest

from lap_assets.core.home import Home
from tests.release.making import inputs, release

NAMES = tuple(f"MAL{number:05}_{number:04}_{number:06}.jpg" for number in (5, 6, 7, 8, 1001, 2600, 50001, 50002))


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of eight images, with faces and without heads."""
    home = Home(tmp_path_factory.mktemp("small"))
    return release(home, inputs(home, NAMES, [("MAL00009_0001_000001.jpg", NAMES[0])])).path
