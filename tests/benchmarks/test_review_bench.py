"""The simulated reviewer and the fit, on a world of invented hashes and vectors, and on a small drawn world."""

import random
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from benchmarks.review_effort import effort
from benchmarks.review_fit import fit_model
from benchmarks.review_worlds import World, together, world
from lap_assets.core.names import PosterName
from lap_assets.duplicates.tables import POSTERS
from lap_assets.review.pair_model import PairModel


def made_up(seed: int, originals: int = 150) -> World:
    """Return a world with one or two posters per anime; every third poster has a copy, 0 to 12 bits apart."""
    chance = random.Random(seed)
    rows, vectors, true = [], [], []

    def add(
        number: int, mal_id: int, codes: list[int], direction: "np.ndarray[tuple[int], np.dtype[np.float64]]"
    ) -> str:
        name = f"MAL{mal_id:05d}_0001_{number:06d}.jpg"
        side = 300 + number % 7 * 40
        rows.append((name, mal_id, "mal", f"{seed:08x}{number:056x}", side, side * 7 // 5, 9000 + number, *codes, None))
        vectors.append((name, (direction / np.linalg.norm(direction)).tolist()))
        return name

    noise = np.random.default_rng(seed)
    for number in range(originals):
        codes = [chance.getrandbits(64) for _ in range(3)]
        direction = noise.standard_normal(16)
        first = add(2 * number, 1 + number, codes, direction)
        if number % 3 == 0:
            bits = chance.randint(0, 12)
            changed = [code ^ sum(1 << bit for bit in chance.sample(range(64), bits)) for code in codes]
            anime = 1 + number if number % 2 else 5000 + number
            second = add(2 * number + 1, anime, changed, direction + 0.05 * bits * noise.standard_normal(16) / 4)
            true.append((min(first, second), max(first, second)))
        elif number % 3 == 1:  # another picture of the anime, at a small distance
            add(
                2 * number + 1, 1 + number, [code ^ chance.getrandbits(12) for code in codes], noise.standard_normal(16)
            )
    posters = pl.DataFrame(rows, POSTERS, orient="row").sort("name")
    table = pl.DataFrame(vectors, {"name": pl.String, "vector": pl.List(pl.Float32)}, orient="row").sort("name")
    return World(posters, table, frozenset(true))


@pytest.fixture(scope="module")
def model() -> PairModel:
    return fit_model([made_up(1), made_up(2)])


@pytest.mark.parametrize("with_vectors", [True, False])
def test_the_queue_is_never_slower_than_the_lists_and_what_is_left_is_in_the_interval(
    model: PairModel, *, with_vectors: bool
) -> None:
    found = effort(made_up(3), model, with_vectors=with_vectors)
    assert found.removals > 10
    assert found.removals <= found.one_by_one <= found.listed
    if with_vectors:  # by hashes alone, other pictures of an anime are as close as copies
        assert found.one_by_one <= 1.25 * found.removals
    assert found.left.low <= found.left_true <= found.left.high
    assert found.accepted_wrong <= 0.05
    assert found.off <= 0.1


def test_worlds_put_together_keep_their_copies_and_share_no_anime() -> None:
    both = together([made_up(1), made_up(2)])
    assert both.posters.height == 2 * made_up(1).posters.height
    assert len(both.true) == len(made_up(1).true) + len(made_up(2).true)
    anime = dict(both.posters.select("name", "mal_id").iter_rows())
    assert all(PosterName.parse(name).mal_id == mal_id for name, mal_id in anime.items())
    assert {name for pair in both.true for name in pair} <= anime.keys()


@pytest.mark.slow
def test_a_world_is_drawn_once(tmp_path: Path) -> None:
    drawn = world(10, 3, tmp_path)
    stamp = next(tmp_path.glob("*.parquet")).stat().st_mtime_ns
    again = world(10, 3, tmp_path)
    assert next(tmp_path.glob("*.parquet")).stat().st_mtime_ns == stamp
    assert again.posters.equals(drawn.posters)
    assert again.true == drawn.true
    assert drawn.vectors.height == drawn.posters.height > 10
