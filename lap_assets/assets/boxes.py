"""Box assets: the faces and heads that detectors find in the cleaned images."""

from collections.abc import Iterator

import dagster as dg
import polars as pl

from lap_assets.assets.models import POOL, Chosen, partition_job, problem_list
from lap_assets.assets.pictures import box_sheet
from lap_assets.labels.detection import ADDED, METHOD, SCHEMA, adopted_rows, box_count, detection_table
from lap_assets.models.types import Detector, Target
from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.queues import BOXES, in_one_run, on
from lap_assets.run_context import RunContext
from lap_assets.versions import content_version, last_table


def box_assets(faces: Chosen[Detector], heads: Chosen[Detector]) -> list[dg.AssetsDefinition]:
    """Return the assets of both targets; the detector is part of their code version."""
    return [_boxes("baseline_face_boxes", "faces", faces), _boxes("baseline_head_boxes", "heads", heads)]


def _boxes(asset: str, target: Target, chosen: Chosen[Detector]) -> dg.AssetsDefinition:
    version = f"{METHOD}-{chosen.version}"

    @dg.asset(
        name=asset,
        group_name="boxes",
        kinds={"pytorch", "polars"},
        partitions_def=SUBFOLDER_PARTITIONS,
        op_tags=on(chosen.queue),
        tags=in_one_run(BOXES),
        pool=POOL,
        code_version=version,
        description=f"The {target} that a detector finds in this subfolder's cleaned images: boxes with scores.",
    )
    def boxes(
        context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext], resized_images: pl.DataFrame
    ) -> Iterator[dg.Output[pl.DataFrame]]:
        run, key = run_context.logging_to(context.log.info), context.partition_key
        previous = last_table(run.home.tables, asset, key, SCHEMA.names(), added=ADDED)
        with partition_job(run, asset, key, target) as job:
            if chosen.is_none:
                table = adopted_rows(previous, resized_images)
            else:
                table = detection_table(
                    resized_images, model=version, load=chosen.load, previous=previous, home=run.home, job=job
                )
            yield dg.Output(table, data_version=content_version(table), metadata=_metadata(table, target, chosen, run))

    return boxes


def _metadata(
    table: pl.DataFrame, target: Target, chosen: Chosen[Detector], run_context: RunContext
) -> dict[str, dg.MetadataValue | float]:
    return {
        **chosen.metadata(),
        "images": table.height,
        target: box_count(table),
        f"{target} per image": round(box_count(table) / max(1, table.height), 2),
        f"images without {target}": table.filter(pl.col("boxes").list.len() == 0).height,
        "what was found": box_sheet(table, run_context.home),
        **problem_list(table),
    }
