"""Vectors that `remove_duplicates` takes in place of a method's name: arrays, or `file:` and names of NumPy files.

The original scripts take both. Checking the rows is in `given_vectors`.
"""

import io
import os
import tokenize
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.core.errors import FileError, InputError
from lap_assets.core.reading import open_regular
from lap_assets.duplicates.given_vectors import Metric

_PREFIX: Final = "file:"
_MOST_NUMBERS: Final = 65_536  # in a row
# What NumPy's readers raise on an invalid header: they evaluate it as a Python literal and sort its keys.
_UNREADABLE: Final = (ValueError, EOFError, TypeError, SyntaxError, MemoryError, RecursionError, tokenize.TokenError)


def given_vectors(method: Any, counts: Sequence[int]) -> NDArray[Any] | None:
    """Return the rows for all files of the lists, one list after the other; None if `method` is a method's name.

    Args:
        method: an array with a row for each file (for two lists: one array with all rows, or a pair of arrays),
            `file:A.npy`, `file:A.npy;B.npy`, or a method's name.
        counts: the number of files in each list. Extra rows of a file are ignored, as in the original.

    Raises:
        FileError: a file is missing or not a NumPy file.
        InputError: the number of rows differs from the number of files.
    """
    if isinstance(method, str):
        if not method.startswith(_PREFIX):
            return None
        names = method.removeprefix(_PREFIX).split(";")
        if len(names) != len(counts):
            raise InputError(f"{method!r}: expected {len(counts)} file{'s' if len(counts) > 1 else ''}, one per list")
        parts = [_loaded(Path(name))[:count] for name, count in zip(names, counts, strict=True)]
    elif isinstance(method, tuple | list) and len(method) == len(counts) and len(counts) > 1:
        parts = [np.asarray(part) for part in method]
    else:
        return np.asarray(method)
    for part, count in zip(parts, counts, strict=True):
        if part.ndim != 2 or len(part) != count:
            raise InputError(f"vectors of shape {part.shape}: expected a row for each of the {count} files of the list")
    if len({part.shape[1] for part in parts}) > 1:
        raise InputError(
            f"vectors of {' and '.join(str(part.shape[1]) for part in parts)} numbers: expected one length"
        )
    return np.concatenate(parts)


def metric_of(vectors: NDArray[Any], metric: str | None) -> Metric:
    """Return the given metric; by default "hamming" for whole numbers and "cosine" for floats.

    Raises:
        InputError: `metric` is neither.
    """
    if metric is None:
        return "cosine" if vectors.dtype.kind == "f" else "hamming"
    if metric == "hamming":
        return "hamming"
    if metric == "cosine":
        return "cosine"
    raise InputError(f"metric {metric!r}: expected 'hamming' or 'cosine'")


def _loaded(path: Path) -> NDArray[Any]:
    """Map the rows of a file into memory; nothing is allocated before the claimed shape is checked against the size."""
    try:
        with open_regular(path) as file:
            shape, is_fortran, dtype = _head(path, file)
            rest = os.fstat(file.fileno()).st_size - file.tell()
            if len(shape) != 2 or dtype.kind not in "buif" or not 0 < shape[1] <= _MOST_NUMBERS:
                raise FileError(f"{path}: {dtype} of shape {shape}: expected a row of numbers for each file")
            if shape[0] < 0 or shape[0] * shape[1] * dtype.itemsize != rest:
                raise FileError(
                    f"{path}: {dtype} of shape {shape} does not fit {rest:,} bytes; the file is truncated or damaged"
                )
            if not rest:
                return np.empty(shape, dtype)
            return np.memmap(file, dtype, "r", file.tell(), shape, "F" if is_fortran else "C")
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}; expected a .npy file of vectors") from None


def _head(path: Path, file: io.FileIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Return shape, order and type, using NumPy's readers. Version 3 only adds column names, which vectors lack."""
    try:
        version = np.lib.format.read_magic(file)
        if version == (1, 0):
            return np.lib.format.read_array_header_1_0(file)
        if version == (2, 0):
            return np.lib.format.read_array_header_2_0(file)
    except _UNREADABLE as error:
        raise FileError(f"{path}: not a .npy file of numbers ({' '.join(str(error).split())[:200]})") from None
    raise FileError(f"{path}: a .npy file of version {version[0]}.{version[1]}: expected 1.0 or 2.0")
