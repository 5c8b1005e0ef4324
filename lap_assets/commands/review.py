"""What `lap review` takes from the home: the lists, what rules have removed already, and whether marks act."""

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
    """The queue, where there is one, and the lists of candidates of a subfolder, or of all.

    A pair that only the lists have (the queue is older, or was edited) comes after the queue's.

    Raises:
        InputError: there is no such subfolder.
        FileError: there is no list yet.
    """
    if partition is not None and partition not in SUBFOLDERS:
        raise InputError(f"no partition {partition!r}: there are {', '.join(SUBFOLDERS)}")
    wanted = SUBFOLDERS if partition is None else (partition,)
    lists = [path for key in wanted if (path := home.candidates / f"{key}.csv").is_file()]
    if not lists:
        what = "no list of candidates" if partition is None else f"no list of candidates of subfolder {partition}"
        raise FileError(f"{home.candidates}: {what} yet; `lap run` makes it")
    queue = home.labels / QUEUE
    return [queue, *lists] if queue.is_file() else lists


def removed_by_rules(home: Home) -> frozenset[str]:
    """The posters that rules removed, by the decisions as they stand; none before there are any."""
    paths = sorted((home.tables / "dedup_decisions").glob("*.parquet"))
    if not paths:
        return frozenset()
    table = pl.concat([read_table(path, ["name", "decision", "by"]) for path in paths])
    return frozenset(table.filter((pl.col("decision") == "remove") & (pl.col("by") == "rule"))["name"].to_list())


def poster_contents(home: Home) -> dict[str, str]:
    """The sha256 of each poster that the graph knows, by name; empty before there are any."""
    paths = sorted((home.tables / "image_hashes").glob("*.parquet"))
    tables = [read_table(path, ["name", "sha256"]) for path in paths]
    return {name: sha256 for table in tables for name, sha256 in table.iter_rows() if sha256 is not None}


def marks_act(settings: Settings) -> bool:
    """Whether the rules of the settings let marks remove posters."""
    return rules_from(settings.rules).for_marks is not None
