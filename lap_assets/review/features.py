"""Features of two posters: the inputs of the probability that they show one picture.

All come from the tables of hashes and vectors, so any two posters have them, whether or not a search found the pair.
Belongs here: the features. Their weights are in `pair_model`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lap_assets.duplicates.rule import STRUCTURE
from lap_assets.duplicates.tables import readable_posters

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
_HASHES: Final = ("ahash", "phash", "dhash")
_BITS: Final = 8.0
"""Hamming distances are in units of this many bits."""
_HALF: Final = 32
"""The number of set bits in the hash of a picture that is half light, half dark."""
_BLOCK: Final = 16_384
"""The number of pairs whose vectors are compared at once, to limit memory."""

BY_HASH: Final = (
    "same", "ahash", "phash", "dhash", "phash_squared", "dhash_squared", "same_ahash", "shape", "size",
    "both_mal", "both_wa", "holds_ahash", "holds_dhash", "near_holds",
)  # fmt: skip
"""The features from hashes and sizes, in column order."""
BY_VECTOR: Final = ("cosine", "cosine_squared", "same_cosine")
"""The further features of pairs whose posters both have a vector of the same model."""
FALLING: Final = frozenset(
    {"ahash", "phash", "dhash", "phash_squared", "dhash_squared", "same_ahash", "shape", *BY_VECTOR}
)
"""Features whose growth always makes it less probable that two posters are one picture."""


@dataclass(frozen=True, slots=True)
class PairFeatures:
    """Features of n pairs.

    `numbers`: one row per pair, columns `BY_HASH` then `BY_VECTOR` (NaN if a vector is missing), shape (n, k).
    `other_anime`: which pairs are of different anime, shape (n,). `evidence`: to what degree both pictures hold enough
    for hashes and vectors to be reliable, 0 to 1, shape (n,): 1 for identical files and if not measured.
    """

    numbers: Floats
    other_anime: NDArray[np.bool_]
    evidence: Floats

    def column(self, name: str) -> Floats:
        """Return one of the features `BY_HASH`, shape (n,)."""
        found: Floats = self.numbers[:, BY_HASH.index(name)]
        return found

    def bits(self, name: str) -> Rows:
        """Return the Hamming distance of a hash in bits, shape (n,)."""
        return np.rint(self.column(name) * _BITS).astype(np.int64)

    @property
    def has_vectors(self) -> NDArray[np.bool_]:
        """Which pairs have vector features, shape (n,)."""
        has: NDArray[np.bool_] = ~np.isnan(self.numbers[:, len(BY_HASH)])
        return has


class PosterNumbers:
    """The hashes, sizes and vectors of posters, for computing the features of any pair."""

    def __init__(self, posters: pl.DataFrame, vectors: pl.DataFrame | None = None) -> None:
        """Load the tables.

        Args:
            posters: `tables.POSTERS`; unreadable ones are left out.
            vectors: `name`, `vector` (of length 1, or null), optionally `model`; None if there are no vectors. Only
                posters whose pairs will be evaluated need a row.

        Raises:
            TableError: a column is missing, or a name occurs twice.
        """
        readable = readable_posters(posters)
        self._row = {name: row for row, name in enumerate(readable["name"])}
        self._anime = readable["mal_id"].to_numpy()
        self._is_mal = (readable["source"] == "mal").to_numpy()
        self._codes = {name: readable[name].to_numpy() for name in _HASHES}
        width, height = (np.maximum(1.0, readable[name].to_numpy().astype(np.float64)) for name in ("width", "height"))
        self._pixels, self._shape = np.log2(width * height), np.log(width / height)
        self._contents = readable["sha256"].to_numpy()
        structure = readable["structure"].fill_null(STRUCTURE).to_numpy().astype(np.float64)
        self._enough = np.minimum(1, structure / STRUCTURE)
        self._vectors = _Vectors(self._row, vectors)

    def __len__(self) -> int:
        return len(self._row)

    def knows(self, name: str) -> bool:
        """Return whether a readable poster has this name."""
        return name in self._row

    def features(self, pairs: Iterable[tuple[str, str]]) -> PairFeatures:
        """Return the features of pairs of names, one row each.

        Raises:
            KeyError: there is no readable poster of a name.
        """
        ends = np.array([(self._row[one], self._row[other]) for one, other in pairs], np.int64).reshape(-1, 2)
        first, second = ends[:, 0], ends[:, 1]
        same = self._anime[first] == self._anime[second]
        by_hash = self._by_hash(first, second, same.astype(np.float64))
        cosine = self._vectors.cosines(first, second)
        same_file = self._contents[first] == self._contents[second]
        evidence = np.where(same_file, 1.0, np.minimum(self._enough[first], self._enough[second]))
        return PairFeatures(np.hstack([by_hash, np.column_stack([cosine, cosine**2, cosine * same])]), ~same, evidence)

    def _by_hash(self, first: Rows, second: Rows, same: Floats) -> Floats:
        apart = {
            name: np.bitwise_count(code[first] ^ code[second]).astype(np.float64) / _BITS
            for name, code in self._codes.items()
        }
        light, edges = (np.bitwise_count(self._codes[name]).astype(np.float64) for name in ("ahash", "dhash"))
        balance = np.minimum(light, 2 * _HALF - light)
        holds_dhash = np.minimum(1, np.minimum(edges[first], edges[second]) / _HALF)
        columns = [
            same,
            *(apart[name] for name in _HASHES),
            apart["phash"] ** 2,
            apart["dhash"] ** 2,
            apart["ahash"] * same,
            np.minimum(0.5, np.abs(self._shape[first] - self._shape[second])),
            np.minimum(4, np.abs(self._pixels[first] - self._pixels[second])),
            self._is_mal[first] & self._is_mal[second],
            ~self._is_mal[first] & ~self._is_mal[second],
            np.minimum(balance[first], balance[second]) / _HALF,
            holds_dhash,
            holds_dhash * np.exp(-apart["dhash"]),
        ]
        return np.column_stack([np.asarray(column, np.float64) for column in columns])


class _Vectors:
    """Vectors by poster; vectors of different models are never compared."""

    def __init__(self, row: Mapping[str, int], vectors: pl.DataFrame | None) -> None:
        self._at = np.full(len(row), -1)  # for each poster, its row in the matrix of its model
        self._model = np.full(len(row), -1)
        self._matrices: list[NDArray[np.float32]] = []
        if vectors is None:
            return
        present = vectors.filter(pl.col("vector").is_not_null())
        for part in present.partition_by("model") if "model" in present.columns else [present]:
            if not part.height:
                continue
            for number, name in enumerate(part["name"]):
                if name in row:
                    self._at[row[name]], self._model[row[name]] = number, len(self._matrices)
            self._matrices.append(part["vector"].list.to_array(len(part["vector"][0])).to_numpy())

    def cosines(self, first: Rows, second: Rows) -> Floats:
        """Return 1 - cosine of each pair's vectors, clipped to 0 … 1; NaN if a vector is missing."""
        found = np.full(len(first), np.nan)
        for number, matrix in enumerate(self._matrices):
            both = np.flatnonzero((self._model[first] == number) & (self._model[second] == number))
            for start in range(0, len(both), _BLOCK):
                block = both[start : start + _BLOCK]
                ends = matrix[self._at[first[block]]], matrix[self._at[second[block]]]
                found[block] = np.clip(1 - np.einsum("nd,nd->n", *ends), 0, 1)
        return found
