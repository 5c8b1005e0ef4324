"""What the size order looks at, of posters in a table. The order itself is in `core.verdicts.sizes`."""

from typing import Final

import polars as pl

from lap_assets.core.verdicts.fidelity import Fidelity
from lap_assets.core.verdicts.sizes import PosterSize, SizeKey
from lap_assets.duplicates.rule import Keep

_FACTS: Final = list(Fidelity._fields)
_MEASURED: Final = ("detail", "is_color", "blocking", "filled")


def poster_sizes(readable: pl.DataFrame, keep: Keep = "better") -> dict[str, PosterSize]:
    """What is known of each poster, by name.

    What was measured counts where all posters were measured, or the order would lead around in circles.

    readable: as `tables.readable_posters` returns it.
    """
    is_measured = keep == "better" and not any(readable[column].has_nulls() for column in _MEASURED)
    columns = readable.select("name", pl.col("width").cast(pl.Int64) * pl.col("height"), "bytes", *_FACTS)
    return {
        name: PosterSize(name, pixels, size, Fidelity(*facts) if is_measured else None)
        for name, pixels, size, *facts in columns.iter_rows()
    }


def size_keys(readable: pl.DataFrame, keep: Keep = "better") -> dict[str, SizeKey]:
    """The size order of posters: a key for each name, the largest poster's first."""
    return {name: size.key for name, size in poster_sizes(readable, keep).items()}
