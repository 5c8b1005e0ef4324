"""The asset `detector_report`: scores of the detectors on reviewed images, and their worst mistakes."""

from collections.abc import Iterator
from functools import partial

import dagster as dg
import polars as pl

from lap_assets.assets.all_subfolders import BOXES, Tables, all_partitions_of, by_kind, with_subfolder
from lap_assets.assets.models import POOL
from lap_assets.assets.pictures import png, sheet
from lap_assets.core.errors import LapError
from lap_assets.core.home import Home
from lap_assets.core.labels.files import LABEL_KINDS, LabelKind
from lap_assets.labels.comparison import (
    ComparedDetector,
    compared_boxes,
    leaderboard,
    leaderboard_plot,
    reviewed_images,
)
from lap_assets.labels.drawing import curve_plot, mistake_tiles
from lap_assets.labels.judging import Report
from lap_assets.labels.report import METHOD, detector_report
from lap_assets.models import load_detector
from lap_assets.models.compared import compared_names, compared_versions
from lap_assets.models.versions import model_version
from lap_assets.queues import CPU, RELEASE, for_model, in_one_run, on
from lap_assets.release.labels import labeled
from lap_assets.release.layout import FORMAT
from lap_assets.release.statistics import markdown
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.versions import content_version

_MISTAKES_SHOWN = 12


def report_asset(settings: Settings) -> dg.AssetsDefinition:
    """Return the report asset; the release does not depend on it. Compared detectors are part of its code version."""
    compared = compared_versions(settings, Home(settings.home.absolute()).weights)

    @dg.asset(
        group_name="release",
        kinds={"polars"},
        op_tags=on(for_model(settings.device) if compared else CPU),
        tags=in_one_run(RELEASE),
        pool=POOL if compared else None,
        code_version=f"{METHOD}-{FORMAT}{f'-{compared}' if compared else ''}",
        ins=all_partitions_of("resized_images", *BOXES),
    )
    def detector_report(
        context: dg.AssetExecutionContext,
        run_context: dg.ResourceParam[RunContext],
        resized_images: Tables,
        baseline_face_boxes: Tables,
        baseline_head_boxes: Tables,
        refined_face_boxes: Tables,
        refined_head_boxes: Tables,
    ) -> dg.Output[pl.DataFrame]:
        """The detectors' boxes against people's, on every reviewed image: AP, recall, mistakes."""
        run = run_context.logging_to(context.log.info)
        baseline = by_kind(baseline_face_boxes, baseline_head_boxes)
        refined = by_kind(refined_face_boxes, refined_head_boxes)
        images = with_subfolder(resized_images)
        tables, metadata = [], dict[str, dg.MetadataValue]()
        for kind in LABEL_KINDS:
            try:
                judged = list(_judged(kind, images, baseline[kind], refined[kind], run))
            except LapError as error:
                raise dg.Failure(f"{error}; fix it, or remove the detector from LAP_COMPARED_*") from error
            tables += [table for table, _ in judged]
            metadata |= _shown(kind, [(str(table["model"][0]), report) for table, report in judged], run.home)
        report = pl.concat(tables)
        shown = report.with_columns(pl.col(pl.Float64).round(4))
        metadata["report"] = dg.MetadataValue.md(markdown(shown))
        return dg.Output(report, data_version=content_version(report), metadata=metadata)

    return detector_report


def _judged(
    kind: LabelKind, images: pl.DataFrame, baseline: pl.DataFrame, refined: pl.DataFrame, run: RunContext
) -> Iterator[tuple[pl.DataFrame, Report]]:
    """Yield the table and report of the detector that made the graph's boxes, then of the compared ones."""
    yield _report_on(kind, images, baseline, refined)
    reviewed = reviewed_images(images, refined)
    for name in compared_names(run.settings, kind):
        version = model_version(kind, name, run.home.weights)
        load = partial(load_detector, name, of=kind, weights=run.home.weights, device=run.settings.device)
        boxes = compared_boxes(ComparedDetector(kind, version, load), reviewed, run.home, run)
        yield _report_on(kind, images, boxes, refined)


def _report_on(
    kind: LabelKind, images: pl.DataFrame, boxes: pl.DataFrame, refined: pl.DataFrame
) -> tuple[pl.DataFrame, Report]:
    labels = labeled(images, boxes, refined, kind=kind, classes={}, splits={})
    return detector_report(kind, labels.people, labels.machine)


def _shown(kind: LabelKind, reports: list[tuple[str, Report]], home: Home) -> dict[str, dg.MetadataValue]:
    """Return metadata of one kind: scores and mistakes of the graph's own detector, and a comparison of all."""
    (_, own), *others = reports
    metadata: dict[str, dg.MetadataValue] = {f"{kind} reviewed images": dg.MetadataValue.int(own.images)}
    if own.scores.ap50 is not None and own.scores.ap is not None:
        metadata |= {
            f"{kind} AP50": dg.MetadataValue.float(own.scores.ap50),
            f"{kind} AP50:95": dg.MetadataValue.float(own.scores.ap),
            f"{kind} precision over recall": png(curve_plot(own.scores)),
            f"{kind} most mistakes": sheet(mistake_tiles(own.mistakes[:_MISTAKES_SHOWN], home.images), columns=6),
        }
    if others:
        board = leaderboard(reports).with_columns(pl.col(pl.Float64).round(4))
        metadata |= {
            f"{kind} leaderboard": dg.MetadataValue.md(markdown(board)),
            f"{kind} compared": png(leaderboard_plot(kind, reports)),
        }
    return metadata
