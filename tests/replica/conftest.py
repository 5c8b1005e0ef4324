"""One replica of a small catalog for all tests that only read from it, and the original's lists if available."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lap_assets.replica.catalog import Anime, Catalog, WaAnimation
from lap_assets.replica.serving import Replica

LISTS = Path(__file__).parents[3] / "shared" / "data" / "lap"


def animation(
    wa_id: int, mal_id: int | None, posters: tuple[int, ...] = (1,), title: str = "Тихий: маяк [Kite]"
) -> WaAnimation:
    return WaAnimation(
        wa_id, mal_id, title, "ТВ (12 эп.), 25 мин.", "драма, меха", "c 01.02.2003 по 04.05.2003", 7.5, 12, posters
    )


def anime(mal_id: int, pictures: tuple[tuple[int, int], ...] = (), *, rx: bool = False, title: str = "Kite") -> Anime:
    return Anime(mal_id, title.replace(" ", "_"), title, rx, pictures)


@pytest.fixture(scope="session")
def small() -> Catalog:
    """120 anime; 7 has two pictures and special characters, 8 has none, every tenth is Rx. World Art has 1000, 2000."""
    listed = [anime(number, ((number % 13 + 1, 100 + number),), rx=number % 10 == 0) for number in range(9, 127)]
    special = anime(7, ((3, 70), (1234, 100_070)), title='A & "B": <Star>☆')
    return Catalog(
        5,
        (special, anime(8), *listed),
        (
            animation(1, 7, (1, 2, 82)),
            animation(2, None),
            animation(3, 9, ()),
            animation(999, 10),
            animation(1000, 11),
            animation(2000, 12),
            animation(2001, 7, (4,), title="Kite []"),
        ),
    )


@pytest.fixture(scope="session")
def replica(small: Catalog) -> Iterator[Replica]:
    with Replica(small) as running:
        yield running


@pytest.fixture(scope="session")
def client(replica: Replica) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=replica.url, timeout=600) as client:
        yield client


@pytest.fixture(scope="session")
def lists() -> Path:
    if not LISTS.is_dir():
        pytest.skip("the original's lists are not beside this checkout")
    return LISTS
