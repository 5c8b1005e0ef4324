"""The IO manager that stores assets' tables as Parquet files.

Definitions import this module when a step first needs it: dagster-polars loads pyarrow.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin

import dagster as dg
import polars as pl
from dagster_polars import PolarsParquetIOManager

from lap_assets.columns import COLUMNS
from lap_assets.core.errors import TableError
from lap_assets.core.files import replacing
from lap_assets.core.home import Home
from lap_assets.core.set_aside import set_aside
from lap_assets.resources import check_tables, materialized_tables, table_name, table_path
from lap_assets.table_files import UNREADABLE, is_readable

if TYPE_CHECKING:
    from upath import UPath


class TableStore(PolarsParquetIOManager):
    """Tables as `<base>/<asset>/<partition>.parquet`, each written atomically.

    A table with a materialization must exist: a deleted table is an error, never read as one not yet made.
    """

    def write_df_to_path(self, context: dg.OutputContext, df: pl.DataFrame, path: "UPath") -> None:  # noqa: ARG002
        """Write to a temporary file and rename it, so that readers never see a partial table."""
        with replacing(Path(str(path))) as beside:
            df.write_parquet(beside, compression="zstd", statistics=True)

    def get_metadata(self, context: dg.OutputContext, obj: Any) -> dict[str, dg.MetadataValue]:
        """Return row count and columns; a partition's row count is not reported as the asset's."""
        if not isinstance(obj, pl.DataFrame):
            return {}
        columns = [dg.TableColumn(name, str(dtype), COLUMNS.get(name)) for name, dtype in obj.schema.items()]
        rows = "dagster/partition_row_count" if context.has_asset_partitions else "dagster/row_count"
        return {
            rows: dg.MetadataValue.int(obj.height),
            "dagster/column_schema": dg.MetadataValue.table_schema(dg.TableSchema(columns)),
        }

    def load_input(self, context: dg.InputContext) -> Any:
        """Load a table, or a mapping by partition if the input's type is a dict, even for a single partition.

        Raises:
            TableError: a table with a materialization is missing or unreadable; the message names it.
        """
        paths = self._paths(context)
        check_tables(context.asset_key.to_user_string(), paths, materialized_tables(context, self._home))
        try:
            loaded = super().load_input(context)
        except UNREADABLE as error:
            problem = self._quarantine(context, paths) or f"{context.asset_key.to_user_string()}: {error}"
            raise TableError(problem) from None
        wants_mapping = get_origin(context.dagster_type.typing_type) is dict
        if not wants_mapping or isinstance(loaded, dict):
            return loaded
        (key,) = context.asset_partition_keys
        return {} if loaded is None else {key: loaded}

    def load_partitions(self, context: dg.InputContext) -> Any:
        """Load the tables of several partitions as a mapping, or that of a single one.

        Dagster's own method logs each table, and each line is stored as an event, which takes longer than reading.
        """
        may_lack = bool((context.definition_metadata or {}).get("allow_missing_partitions"))
        paths = self._get_paths_for_partitions(context)
        tables = {
            key: self.load_from_path(context, path) for key, path in paths.items() if not may_lack or path.exists()
        }
        return tables if len(paths) > 1 else next(iter(tables.values()), None)

    @property
    def _home(self) -> Home:
        return Home(Path(str(self.base_dir)).parent)

    def _paths(self, context: dg.InputContext) -> dict[str | None, Path]:
        asset = context.asset_key.to_user_string()
        keys = context.asset_partition_keys if context.has_asset_partitions else [None]
        return {key: table_path(Path(str(self.base_dir)), asset, key) for key in keys}

    def _quarantine(self, context: dg.InputContext, paths: Mapping[str | None, Path]) -> str:
        """Quarantine tables with unreadable rows, so that they count as missing; return the message, or ""."""
        asset = context.asset_key.to_user_string()
        broken = {key: path for key, path in paths.items() if path.exists() and not is_readable(path)}
        problems = [
            f"the table of {table_name(asset, key)} was damaged and moved to {set_aside(self._home, path)}"
            for key, path in broken.items()
        ]
        return f"{'; '.join(problems)}; `lap refresh` makes it again" if problems else ""
