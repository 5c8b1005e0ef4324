"""A running replica of a small catalog, with a log of each test's requests."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lap_assets.replica.catalog import Catalog
from tests.sites.stand import Stand, animation, anime, standing


@pytest.fixture(scope="session")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    listed = tuple(anime(number, 100 + number, rx=number % 4 == 0) for number in range(1, 13))
    catalog = Catalog(5, listed, (animation(1, 1, 1, 2), animation(3, 2, 1)))
    with standing(catalog, tmp_path_factory.mktemp("stand")) as running:
        yield running


@pytest.fixture
def stand(_served: Stand, tmp_path: Path) -> Iterator[Stand]:
    """Anime 1 to 12, every fourth excluded; the animations 1 and 3. No requests yet, no faults."""
    _served.log.unlink(missing_ok=True)
    yield replace(_served, folder=tmp_path)
    _served.replica.faults.clear()
