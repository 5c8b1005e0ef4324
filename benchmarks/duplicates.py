"""What hashing and pair search cost beside other tools, in one run on this machine. Rows for the command line.

Belongs here: which ways are compared. Inputs are in `inputs`, imagededup in `imagededup`, precision and recall in
`accuracy` (given on here).
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from benchmarks import inputs
from benchmarks.accuracy import by_distance, plot_by_distance, precision_recall
from benchmarks.imagededup import run_imagededup
from benchmarks.other_searches import Codes, bare_product, faiss_codes, faiss_vectors, numpy_codes
from benchmarks.timing import TimingRow, measured, row
from lap_assets.duplicates.hashing import ImageHashes, hash_images
from lap_assets.duplicates.search import cosine_pairs, hamming_pairs

__all__ = [
    "TimingRow",
    "bench_hashing",
    "bench_pairs",
    "bench_vectors",
    "by_distance",
    "plot_by_distance",
    "precision_recall",
]

_NUMPY_UP_TO: Final = 80_000  # codes; beyond, numpy takes minutes
_FAISS_UP_TO: Final = 250_000


def bench_hashing(
    count: int = 100,
    *,
    seed: int = 1,
    repeats: int = 1,
    images: Sequence[Path] | None = None,
    imagededup_python: Path | None = None,
) -> list[TimingRow]:
    """Return three hashes an image, by LAP on one thread and on all cores, by imagehash, and by imagededup if asked.

    Draws `count` JPEGs, or takes `images`. imagededup needs an environment of its own (`imagededup`).

    Raises:
        ValueError: no images, an image that cannot be hashed, or an imagededup that cannot be run.
    """
    with tempfile.TemporaryDirectory(prefix="lap-bench-") as folder:
        paths = list(images) if images is not None else inputs.draw_jpegs(Path(folder), count, seed)
        if not paths:
            raise ValueError("there are no images to hash")
        task = f"three hashes of {len(paths)} JPEGs"
        ours, hashed = measured(lambda: hash_images(paths, workers=1), repeats)
        rows = [row(task, "LAP, one thread", ours, len(paths), ours)]
        rows.append(row(task, "LAP, all cores", measured(lambda: hash_images(paths), repeats)[0], len(paths), ours))
        rows.extend(_imagehash_rows(task, paths, hashed, ours, repeats))
        if imagededup_python is not None:
            told = run_imagededup(imagededup_python, paths, [], 0)
            rows.append(row(task, "imagededup, one by one", told.hash_seconds, len(paths), ours))
        else:
            rows.append(TimingRow(task, "imagededup", None, None, None, "needs an environment of its own"))
    return rows


def bench_pairs(
    sizes: Sequence[tuple[int, int]] = ((20_000, 8), (73_441, 16)),
    *,
    seed: int = 1,
    repeats: int = 1,
    imagededup_python: Path | None = None,
) -> list[TimingRow]:
    """Return all pairs of 64-bit codes within a distance, on one thread: LAP, faiss, numpy, and imagededup if asked.

    Args:
        sizes: (how many codes, within how many bits); each on random and on poster-like codes.
        seed: of the generated codes.
        repeats: the best of so many runs counts.
        imagededup_python: see `imagededup`; searched on the first size alone.

    Raises:
        ValueError: two ways found a different number of pairs, or imagededup cannot be run.
    """
    makers: tuple[tuple[str, Callable[[int, int], Codes]], ...] = (
        ("random", inputs.random_codes),
        ("poster-like", inputs.poster_like_codes),
    )
    first_use = measured(lambda: hamming_pairs(inputs.random_codes(12_000, seed), max_distance=4))[0]
    rows = [TimingRow("first search of a process", "LAP", first_use, None, None, "loads or compiles its loop")]
    for number, (count, limit) in enumerate(sizes):
        for kind, make in makers:
            codes = make(count, seed)
            python = imagededup_python if number == 0 else None
            rows.extend(_pair_rows(f"{count:,} {kind} codes within {limit}", codes, limit, repeats, python))
    return rows


def bench_vectors(count: int = 10_000, width: int = 1024, *, seed: int = 1, repeats: int = 1) -> list[TimingRow]:
    """Return all pairs of vectors within a cosine distance of 0.32: LAP, the bare blocked product, and faiss."""
    made = inputs.vectors(count, width, seed)
    task = f"{count:,} vectors of {width} within 0.32"
    ours, pairs = measured(lambda: cosine_pairs(made, max_distance=0.32), repeats)
    rows = [row(task, "LAP", ours, count, ours, note=f"{pairs[0].size:,} pairs")]
    rows.append(row(task, "bare blocked product", measured(lambda: bare_product(made), repeats)[0], count, ours))
    if find_spec("faiss") is None:
        return [*rows, TimingRow(task, "faiss IndexFlatIP", None, None, None, "faiss is not installed")]
    seconds, found = measured(lambda: faiss_vectors(made), repeats)
    return [*rows, row(task, "faiss IndexFlatIP", seconds, count, ours, note=f"{found:,} pairs")]


def _imagehash_rows(
    task: str, paths: Sequence[Path], hashed: Sequence[object], ours: float, repeats: int
) -> Iterator[TimingRow]:
    if find_spec("imagehash") is None:
        yield TimingRow(task, "imagehash", None, None, None, "imagehash is not installed")
        return
    library: Any = import_module("imagehash")
    functions = (library.average_hash, library.phash, library.dhash)

    def one_by_one() -> list[list[int]]:
        return [[int(str(function(Image.open(path))), 16) for function in functions] for path in paths]

    def decoded_once() -> None:
        for path in paths:
            picture = Image.open(path)
            for function in functions:
                function(picture)

    seconds, told = measured(one_by_one, repeats)
    apart = []
    for one, other in zip(hashed, told, strict=True):
        if not isinstance(one, ImageHashes):
            raise ValueError(str(one))
        apart += [(a ^ b).bit_count() for a, b in zip((one.ahash, one.phash, one.dhash), other, strict=True)]
    note = f"{np.mean(apart):.2f} bits a hash from LAP's"
    yield row(task, "imagehash, one function after the other", seconds, len(paths), ours, note=note)
    yield row(task, "imagehash, file decoded once", measured(decoded_once, repeats)[0], len(paths), ours)
    alone = measured(lambda: [library.phash(Image.open(path)) for path in paths], repeats)[0]
    yield row(task, "imagehash, pHash alone", alone, len(paths), ours)


def _pair_rows(task: str, codes: Codes, limit: int, repeats: int, imagededup_python: Path | None) -> list[TimingRow]:
    ours, pairs = measured(lambda: hamming_pairs(codes, max_distance=limit), repeats)
    found = pairs[0].size
    rows = [row(task, "LAP", ours, codes.size, ours, note=f"{found:,} pairs")]
    if find_spec("faiss") is None:
        rows.append(TimingRow(task, "faiss IndexBinaryFlat", None, None, None, "faiss is not installed"))
    elif codes.size > _FAISS_UP_TO:
        rows.append(TimingRow(task, "faiss IndexBinaryFlat", None, None, None, "not tried: its time is quadratic"))
    else:
        seconds, told = measured(lambda: faiss_codes(codes, limit), repeats)
        rows.append(row(task, "faiss IndexBinaryFlat", seconds, codes.size, ours, note=_same(found, told)))
    if codes.size <= _NUMPY_UP_TO:
        seconds, told = measured(lambda: numpy_codes(codes, limit), repeats)
        rows.append(row(task, "numpy bitwise_count", seconds, codes.size, ours, note=_same(found, told)))
    if imagededup_python is not None:
        other = run_imagededup(imagededup_python, [], codes.tolist(), limit)
        rows.append(row(task, "imagededup", other.search_seconds, codes.size, ours, note=_same(found, other.pairs)))
    return rows


def _same(ours: int, theirs: int) -> str:
    if ours != theirs:
        raise ValueError(f"the searches differ: {ours:,} pairs here, {theirs:,} there")
    return "the same pairs"
