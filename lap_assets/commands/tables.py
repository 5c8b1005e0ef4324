"""Reading the graph's tables, all partitions together, for commands that inspect the results."""

from pathlib import Path

import polars as pl

from lap_assets.core.errors import SettingsError
from lap_assets.core.home import Home
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.duplicates.candidate_pairs import merge_pairs
from lap_assets.resources import table_path
from lap_assets.table_files import read_table


def all_rows(home: Home, asset: str) -> pl.DataFrame:
    """Return the rows of all partitions of an asset.

    Raises:
        SettingsError: there are none yet.
    """
    paths = [path for key in SUBFOLDERS if (path := table_path(home.tables, asset, key)).exists()]
    if not paths:
        raise SettingsError(f"LAP_HOME={home.root} has no table of {asset} yet: `lap run` makes it")
    return pl.concat([read_table(path) for path in paths], how="diagonal")  # older tables lack newer columns


def all_pairs(home: Home) -> pl.DataFrame:
    """Return every pair found by hashes or vectors, with the columns `duplicates.tables.PAIRS`.

    Raises:
        SettingsError: there are none yet.
    """
    return merge_pairs(all_rows(home, "hash_pairs"), all_rows(home, "embedding_pairs"))


def verdict_logs(home: Home) -> list[Path]:
    """Return the paths of the verdict logs, sorted."""
    return sorted(home.verdicts.glob("*.jsonl"))
