"""Replica worlds as tables (hashes, vectors, and the truth), for fitting and judging the probability of pairs.

A world is drawn poster by poster and kept as one file, so that it is drawn only once. Worlds and their pairs belong
here; fitting is in `review_fit`, the reviewer's figures in `review_effort`.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from lap_assets.core import files
from lap_assets.duplicates.candidate_pairs import find_cosine_pairs, find_hash_pairs, merge_pairs
from lap_assets.duplicates.embedding_table import unit_vector, vectors_of
from lap_assets.duplicates.hashing import hash_image
from lap_assets.duplicates.rules import Rules
from lap_assets.duplicates.tables import POSTERS
from lap_assets.models import load_embedder
from lap_assets.models.batching import Unreadable
from lap_assets.replica.plan import RecipePlan
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.renderer.picture import jpeg_of
from lap_assets.replica.truth import true_pairs

EMBEDDER: Final = "lap-tiny"
_ID_STEP: Final = 100_000
"""Offset of MAL ids per world when several are joined: larger than any id in a world."""


@dataclass(frozen=True, slots=True)
class World:
    """Posters (`tables.POSTERS`), one vector per poster (`name`, `vector`), and the true pairs: copies."""

    posters: pl.DataFrame
    vectors: pl.DataFrame
    true: frozenset[tuple[str, str]]

    def is_true(self, pairs: pl.DataFrame) -> pl.Series:
        """Return a column `is_true`: whether each row of a table with `first` and `second` is a pair of copies."""
        return pl.Series("is_true", [pair in self.true for pair in pairs.select("first", "second").iter_rows()])

    def pairs(self, rules: Rules, *, with_vectors: bool = True) -> pl.DataFrame:
        """Return every pair within the range of any rule, as `tables.PAIRS`."""
        by_hash = find_hash_pairs(self.posters, None, rules)
        if not with_vectors:
            return merge_pairs(by_hash, None)
        vectors = vectors_of(self.vectors)
        return merge_pairs(by_hash, find_cosine_pairs(self.vectors["name"], vectors, None, None, rules))


def world(anime: int, seed: int, kept_in: Path) -> World:
    """Return the world with this number of anime and seed; it is drawn if missing in `kept_in`."""
    path = kept_in / f"{anime}-{seed}.parquet"
    if not path.is_file():
        kept_in.mkdir(parents=True, exist_ok=True)
        table = _drawn(anime, seed)
        with files.replacing(path) as beside:
            table.write_parquet(beside)
    table = pl.read_parquet(path)
    pairs = true_pairs(procedural_catalog(anime, seed=seed))
    true = frozenset((min(a, b), max(a, b)) for a, b, _ in pairs)
    return World(table.drop("vector"), table.select("name", "vector"), true)


def together(worlds: list[World]) -> World:
    """Join several worlds into one: they share no anime and no copies."""
    moved = [_moved(one, index) for index, one in enumerate(worlds)]
    return World(
        pl.concat([one.posters for one in moved], how="diagonal"),
        pl.concat([one.vectors for one in moved]),
        frozenset().union(*(one.true for one in moved)),
    )


def _drawn(anime: int, seed: int) -> pl.DataFrame:
    catalog = procedural_catalog(anime, seed=seed)
    plan = RecipePlan(catalog)
    rows, paths = [], []
    with tempfile.TemporaryDirectory() as folder:
        for name, key in catalog.wanted():
            path = Path(folder) / str(name)
            path.write_bytes(jpeg_of(plan.recipe(key)))
            paths.append(path)
            hashed = hash_image(path)
            rows.append(
                (str(name), name.mal_id, name.source, hashed.sha256, hashed.width, hashed.height, hashed.bytes,
                 hashed.ahash, hashed.phash, hashed.dhash, None, hashed.structure)
            )  # fmt: skip
        vectors = [unit_vector(one) for one in load_embedder(EMBEDDER).over(paths)]
    lists = [None if isinstance(one, Unreadable) else one.tolist() for one in vectors]
    table = pl.DataFrame(rows, [*POSTERS.items(), ("structure", pl.Float32)], orient="row")
    return table.with_columns(pl.Series("vector", lists, dtype=pl.List(pl.Float32))).sort("name")


def _moved(one: World, index: int) -> World:
    """Return the world with MAL ids, and so names, that are unique among the joined worlds."""
    by = index * _ID_STEP
    names = {
        name: f"MAL{mal_id + by:05d}_{name.split('_', 1)[1]}"
        for name, mal_id in one.posters["name", "mal_id"].iter_rows()
    }
    renamed = pl.col("name").replace_strict(names)
    return World(
        one.posters.with_columns(renamed, pl.col("mal_id") + by).sort("name"),
        one.vectors.with_columns(renamed).sort("name"),
        frozenset((min(pair), max(pair)) for a, b in one.true for pair in [(names[a], names[b])]),
    )
