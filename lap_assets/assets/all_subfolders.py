"""Inputs of an asset over all subfolders, and combining them into one table."""

import dagster as dg
import polars as pl

from lap_assets.core.labels.files import LabelKind
from lap_assets.partitions import ALL

BOXES = ("baseline_face_boxes", "baseline_head_boxes", "refined_face_boxes", "refined_head_boxes")
Tables = dict[str, pl.DataFrame]


def all_partitions_of(*names: str) -> dict[str, dg.AssetIn]:
    """Return an asset's inputs: every existing partition of these assets."""
    return {name: dg.AssetIn(partition_mapping=ALL, metadata={"allow_missing_partitions": True}) for name in names}


def parts_of(loaded: Tables | pl.DataFrame | None) -> list[pl.DataFrame]:
    """Return an untyped input's tables in subfolder order; Dagster passes a single table, or None, without a dict."""
    if isinstance(loaded, dict):
        return [loaded[key] for key in sorted(loaded)]
    return [] if loaded is None else [loaded]


def concatenated(tables: Tables) -> pl.DataFrame:
    """Return the tables of all subfolders as one."""
    return pl.concat([tables[key] for key in sorted(tables)], how="diagonal")  # older tables lack newer columns


def with_subfolder(tables: Tables) -> pl.DataFrame:
    """Return the tables of all subfolders as one, with a column `subfolder`."""
    return pl.concat([tables[key].with_columns(pl.lit(key).alias("subfolder")) for key in sorted(tables)])


def by_kind(faces: Tables, heads: Tables) -> dict[LabelKind, pl.DataFrame]:
    """Return one table per kind of label."""
    return {"faces": concatenated(faces), "heads": concatenated(heads)}
