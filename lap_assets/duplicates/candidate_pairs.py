"""Tables of pairs from tables of posters: every pair within the range of some rule.

Belongs here: which posters are compared, and up to which distance. The search itself is in `search`.
"""

from typing import Any, Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lap_assets.duplicates.alike import CROWD, thinned
from lap_assets.duplicates.rules import Measure, Rules
from lap_assets.duplicates.search import cosine_pairs, hamming_pairs
from lap_assets.duplicates.tables import COSINE_PAIRS, HASH_PAIRS, PAIRS, readable_posters, require_columns

_HASHES: Final[tuple[Measure, ...]] = ("ahash", "phash", "dhash")
_SCOPES: Final[dict[Literal["same", "other"], bool]] = {"same": True, "other": False}


def find_hash_pairs(posters: pl.DataFrame, lower: pl.DataFrame | None, rules: Rules) -> pl.DataFrame:
    """Return all pairs within `posters`, and between `posters` and `lower`, up to the widest range of any rule.

    `lower` holds the posters of lower subfolders and shares no anime with `posters`. A pair found by one measure gets
    all three distances. A few posters represent each crowd of posters with the same hashes (`alike`).

    Returns:
        `HASH_PAIRS`, sorted by (first, second).

    Raises:
        ValueError: a table lacks a column, a name occurs twice, or an anime is in both tables.
    """
    ours = readable_posters(posters)
    theirs = None if lower is None else readable_posters(lower)
    if theirs is not None:
        _check_apart(ours, theirs)
    searched, alike = thinned(ours, theirs)
    found = [_same_anime(ours, rules), _of_crowds(alike, rules), _other_anime(searched, None, rules)]
    if theirs is not None:
        found.append(_other_anime(searched, thinned(theirs, ours)[0], rules))
    return pl.concat(found).unique().sort("first", "second")


def _of_crowds(alike: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return the pairs with equal hashes whose scope is covered by a rule with a hash range."""
    is_covered = {same: any(rules.widest(scope, m) is not None for m in _HASHES) for scope, same in _SCOPES.items()}
    covered = alike.filter(pl.col("same").replace_strict(is_covered, return_dtype=pl.Boolean))
    return covered.select("first", "second", *(pl.lit(0, pl.UInt8).alias(measure) for measure in _HASHES))


def find_cosine_pairs(
    names: pl.Series,
    vectors: NDArray[np.floating[Any]],
    lower_names: pl.Series | None,
    lower_vectors: NDArray[np.floating[Any]] | None,
    rules: Rules,
) -> pl.DataFrame:
    """Return all pairs within `vectors`, and between them and `lower_vectors`, up to the widest range of any rule.

    Row n of `vectors` belongs to `names[n]`; no anime may be in both lists.

    Returns:
        `COSINE_PAIRS`, sorted by (first, second). The widest range of either scope applies to both scopes.

    Raises:
        ValueError: names and vectors differ in number, or `cosine_pairs` rejects the vectors.
    """
    widest = [high for high in (rules.widest("same", "cosine"), rules.widest("other", "cosine")) if high is not None]
    if not widest:
        return pl.DataFrame(schema=COSINE_PAIRS)
    found = [_named(names, names, cosine_pairs(_checked(names, vectors), max_distance=max(widest)))]
    if lower_names is not None and lower_vectors is not None:
        pairs = cosine_pairs(vectors, _checked(lower_names, lower_vectors), max_distance=max(widest))
        found.append(_named(names, lower_names, pairs))
    return pl.concat(found).sort("first", "second")


def merge_pairs(hash_pairs: pl.DataFrame, cosine: pl.DataFrame | None) -> pl.DataFrame:
    """Merge both tables into `PAIRS`, sorted by (first, second); distances not found by a search are null."""
    by_hash = require_columns(hash_pairs, HASH_PAIRS, "hash pairs")
    by_vector = (
        require_columns(cosine, COSINE_PAIRS, "cosine pairs")
        if cosine is not None
        else pl.DataFrame(schema=COSINE_PAIRS)
    )
    merged = by_hash.join(by_vector, on=["first", "second"], how="full", coalesce=True)
    return require_columns(merged, PAIRS, "pairs").sort("first", "second")


def _same_anime(posters: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Compare every two posters of each anime: the groups are small, except for crowds with the same hashes."""
    alike = posters.with_columns(pl.len().over("mal_id", *_HASHES).alias("alike")).sort("name")
    is_first = pl.int_range(pl.len()).over("mal_id", *_HASHES) == 0
    sides = alike.filter((pl.col("alike") <= CROWD) | is_first).select("name", "mal_id", *_HASHES)
    both = sides.join(sides, on="mal_id", suffix="_b").filter(pl.col("name") < pl.col("name_b"))
    distances = [(pl.col(m) ^ pl.col(f"{m}_b")).bitwise_count_ones().cast(pl.UInt8).alias(m) for m in _HASHES]
    pairs = both.select(pl.col("name").alias("first"), pl.col("name_b").alias("second"), *distances)
    return pairs.filter(_within(rules, "same"))


def _within(rules: Rules, scope: Any) -> pl.Expr:
    near = [pl.col(m) <= high for m in _HASHES if (high := rules.widest(scope, m)) is not None]
    return pl.any_horizontal(near) if near else pl.lit(value=False)


def _other_anime(ours: pl.DataFrame, theirs: pl.DataFrame | None, rules: Rules) -> pl.DataFrame:
    """Return the pairs of different anime, within `ours` or between the two tables."""
    right = ours if theirs is None else theirs
    keys = [np.empty(0, np.int64)]
    for measure in _HASHES:
        widest = rules.widest("other", measure)
        if widest is not None:
            others = None if theirs is None else theirs[measure].to_numpy()
            i, j, _ = hamming_pairs(ours[measure].to_numpy(), others, max_distance=int(widest))
            keys.append((i << 32) | j)
    key = np.unique(np.concatenate(keys))
    i, j = key >> 32, key & 0xFFFFFFFF
    different = ours["mal_id"].to_numpy()[i] != right["mal_id"].to_numpy()[j]
    i, j = i[different], j[different]
    return _ordered(ours["name"].gather(i), right["name"].gather(j)).with_columns(
        pl.Series(m, np.bitwise_count(ours[m].to_numpy()[i] ^ right[m].to_numpy()[j]), dtype=pl.UInt8) for m in _HASHES
    )


def _ordered(one: pl.Series, other: pl.Series) -> pl.DataFrame:
    """Return the columns `first` and `second`, the smaller name first."""
    sides = pl.DataFrame({"a": one, "b": other}, schema={"a": pl.String, "b": pl.String})
    swapped = pl.col("a") > pl.col("b")
    return sides.select(
        pl.when(swapped).then("b").otherwise("a").alias("first"),
        pl.when(swapped).then("a").otherwise("b").alias("second"),
    )


def _named(left: pl.Series, right: pl.Series, pairs: tuple[Any, Any, Any]) -> pl.DataFrame:
    i, j, distance = pairs
    named = _ordered(left.gather(i), right.gather(j))
    return named.with_columns(pl.Series("cosine", distance, dtype=pl.Float32))


def _checked(names: pl.Series, vectors: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    if len(names) != len(vectors):
        raise ValueError(f"{len(names)} names for {len(vectors)} vectors: expected one name per vector")
    return vectors


def _check_apart(ours: pl.DataFrame, theirs: pl.DataFrame) -> None:
    shared = ours.join(theirs, on="mal_id", how="semi")
    if shared.height:
        raise ValueError(f"anime {shared['mal_id'].to_list()[0]} has posters both in the subfolder and in a lower one")
