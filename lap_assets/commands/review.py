"""Inputs of `lap review`: lists of pairs, posters removed by rules, and whether marks remove posters."""

from pathlib import Path

import polars as pl

from lap_assets.core.errors import FileError, InputError
from lap_assets.core.home import Home
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.duplicates.rules import rules_from
from lap_assets.review.queue import CSV as QUEUE
from lap_assets.settings import Settings
from lap_assets.table_files import read_table


def candidate_lists(home: Home, partition: str | None) -> list[Path]:
    """Return the queue, if it exists, and the lists of candidates of one subfolder, or of all.

    Pairs that only the lists contain (the queue is older, or was edited) come after those of the queue.

    Raises:
        InputError: there is no such subfolder.
        FileError: there is no list yet.
    """
    if partition is not None and partition not in SUBFOLDERS:
        raise InputError(f"no partition {partition!r}: expected one of {', '.join(SUBFOLDERS)}")
    keys = SUBFOLDERS if partition is None else (partition,)
    lists = [path for key in keys if (path := home.candidates / f"{key}.csv").is_file()]
    if not lists:
        missing = "no list of candidates" if partition is None else f"no list of candidates of subfolder {partition}"
        raise FileError(f"{home.candidates}: {missing} yet; `lap run` makes it")
    queue = home.labels / QUEUE
    return [queue, *lists] if queue.is_file() else lists


def removed_by_rules(home: Home) -> frozenset[str]:
    """Return the posters that rules removed, from the current decisions; empty before the first decisions."""
    paths = sorted((home.tables / "dedup_decisions").glob("*.parquet"))
    if not paths:
        return frozenset()
    table = pl.concat([read_table(path, ["name", "decision", "by"]) for path in paths])
    return frozenset(table.filter((pl.col("decision") == "remove") & (pl.col("by") == "rule"))["name"].to_list())


def poster_contents(home: Home) -> dict[str, str]:
    """Return the sha256 of each hashed poster, by name; empty before the first hashes."""
    paths = sorted((home.tables / "image_hashes").glob("*.parquet"))
    tables = [read_table(path, ["name", "sha256"]) for path in paths]
    return {name: sha256 for table in tables for name, sha256 in table.iter_rows() if sha256 is not None}


def marks_act(settings: Settings) -> bool:
    """Return whether the rules of the settings let marks remove posters."""
    return rules_from(settings.rules).for_marks is not None
