"""Image assets: the cleaned images of the kept posters."""

import dagster as dg
import polars as pl

from lap_assets.assets.models import Chosen
from lap_assets.assets.pictures import sheet
from lap_assets.core.home import Home
from lap_assets.models.types import Upscaler
from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.pictures.cleaning import SCHEMA, clean_partition
from lap_assets.pictures.contact_sheet import SheetTile
from lap_assets.pictures.recipe import Recipe
from lap_assets.pictures.upscaling import Upscaling
from lap_assets.queues import on
from lap_assets.run_context import RunContext
from lap_assets.versions import content_version, last_table, megabytes

_RECIPE = Recipe()
_CHANGES = ("downscaled", "recompressed", "upscaled", "converted")


def image_assets(chosen: Chosen[Upscaler]) -> list[dg.AssetsDefinition]:
    """Return the cleaned images; the upscaler is part of their code version."""

    @dg.asset(
        group_name="images",
        kinds={"python", "jpeg"},
        partitions_def=SUBFOLDER_PARTITIONS,
        op_tags=on(chosen.queue),
        code_version=f"1-{_RECIPE.digest()}-{chosen.version}",
    )
    def resized_images(
        context: dg.AssetExecutionContext,
        run_context: dg.ResourceParam[RunContext],
        dedup_decisions: pl.DataFrame,
        image_hashes: pl.DataFrame,
    ) -> dg.Output[pl.DataFrame]:
        """The kept posters as clean JPEGs: very large ones downscaled, heavy ones recompressed, small ones enlarged."""
        run = run_context.logging_to(context.log.info)
        kept = dedup_decisions.filter(pl.col("decision") == "keep").select("name")
        table = clean_partition(
            image_hashes.join(kept, on="name", how="semi"),
            context.partition_key,
            previous=last_table(run.home.tables, "resized_images", context.partition_key, list(SCHEMA)),
            home=run.home,
            recipe=_RECIPE,
            upscaling=None if chosen.is_none else Upscaling(chosen.version, chosen.load),
            progress=run.progress,
            limits=run.settings.picture_limits,
        )
        actions = dict(table.group_by("action").len().iter_rows())
        return dg.Output(
            table,
            data_version=content_version(table),
            metadata={
                "images": table.height,
                "MB": megabytes(table),
                **{action: actions.get(action, 0) for action in _CHANGES},
                "enlarged by": chosen.version,
                "what was changed": _changed_sheet(table, run.home),
            },
        )

    return [resized_images]


def _changed_sheet(table: pl.DataFrame, home: Home) -> dg.MetadataValue:
    changed = table.filter(pl.col("action") != "linked").sort("action", "name")
    shown = changed.gather_every(max(1, changed.height // 18)).head(18)
    tiles = [
        SheetTile(home.image(row["name"]), (
            row["name"].removesuffix(".jpg"),
            f"{row['action']} {row['raw_width']}x{row['raw_height']}",
            f"{row['width']}x{row['height']}, {row['bytes'] // 1024} KB",
        ))
        for row in shown.iter_rows(named=True)
    ]  # fmt: skip
    return sheet(tiles, columns=6)
