"""A running replica with posters of both sites, and an undisturbed scrape of it to compare with."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from lap_assets.replica.catalog import Catalog
from tests.posters.scraping import Scraped, scraped
from tests.sites.stand import Stand, animation, anime, standing


@pytest.fixture(scope="session")
def _served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    listed = (
        anime(1, 101, 102, 103),
        anime(2, 201),
        anime(3),
        anime(4, 401, 402, rx=True),
        anime(5, 501, 502),
        anime(1500, 1501),
    )
    animations = (
        animation(1, 1, 1, 2),
        animation(3, 4, 1, 2),
        animation(7, 5, 3),
        animation(8, None, 1),
        animation(9, 77, 1),
        animation(1000, 1, 4),
        animation(2000, 2, 5),
        animation(2001, 3),
    )
    with standing(Catalog(5, listed, animations), tmp_path_factory.mktemp("posters")) as running:
        yield running


@pytest.fixture(scope="session")
def undisturbed(_served: Stand) -> Scraped:
    """The result of an uninterrupted scrape of subfolder 0."""
    return scraped(_served.run_context("undisturbed"))


@pytest.fixture
def stand(_served: Stand, undisturbed: Scraped, tmp_path: Path) -> Iterator[Stand]:
    """The replica, without requests or faults yet."""
    _served.log.unlink(missing_ok=True)
    yield replace(_served, folder=tmp_path)
    _served.replica.faults.clear()
