"""Training assets: detectors made from people's labels, and their suggestions. They are made only on request."""

from collections.abc import Iterator
from typing import Final

import dagster as dg
import polars as pl

from lap_assets.assets.models import POOL, partition_job, problem_list
from lap_assets.assets.pictures import box_sheet
from lap_assets.core.errors import LapError
from lap_assets.core.plain_text import markdown
from lap_assets.labels.detection import ADDED, METHOD, SCHEMA, box_count, detection_table
from lap_assets.models import load_detector
from lap_assets.models.types import Target
from lap_assets.models.versions import model_version
from lap_assets.partitions import ALL, SUBFOLDER_PARTITIONS
from lap_assets.queues import BOXES, ON_REQUEST, for_model, in_one_run, on
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.training.home_labels import REFINED, trained_in, trained_row
from lap_assets.versions import content_version, last_table

TRAINED: Final[dict[Target, str]] = {"faces": "trained_face_detector", "heads": "trained_head_detector"}
SUGGESTED: Final[dict[Target, str]] = {"faces": "suggested_face_boxes", "heads": "suggested_head_boxes"}


class TuningConfig(dg.Config):
    """What a person may set when launching the asset: maximum steps, views per step, random seed."""

    steps: int = 400
    views: int = 16
    seed: int = 1


def training_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    """Return the detectors and their suggestions, for both targets."""
    return [make(target, settings) for target in TRAINED for make in (_trained, _suggested)]


def _trained(target: Target, settings: Settings) -> dg.AssetsDefinition:
    @dg.asset(
        name=TRAINED[target],
        group_name="training",
        kinds={"pytorch", "polars"},
        ins={"labels": _all(REFINED[target]), "images": _all("resized_images")},
        op_tags=on(for_model(settings.device)),
        tags={ON_REQUEST: "yes"},
        pool=POOL,
        code_version="1",
        description=f"Made on request: a detector of {target} trained on people's labels.",
    )
    def trained(
        context: dg.AssetExecutionContext,
        config: TuningConfig,
        run_context: dg.ResourceParam[RunContext],
        labels: dict[str, pl.DataFrame],  # noqa: ARG001 - loaded so that a lost table prevents the training
        images: dict[str, pl.DataFrame],  # noqa: ARG001
    ) -> dg.Output[pl.DataFrame]:
        from lap_assets.training.finetune import TuningPlan
        from lap_assets.training.label_training import LabelSource, Training, train_on_labels

        run = run_context.logging_to(context.log.info)
        plan = TuningPlan(target, config.steps, config.views, config.seed, every=max(1, config.steps // 8))
        limits = run.settings.picture_limits
        training = Training(LabelSource(None, None), plan, device=run.settings.device, limits=limits)
        try:
            lines = list(train_on_labels(training, run.home, run.progress, run.stop.is_set))
            table = pl.DataFrame([trained_row(run.home, target)])
        except LapError as error:
            raise dg.Failure(str(error)) from error
        report = dg.MetadataValue.md("\n".join(f"- {markdown(line)}" for line in lines))
        return dg.Output(
            table, data_version=content_version(table), metadata={"what was done": report, **table.row(0, named=True)}
        )

    return trained


def _suggested(target: Target, settings: Settings) -> dg.AssetsDefinition:
    @dg.asset(
        name=SUGGESTED[target],
        group_name="training",
        kinds={"pytorch", "polars"},
        partitions_def=SUBFOLDER_PARTITIONS,
        deps=[TRAINED[target]],
        op_tags=on(for_model(settings.device)),
        tags={ON_REQUEST: "yes", **in_one_run(BOXES)},
        pool=POOL,
        code_version=METHOD,
        description=f"Made on request: the {target} that the trained detector finds, as suggestions for the Labeler.",
    )
    def boxes(
        context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext], resized_images: pl.DataFrame
    ) -> Iterator[dg.Output[pl.DataFrame]]:
        run, key, asset = run_context.logging_to(context.log.info), context.partition_key, SUGGESTED[target]
        try:
            model = str(trained_in(run.home, target))
            version = f"{METHOD}-{model_version(target, model, run.home.weights)}"
            previous = last_table(run.home.tables, asset, key, SCHEMA.names(), added=ADDED)
            with partition_job(run, asset, key, target) as job:
                table = detection_table(
                    resized_images, model=version, load=lambda: load_detector(model, of=target, device=settings.device),
                    previous=previous, home=run.home, job=job,
                )  # fmt: skip
                metadata = _metadata(table, target, version, run)
                yield dg.Output(table, data_version=content_version(table), metadata=metadata)
        except LapError as error:
            raise dg.Failure(str(error)) from error

    return boxes


def _all(asset: str) -> dg.AssetIn:
    return dg.AssetIn(asset, partition_mapping=ALL, metadata={"allow_missing_partitions": True})


def _metadata(
    table: pl.DataFrame, target: Target, version: str, run: RunContext
) -> dict[str, dg.MetadataValue | str | int]:
    return {
        "model": version,
        "images": table.height,
        target: box_count(table),
        "what was found": box_sheet(table, run.home),
        **problem_list(table),
    }
