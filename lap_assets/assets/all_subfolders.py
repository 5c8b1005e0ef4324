"""What an asset over all subfolders is handed, and one table made of it."""

import dagster as dg
import polars as pl

from lap_assets.core.labels.files import LabelKind
from lap_assets.partitions import ALL

BOXES = ("baseline_face_boxes", "baseline_head_boxes", "refined_face_boxes", "refined_head_boxes")
Tables = dict[str, pl.DataFrame]


def all_partitions_of(*names: str) -> dict[str, dg.AssetIn]:
    """Inputs of an asset: every partition of these that was made."""
    return {name: dg.AssetIn(partition_mapping=ALL, metadata={"allow_missing_partitions": True}) for name in names}


def parts_of(loaded: Tables | pl.DataFrame | None) -> list[pl.DataFrame]:
    """The tables of an input without a type of its own, by subfolder: a single one, or none, comes without its key."""
    if isinstance(loaded, dict):
        return [loaded[key] for key in sorted(loaded)]
    return [] if loaded is None else [loaded]


def concatenated(tables: Tables) -> pl.DataFrame:
    """The tables of all subfolders as one."""
    return pl.concat([tables[key] for key in sorted(tables)], how="diagonal")  # tables of before a column was added


def with_subfolder(tables: Tables) -> pl.DataFrame:
    """All rows, each with the subfolder whose table it is in."""
    return pl.concat([tables[key].with_columns(pl.lit(key).alias("subfolder")) for key in sorted(tables)])


def by_kind(faces: Tables, heads: Tables) -> dict[LabelKind, pl.DataFrame]:
    """One table of each kind."""
    return {"faces": concatenated(faces), "heads": concatenated(heads)}
