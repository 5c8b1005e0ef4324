"""Copies that only vectors find, with a handwritten truth."""

import polars as pl
import pytest

from benchmarks.vectors import beyond_hashes
from lap_assets.duplicates.rules import DEFAULT_RULES
from lap_assets.duplicates.tables import PAIRS, POSTERS

NAMES = [f"MAL{number:05d}_0001_{number:06d}.jpg" for number in range(1, 7)]


def posters() -> pl.DataFrame:
    rows = [(name, int(name[3:8]), "mal", "0" * 64, 100, 100, 1, 0, 0, 0, None) for name in NAMES]
    return pl.DataFrame(rows, POSTERS, orient="row")


def pairs(*rows: tuple[int, int, int, float | None]) -> pl.DataFrame:
    values = [(NAMES[a], NAMES[b], ahash, 64, 64, cosine) for a, b, ahash, cosine in rows]
    return pl.DataFrame(values, PAIRS, orient="row")


def test_copies_that_hashes_find_do_not_count() -> None:
    truth = [(NAMES[0], NAMES[1], ["cropped"]), (NAMES[3], NAMES[2], ["mirrored"]), (NAMES[4], NAMES[5], ["mirrored"])]
    found = pairs((0, 1, 0, 0.01), (2, 3, 40, 0.05), (0, 2, 40, 0.1), (4, 5, 40, None))
    judged = beyond_hashes(truth, posters(), found, DEFAULT_RULES, 0.95)
    assert judged.distance == pytest.approx(0.05)
    assert judged.precision == 1
    assert judged.by_kind == {"all": (2, 1), "mirrored": (2, 1)}
    lax = beyond_hashes(truth, posters(), found, DEFAULT_RULES, 0.6)
    assert lax.distance == pytest.approx(0.1)
    assert lax.precision == pytest.approx(2 / 3)


def test_pairs_at_one_distance_are_taken_together() -> None:
    truth = [(NAMES[0], NAMES[1], ["cropped"]), (NAMES[2], NAMES[3], ["cropped"])]
    found = pairs((0, 1, 40, 0.1), (0, 2, 40, 0.2), (2, 3, 40, 0.2))
    judged = beyond_hashes(truth, posters(), found, DEFAULT_RULES, 0.95)
    assert judged.distance == pytest.approx(0.1)
    assert judged.by_kind["all"] == (2, 1)


def test_no_pairs_at_all() -> None:
    judged = beyond_hashes([(NAMES[0], NAMES[1], [])], posters(), pairs(), DEFAULT_RULES, 0.95)
    assert judged.distance is None
    assert judged.by_kind == {"all": (1, 0), "same": (1, 0)}
