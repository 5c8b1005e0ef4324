"""Tables of posters, vectors and verdicts for tests of the review package."""

from collections.abc import Iterable, Sequence

import polars as pl

from lap_assets.duplicates.embedding_table import SCHEMA as VECTORS
from lap_assets.duplicates.tables import POSTERS
from lap_assets.duplicates.verdict_table import VERDICTS


def poster(
    number: int, code: int, *, mal_id: int | None = None, size: tuple[int, int] = (300, 400)
) -> tuple[object, ...]:
    """Return a poster whose three hashes are `code`, of a new anime unless one is given."""
    anime = number if mal_id is None else mal_id
    name = f"MAL{anime:05d}_0001_{number:06d}.jpg"
    return (name, anime, "mal", f"{number:064x}", *size, 20_000 + number, code, code, code, None)


def posters(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), POSTERS, orient="row")


def vectors(named: Iterable[tuple[str, Sequence[float]]], model: str = "1-tiny") -> pl.DataFrame:
    rows = [(name, "0" * 64, model, list(vector), None, "0") for name, vector in named]
    return pl.DataFrame(rows, VECTORS, orient="row")


def verdict(
    number: int, first: tuple[object, ...], second: tuple[object, ...], answer: str, by: str = "ann"
) -> tuple[object, ...]:
    """Return a row of `VERDICTS`; a duplicate removes the second poster."""
    removed = second[0] if answer == "duplicate" else None
    time = f"2026-01-01T00:00:00.{number:06d}+00:00"
    return (
        f"{number:032x}",
        time,
        by,
        "pair",
        first[0],
        first[3],
        second[0],
        second[3],
        answer,
        removed,
        None,
        None,
        None,
        False,
    )


def verdicts(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), VERDICTS, orient="row")
