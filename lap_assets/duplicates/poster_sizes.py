"""The size order's inputs for the posters of a table. The order itself is in `core.verdicts.sizes`."""

from typing import Final

import polars as pl

from lap_assets.core.verdicts.fidelity import Fidelity
from lap_assets.core.verdicts.sizes import PosterSize, SizeKey
from lap_assets.duplicates.rule import Keep

_FACTS: Final = list(Fidelity._fields)
_MEASURED: Final = ("detail", "is_color", "blocking", "filled")


def poster_sizes(readable: pl.DataFrame, keep: Keep = "better") -> dict[str, PosterSize]:
    """Return the size of each poster by name.

    Fidelity counts only if it was measured for all posters; otherwise the order would not be transitive.

    readable: as returned by `tables.readable_posters`.
    """
    is_measured = keep == "better" and not any(readable[column].has_nulls() for column in _MEASURED)
    columns = readable.select("name", pl.col("width").cast(pl.Int64) * pl.col("height"), "bytes", *_FACTS)
    return {
        name: PosterSize(name, pixels, size, Fidelity(*facts) if is_measured else None)
        for name, pixels, size, *facts in columns.iter_rows()
    }


def size_keys(readable: pl.DataFrame, keep: Keep = "better") -> dict[str, SizeKey]:
    """Return a sort key for each name; the largest poster sorts first."""
    return {name: size.key for name, size in poster_sizes(readable, keep).items()}
