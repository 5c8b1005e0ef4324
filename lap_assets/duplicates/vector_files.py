"""What `remove_duplicates` takes in place of a method's name: arrays, or `file:` and the names of NumPy's files.

The original's scripts take both. How rows are measured is in `given_vectors`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.core.errors import FileError, InputError
from lap_assets.duplicates.given_vectors import Metric

_PREFIX: Final = "file:"


def given_vectors(method: Any, counts: Sequence[int]) -> NDArray[Any] | None:
    """The rows for all files of the lists, one list after the other; None where `method` is a method's name.

    Args:
        method: an array with a row for each file, for two lists one with all rows or a pair of arrays, `file:A.npy`,
            `file:A.npy;B.npy`, or a name.
        counts: how many files each list has. A file may have more rows; the first ones count, as in the original.

    Raises:
        FileError: a file is not NumPy's, or there is none.
        InputError: there are not as many rows as files.
    """
    if isinstance(method, str):
        if not method.startswith(_PREFIX):
            return None
        names = method.removeprefix(_PREFIX).split(";")
        if len(names) != len(counts):
            raise InputError(f"{method!r}: expected {len(counts)} file{'s' if len(counts) > 1 else ''}, one a list")
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
    """How far rows lie apart: as is said, else "hamming" for whole numbers and "cosine" for others.

    Raises:
        InputError: it is neither.
    """
    if metric is None:
        return "cosine" if vectors.dtype.kind == "f" else "hamming"
    if metric == "hamming":
        return "hamming"
    if metric == "cosine":
        return "cosine"
    raise InputError(f"metric {metric!r} is neither 'hamming' nor 'cosine'")


def _loaded(path: Path) -> NDArray[Any]:
    try:
        with path.open("rb") as file:
            return np.lib.format.read_array(file, allow_pickle=False)
    except OSError as error:
        raise FileError(f"{path}: {error.strerror or error}; expected a .npy file of vectors") from None
    except (ValueError, EOFError) as error:
        raise FileError(f"{path}: not a .npy file of numbers ({' '.join(str(error).split())})") from None
