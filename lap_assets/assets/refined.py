"""Box assets made by people: faces and heads drawn and classified in the Labeler."""

import dagster as dg
import polars as pl

from lap_assets.core.plain_text import markdown
from lap_assets.labels.refined import FILES, invalid_labels, refined_table
from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.queues import BOXES, CPU, in_one_run, on
from lap_assets.run_context import RunContext
from lap_assets.versions import content_version

_SHOWN = 50


def refined_assets() -> list[dg.AssetsDefinition]:
    """Return people's boxes of both kinds."""
    return [_refined(asset) for asset in FILES]


def _refined(asset: str) -> dg.AssetsDefinition:
    kind = "faces" if "face" in asset else "heads"

    @dg.asset(
        name=asset,
        group_name="boxes",
        kinds={"polars"},
        partitions_def=SUBFOLDER_PARTITIONS,
        op_tags=on(CPU),
        tags=in_one_run(BOXES),
        code_version="2",
        description=f"The {kind} that people drew on this subfolder's images, with classes and reviewed images.",
    )
    def boxes(
        context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext], resized_images: pl.DataFrame
    ) -> dg.Output[pl.DataFrame]:
        refined = refined_table(asset, context.partition_key, resized_images, run_context.home)
        problems = [*refined.notes, *invalid_labels(refined.table)]
        for line in problems[:_SHOWN]:
            context.log.warning(line)
        listed = "\n".join(f"- {markdown(line)}" for line in problems[:_SHOWN])
        return dg.Output(
            refined.table,
            data_version=content_version(refined.table),
            metadata={
                "images": refined.table.height,
                "reviewed": int(refined.table["reviewed"].sum()),
                "audited": refined.table["audit"].count(),
                kind: int(refined.table["boxes"].list.len().sum()),
                "problems": len(problems),
                **({"problems found": dg.MetadataValue.md(listed)} if problems else {}),
            },
        )

    return boxes
