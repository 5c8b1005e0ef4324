"""The table of vectors of a partition's posters, and the pairs of near vectors."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lap_assets.core.home import Home
from lap_assets.core.precision import LENGTH_TOLERANCE, VECTOR_STEP
from lap_assets.duplicates.candidate_pairs import find_cosine_pairs
from lap_assets.duplicates.rules import Rules
from lap_assets.models.batching import Unreadable
from lap_assets.models.table import PartitionJob, Results, TableModel, model_table
from lap_assets.models.types import Embedder, Vector

# Changed when vectors are stored differently, so that tables are computed again.
METHOD: Final = "2"

SCHEMA: Final = pl.Schema(
    {
        "name": pl.String(),
        "sha256": pl.String(),
        "model": pl.String(),
        "vector": pl.List(pl.Float32),
        "problem": pl.String(),
        "subfolder": pl.String(),
    }
)
"""One row per poster. `vector` has L2 length 1 to within `LENGTH_TOLERANCE`, float32, its numbers multiples of
`VECTOR_STEP`; null if there is a `problem`. Only vectors of the same `model` may be compared."""

_AT_ONCE: Final = 1 << 14  # pairs of vectors
ADDED: Final = ("subfolder",)
"""Columns that stored tables of older versions lack; their rows are reused."""


def embedding_table(
    posters: pl.DataFrame,
    *,
    model: str,
    load: Callable[[], Embedder],
    previous: pl.DataFrame | None,
    home: Home,
    job: PartitionJob,
) -> pl.DataFrame:
    """Return the vectors of `posters` (name, sha256) as `SCHEMA`, sorted by name. Equal contents are embedded once.

    `model`: the model's version; rows of `previous` with the same content and version are reused.

    Raises:
        Stopped: as in `model_table`.
    """
    table_model = TableModel(model, load, _to_rows)
    return model_table(posters, table_model, path_of=home.poster_path, previous=previous, job=job)


def find_embedding_pairs(
    own: pl.DataFrame, lower: pl.DataFrame, rules: Rules, by_hash: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Return pairs of near vectors within `own`, and between it and `lower`, as `tables.COSINE_PAIRS` in name order.

    Args:
        own: `SCHEMA`.
        lower: `SCHEMA`; vectors of a model that `own` does not use are left out.
        rules: the table of rules; its widest cosine range limits the search.
        by_hash: pairs found by hashes. If a rule has `apart`, their cosine distances are added, whatever they are.
    """
    ours = own.filter(pl.col("vector").is_not_null())
    theirs = lower.filter(pl.col("vector").is_not_null() & pl.col("model").is_in(ours["model"].implode()))
    if theirs.height:
        near = find_cosine_pairs(ours["name"], vectors_of(ours), theirs["name"], vectors_of(theirs), rules)
    else:
        near = find_cosine_pairs(ours["name"], vectors_of(ours), None, None, rules)
    if by_hash is None or all(rule.apart is None for rule in rules.rules):
        return near
    missing = by_hash.join(near, on=["first", "second"], how="anti")
    return pl.concat([near, _cosines(missing, pl.concat([ours, theirs.select(ours.columns)]))]).sort("first", "second")


def _cosines(pairs: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """Return the cosine distances of the pairs whose posters both have a vector, as `tables.COSINE_PAIRS`."""
    rows = table.select("name").with_row_index("row")
    found = pairs.join(rows, left_on="first", right_on="name").join(
        rows, left_on="second", right_on="name", suffix="_b"
    )
    vectors, apart = vectors_of(table), np.empty(found.height, np.float32)
    left, right = found["row"].to_numpy(), found["row_b"].to_numpy()
    for start in range(0, found.height, _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        both = vectors[left[part]].astype(np.float64), vectors[right[part]].astype(np.float64)
        lengths = np.linalg.norm(both[0], axis=1) * np.linalg.norm(both[1], axis=1)
        apart[part] = np.maximum(0, 1 - np.einsum("nd,nd->n", *both) / lengths)
    return found.select("first", "second", pl.Series("cosine", apart, dtype=pl.Float32))


def vectors_of(table: pl.DataFrame) -> NDArray[np.float32]:
    """Return the vectors of a table without nulls, all of one length: shape (n, d); (0, 1) if there are none."""
    if not table.height:
        return np.empty((0, 1), np.float32)
    return table["vector"].list.to_array(len(table["vector"][0])).to_numpy()


def invalid_vectors(table: pl.DataFrame) -> list[str]:
    """Return the problems of a table, one line each."""
    sizes = table["vector"].list.len().drop_nulls().unique().sort().to_list()
    wrong = [f"vectors of different lengths: {' and '.join(map(str, sizes))} numbers"] if len(sizes) > 1 else []
    neither = table.filter(pl.col("vector").is_null() == pl.col("problem").is_null())["name"]
    wrong += [f"{name}: expected either a vector or a problem, found both or neither" for name in neither]
    length = pl.col("vector").list.eval(pl.element().cast(pl.Float64) ** 2).list.sum().sqrt()
    is_unit = ((length - 1).abs() < LENGTH_TOLERANCE).fill_null(value=True) & length.is_not_nan().fill_null(value=True)
    return wrong + [f"{name}: its vector is not of length 1" for name in table.filter(~is_unit)["name"]]


def _to_rows(results: Results[Vector]) -> pl.DataFrame:
    units = [unit_vector(result) for _, result in results]
    return pl.DataFrame(
        {
            "sha256": [sha256 for sha256, _ in results],
            "vector": [None if isinstance(unit, Unreadable) else pl.Series(unit, dtype=pl.Float32) for unit in units],
            "problem": [unit.problem if isinstance(unit, Unreadable) else None for unit in units],
        },
        schema={name: SCHEMA[name] for name in ("sha256", "vector", "problem")},
    )


def unit_vector(vector: NDArray[Any] | Unreadable) -> Vector | Unreadable:
    """Return a model's vector at length 1 and stored precision; a problem if the vector has no direction."""
    if isinstance(vector, Unreadable):
        return vector
    length = float(np.linalg.norm(vector.astype(np.float64)))
    if not np.isfinite(length) or length == 0:
        return Unreadable("the model returned a vector without a direction (zero, NaN or infinite)")
    return (np.rint(vector / length / VECTOR_STEP) * VECTOR_STEP).astype(np.float32)
