"""Where an index could take over from the exact search of vectors: its recall and cost, by sampling, at any size.

All pairs of a million vectors are 500 billion products; so some vectors are asked for their neighbours, exactly and by
the index, and the time for all is reckoned from theirs. Vectors are made a block at a time and never held together.
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
_KINDS: Final = 2_000  # clusters that vectors gather in, as posters of a kind do
_SPREAD: Final = 1.2  # of a cluster, beside the distance between clusters
_WITHIN: Final = 0.32
_COPIES: Final = 4  # of each asked vector, at distances from 0.02 to a little over `_WITHIN`


@dataclass(frozen=True, slots=True)
class Searched:
    """One way to search. `hours`: for all pairs, reckoned from the asked ones; `gigabytes`: what it holds."""

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
    """Exact search beside faiss' inverted lists with 8-bit codes (`IVF…,SQ8`), at several numbers of lists looked at.

    Recall is the share of the exact search's pairs within cosine 0.32.

    Raises:
        ValueError: too few vectors for so many lists.
        ImportError: faiss is not installed.
    """
    if count < 40 * lists:
        raise ValueError(f"{count} vectors are too few for {lists} lists: 40 a list at least")
    faiss: Any = import_module("faiss")
    made = _Made(count, width, asked, seed)
    quantizer = faiss.IndexFlatIP(width)
    index = faiss.IndexIVFScalarQuantizer(
        quantizer, width, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    index.cp.niter = 8
    began = time.perf_counter()
    index.train(
        np.concatenate([block for _, block in zip(range(-(-40 * lists // _BLOCK)), made.blocks(), strict=False)])
    )
    building, exact = time.perf_counter() - began, 0.0
    true: set[tuple[int, int]] = set()
    for number, block in enumerate(made.blocks()):
        began = time.perf_counter()
        rows, columns = np.nonzero(made.asked @ block.T >= 1 - _WITHIN)
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
            exact * share / 2,  # which looks at every pair once
            count * width * 4 / 1e9,
            0.0,
        )
    ]
    for probe in probes:
        index.nprobe = probe
        began = time.perf_counter()
        limits, _, near = index.range_search(made.asked, 1 - _WITHIN - 0.01)
        seconds = time.perf_counter() - began
        told = {(row, int(at)) for row in range(asked) for at in near[limits[row] : limits[row + 1]]}
        found.append(
            Searched(
                f"IVF{lists},SQ8, {probe} lists looked at",
                len(told & true) / max(1, len(true)),
                seconds * share,
                count * (width + 8) / 1e9,
                building / 60,
            )
        )
    return found


class _Made:
    """Vectors of length 1 in clusters, with copies of the asked ones strewn among them; the same for a seed."""

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
        """Yield all of them, a block at a time."""
        for number, start in enumerate(range(0, self._count, _BLOCK)):
            block = self._drawn(np.random.default_rng([self._seed, number]), min(_BLOCK, self._count - start))
            here = (self._places >= start) & (self._places < start + len(block))
            block[self._places[here] - start] = self._copies[here]
            yield block

    def _drawn(self, chance: np.random.Generator, count: int) -> Vectors:
        noise = _unit(chance.standard_normal((count, self._centres.shape[1]), np.float32))
        return _unit(self._centres[chance.integers(0, _KINDS, count)] + np.float32(_SPREAD) * noise)


def _unit(vectors: NDArray[Any]) -> Vectors:
    made: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32, copy=False)
    return made
