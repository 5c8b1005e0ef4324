"""Where assets' tables are, their names in messages, and which of them a home's event log knows.

The IO manager is in `table_store`.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg

from lap_assets.core.errors import TableError
from lap_assets.core.home import Home
from lap_assets.event_queries import newest_materializations, query_of
from lap_assets.materializations import columns_of
from lap_assets.table_files import table_problem


def check_tables(asset: str, paths: Mapping[str | None, Path], made: Mapping[str | None, Any]) -> None:
    """Check tables that are about to be read. `made`: records of the tables with a materialization.

    Raises:
        TableError: a table with a materialization is missing, or an existing table is unreadable.
    """
    for key, path in paths.items():
        problem = table_problem(path, columns_of(made[key]) if key in made else ())
        if problem and (key in made or path.exists()):
            raise TableError(f"the table of {table_name(asset, key)} {problem} ({path}); `lap refresh` makes it again")


def table_name(asset: str, partition: str | None) -> str:
    """Return the name of an asset's partition in messages, such as `hash_pairs [3]`."""
    return asset if partition is None else f"{asset} [{partition}]"


def table_path(tables: Path, asset: str, partition: str | None) -> Path:
    """Return the path of a table."""
    return tables / asset / f"{partition}.parquet" if partition is not None else tables / f"{asset}.parquet"


def materialized_tables(context: dg.InputContext, home: Home) -> Mapping[str | None, Any]:
    """Return the record of each partition of an input that has a materialization."""
    asset = context.asset_key.to_user_string()
    keys = context.asset_partition_keys if context.has_asset_partitions else [None]
    with home_records(context.instance, home) as instance:
        return newest_materializations(query_of(instance), [asset], keys).get(asset, {})


@contextmanager
def home_records(instance: dg.DagsterInstance, home: Home) -> Iterator[dg.DagsterInstance]:
    """Yield the instance that holds the home's event log: the given one, or the home's own if that is temporary.

    `dagster asset materialize` without DAGSTER_HOME uses an instance that ends with its process.
    """
    is_own = Path(instance.root_directory) == home.dagster
    is_temporary = instance.is_ephemeral or not (is_own or os.environ.get("DAGSTER_HOME"))
    if not is_temporary or not (home.dagster / "dagster.yaml").exists():
        yield instance
        return
    with dg.DagsterInstance.from_config(str(home.dagster)) as own:
        yield own
