"""Recall and cost of an index compared with the exact search of vectors, by sampling, at any size.

All pairs of a million vectors are 500 billion products, so only some vectors are queried, exactly and with the index,
and the time for all is extrapolated. Vectors are generated block by block and never held all at once.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

_BLOCK: Final = 20_000
_KINDS: Final = 2_000  # number of clusters, like posters of one kind
_SPREAD: Final = 1.2  # size of a cluster, relative to the distance between clusters
_WITHIN: Final = 0.32
_COPIES: Final = 4  # copies of each queried vector, at distances from 0.02 to slightly over `_WITHIN`


@dataclass(frozen=True, slots=True)
class Searched:
    """Figures of one search method. `hours`: for all pairs, extrapolated; `gigabytes`: memory."""

    method: str
    recall: float
    hours: float
    gigabytes: float
    built_minutes: float


def bench_index(
    count: int,
    width: int = 1024,
    *,
    asked: int = 500,
    lists: int = 2048,
    probes: tuple[int, ...] = (8, 32, 128),
    seed: int = 1,
) -> list[Searched]:
    """Compare exact search with faiss' inverted lists of 8-bit codes (`IVF…,SQ8`) at several numbers of probed lists.

    Recall is the share of the exact search's pairs within cosine distance 0.32.

    Raises:
        ValueError: there are too few vectors for this number of lists.
        ImportError: faiss is not installed.
    """
    if count < 40 * lists:
        raise ValueError(f"{count} vectors are too few for {lists} lists: expected at least 40 per list")
    faiss: Any = import_module("faiss")
    vectors = _Vectors(count, width, asked, seed)
    quantizer = faiss.IndexFlatIP(width)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, width, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.niter = 8
    began = time.perf_counter()
    index.train(
        np.concatenate([block for _, block in zip(range(-(-40 * lists // _BLOCK)), vectors.blocks(), strict=False)])
    )
    building, exact = time.perf_counter() - began, 0.0
    true: set[tuple[int, int]] = set()
    for number, block in enumerate(vectors.blocks()):
        began = time.perf_counter()
        rows, columns = np.nonzero(vectors.asked @ block.T >= 1 - _WITHIN)
        exact += time.perf_counter() - began
        true.update(zip(rows.tolist(), (columns + number * _BLOCK).tolist(), strict=True))
        began = time.perf_counter()
        index.add(block)
        building += time.perf_counter() - began
    share = count / asked / 3600
    found = [
        Searched(
            "exact",
            1.0,
            exact * share / 2,  # the exact search compares every pair once
            count * width * 4 / 1e9,
            0.0,
        )
    ]
    for probe in probes:
        index.nprobe = probe
        began = time.perf_counter()
        limits, _, near = index.range_search(vectors.asked, 1 - _WITHIN - 0.01)
        seconds = time.perf_counter() - began
        pairs = {(row, int(at)) for row in range(asked) for at in near[limits[row] : limits[row + 1]]}
        found.append(
            Searched(
                f"IVF{lists},SQ8, {probe} lists probed",
                len(pairs & true) / max(1, len(true)),
                seconds * share,
                count * (width + 8) / 1e9,
                building / 60,
            )
        )
    return found


class _Vectors:
    """Unit vectors in clusters, with scattered copies of the queried ones; determined by the seed."""

    def __init__(self, count: int, width: int, asked: int, seed: int) -> None:
        self._count, self._seed = count, seed
        self._centres = _unit(np.random.default_rng(seed).standard_normal((_KINDS, width), np.float32))
        self.asked = self._drawn(np.random.default_rng(seed + 1), asked)
        chance = np.random.default_rng(seed + 2)
        origin = np.repeat(self.asked, _COPIES, axis=0)
        cosines = 1 - chance.uniform(0.02, _WITHIN + 0.03, (len(origin), 1)).astype(np.float32)
        noise = chance.standard_normal(origin.shape, np.float32)
        noise = _unit(noise - np.sum(noise * origin, axis=1, keepdims=True) * origin)
        self._copies = _unit(cosines * origin + np.sqrt(1 - cosines**2, dtype=np.float32) * noise)
        self._places = chance.choice(count, len(origin), replace=False)

    def blocks(self) -> Iterator[Vectors]:
        """Yield all vectors, block by block."""
        for number, start in enumerate(range(0, self._count, _BLOCK)):
            block = self._drawn(np.random.default_rng([self._seed, number]), min(_BLOCK, self._count - start))
            here = (self._places >= start) & (self._places < start + len(block))
            block[self._places[here] - start] = self._copies[here]
            yield block

    def _drawn(self, chance: np.random.Generator, count: int) -> Vectors:
        noise = _unit(chance.standard_normal((count, self._centres.shape[1]), np.float32))
        return _unit(self._centres[chance.integers(0, _KINDS, count)] + np.float32(_SPREAD) * noise)


def _unit(vectors: NDArray[Any]) -> Vectors:
    unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32, copy=False)
    return unit
