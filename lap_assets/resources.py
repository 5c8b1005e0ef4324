"""Resources: the run_context that assets are handed, and the manager that keeps their tables."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, get_origin

import dagster as dg
import polars as pl
from dagster_polars import PolarsParquetIOManager

from lap_assets.columns import COLUMNS
from lap_assets.core.errors import TableError
from lap_assets.core.files import replacing

if TYPE_CHECKING:
    from upath import UPath


class TableStore(PolarsParquetIOManager):
    """Tables as `<base>/<asset>/<partition>.parquet`, each put in place in one step."""

    def write_df_to_path(self, context: dg.OutputContext, df: pl.DataFrame, path: "UPath") -> None:  # noqa: ARG002
        """Writes beside the place and renames, so that a reader never meets half a table."""
        with replacing(Path(str(path))) as beside:
            df.write_parquet(beside, compression="zstd", statistics=True)

    def get_metadata(self, context: dg.OutputContext, obj: Any) -> dict[str, dg.MetadataValue]:
        """Rows and columns. The rows of one partition are not taken for those of the asset."""
        if not isinstance(obj, pl.DataFrame):
            return {}
        columns = [dg.TableColumn(name, str(dtype), COLUMNS.get(name)) for name, dtype in obj.schema.items()]
        rows = "dagster/partition_row_count" if context.has_asset_partitions else "dagster/row_count"
        return {
            rows: dg.MetadataValue.int(obj.height),
            "dagster/column_schema": dg.MetadataValue.table_schema(dg.TableSchema(columns)),
        }

    def load_input(self, context: dg.InputContext) -> Any:
        """Loads what the input's type asks for: a mapping by partition stays one when it has a single partition.

        Raises:
            TableError: a file is not a table.
        """
        try:
            loaded = super().load_input(context)
        except pl.exceptions.PolarsError as error:
            asset = context.asset_key.to_user_string()
            raise TableError(
                f"the table of {asset} cannot be read ({error}); `lap verify --repair` makes it again"
            ) from error
        wants_mapping = get_origin(context.dagster_type.typing_type) is dict
        if not wants_mapping or isinstance(loaded, dict):
            return loaded
        (key,) = context.asset_partition_keys
        return {} if loaded is None else {key: loaded}


def table_path(tables: Path, asset: str, partition: str | None) -> Path:
    """Where the store keeps a table."""
    return tables / asset / f"{partition}.parquet" if partition is not None else tables / f"{asset}.parquet"
