"""Speed of hashing and pair search compared with other tools, in one run on this machine.

The compared methods belong here. Inputs are in `inputs`, imagededup in `imagededup`, precision and recall in `accuracy`
(exported again here).
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

_NUMPY_UP_TO: Final = 80_000  # codes; with more, numpy takes minutes
_FAISS_UP_TO: Final = 250_000


def bench_hashing(
    count: int = 100,
    *,
    seed: int = 1,
    repeats: int = 1,
    images: Sequence[Path] | None = None,
    imagededup_python: Path | None = None,
) -> list[TimingRow]:
    """Time three hashes per image: LAP on one thread and on all cores, imagehash, and imagededup if requested.

    Draws `count` JPEGs, or uses `images`. imagededup needs an environment of its own (`imagededup`).

    Raises:
        ValueError: there are no images, an image cannot be hashed, or imagededup cannot be run.
    """
    with tempfile.TemporaryDirectory(prefix="lap-bench-") as folder:
        paths = list(images) if images is not None else inputs.draw_jpegs(Path(folder), count, seed)
        if not paths:
            raise ValueError("no images to hash")
        task = f"three hashes of {len(paths)} JPEGs"
        ours, hashed = measured(lambda: hash_images(paths, workers=1), repeats)
        rows = [row(task, "LAP, one thread", ours, len(paths), ours)]
        rows.append(row(task, "LAP, all cores", measured(lambda: hash_images(paths), repeats)[0], len(paths), ours))
        rows.extend(_imagehash_rows(task, paths, hashed, ours, repeats))
        if imagededup_python is not None:
            theirs = run_imagededup(imagededup_python, paths, [], 0)
            rows.append(row(task, "imagededup, one by one", theirs.hash_seconds, len(paths), ours))
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
    """Time the search for all pairs of 64-bit codes within a distance, on one thread: LAP, faiss, numpy, imagededup.

    Args:
        sizes: (number of codes, maximum distance in bits); each with random and with poster-like codes.
        seed: Seed of the generated codes.
        repeats: Number of runs, of which the fastest counts.
        imagededup_python: See `imagededup`; only used for the first size.

    Raises:
        ValueError: two methods found different numbers of pairs, or imagededup cannot be run.
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
    """Time the search for all pairs of vectors within a cosine distance of 0.32: LAP, bare blocked product, faiss."""
    vectors = inputs.vectors(count, width, seed)
    task = f"{count:,} vectors of {width} within 0.32"
    ours, pairs = measured(lambda: cosine_pairs(vectors, max_distance=0.32), repeats)
    rows = [row(task, "LAP", ours, count, ours, note=f"{pairs[0].size:,} pairs")]
    rows.append(row(task, "bare blocked product", measured(lambda: bare_product(vectors), repeats)[0], count, ours))
    if find_spec("faiss") is None:
        return [*rows, TimingRow(task, "faiss IndexFlatIP", None, None, None, "faiss is not installed")]
    seconds, found = measured(lambda: faiss_vectors(vectors), repeats)
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

    seconds, theirs = measured(one_by_one, repeats)
    differences = []
    for one, other in zip(hashed, theirs, strict=True):
        if not isinstance(one, ImageHashes):
            raise ValueError(str(one))
        differences += [(a ^ b).bit_count() for a, b in zip((one.ahash, one.phash, one.dhash), other, strict=True)]
    note = f"{np.mean(differences):.2f} bits per hash different from LAP"
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
        rows.append(TimingRow(task, "faiss IndexBinaryFlat", None, None, None, "not run: its time is quadratic"))
    else:
        seconds, theirs = measured(lambda: faiss_codes(codes, limit), repeats)
        rows.append(row(task, "faiss IndexBinaryFlat", seconds, codes.size, ours, note=_same(found, theirs)))
    if codes.size <= _NUMPY_UP_TO:
        seconds, theirs = measured(lambda: numpy_codes(codes, limit), repeats)
        rows.append(row(task, "numpy bitwise_count", seconds, codes.size, ours, note=_same(found, theirs)))
    if imagededup_python is not None:
        other = run_imagededup(imagededup_python, [], codes.tolist(), limit)
        rows.append(row(task, "imagededup", other.search_seconds, codes.size, ours, note=_same(found, other.pairs)))
    return rows


def _same(ours: int, theirs: int) -> str:
    if ours != theirs:
        raise ValueError(f"the searches differ: LAP found {ours:,} pairs, the other method {theirs:,}")
    return "the same pairs"
