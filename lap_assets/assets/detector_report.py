"""The asset `detector_report`: how good the detectors are where people have reviewed, and their worst mistakes."""

import dagster as dg
import polars as pl

from lap_assets.assets.all_subfolders import BOXES, Tables, all_partitions_of, by_kind, with_subfolder
from lap_assets.assets.pictures import png, sheet
from lap_assets.core.home import Home
from lap_assets.core.labels.files import LABEL_KINDS, LabelKind
from lap_assets.labels.drawing import curve_plot, mistake_tiles
from lap_assets.labels.report import METHOD, detector_report
from lap_assets.queues import CPU, RELEASE, in_one_run, on
from lap_assets.release.labels import labeled
from lap_assets.release.layout import FORMAT
from lap_assets.release.statistics import markdown
from lap_assets.run_context import RunContext
from lap_assets.versions import content_version

_MISTAKES_SHOWN = 12


def report_asset() -> dg.AssetsDefinition:
    """The report; it is not upstream of the release."""

    @dg.asset(
        group_name="release",
        kinds={"polars"},
        op_tags=on(CPU),
        tags=in_one_run(RELEASE),
        code_version=f"{METHOD}-{FORMAT}",
        ins=all_partitions_of("resized_images", *BOXES),
    )
    def detector_report(
        run_context: dg.ResourceParam[RunContext],
        resized_images: Tables,
        baseline_face_boxes: Tables,
        baseline_head_boxes: Tables,
        refined_face_boxes: Tables,
        refined_head_boxes: Tables,
    ) -> dg.Output[pl.DataFrame]:
        """The detectors' boxes against people's, on every image that a person has reviewed: AP, recall, mistakes."""
        baseline = by_kind(baseline_face_boxes, baseline_head_boxes)
        refined = by_kind(refined_face_boxes, refined_head_boxes)
        tables, metadata = [], dict[str, dg.MetadataValue]()
        for kind in LABEL_KINDS:
            table, shown_of_kind = _judged(
                kind, with_subfolder(resized_images), baseline[kind], refined[kind], run_context.home
            )
            tables.append(table)
            metadata |= shown_of_kind
        report = pl.concat(tables)
        shown = report.with_columns(pl.col(pl.Float64).round(4))
        metadata["report"] = dg.MetadataValue.md(markdown(shown))
        return dg.Output(report, data_version=content_version(report), metadata=metadata)

    return detector_report


def _judged(
    kind: LabelKind, images: pl.DataFrame, baseline: pl.DataFrame, refined: pl.DataFrame, home: Home
) -> tuple[pl.DataFrame, dict[str, dg.MetadataValue]]:
    labels = labeled(images, baseline, refined, kind=kind, classes={}, splits={})
    table, report = detector_report(kind, labels.people, labels.machine)
    metadata: dict[str, dg.MetadataValue] = {f"{kind} reviewed images": dg.MetadataValue.int(report.images)}
    if report.scores.ap50 is not None and report.scores.ap is not None:
        metadata |= {
            f"{kind} AP50": dg.MetadataValue.float(report.scores.ap50),
            f"{kind} AP50:95": dg.MetadataValue.float(report.scores.ap),
            f"{kind} precision over recall": png(curve_plot(report.scores)),
            f"{kind} most mistakes": sheet(mistake_tiles(report.mistakes[:_MISTAKES_SHOWN], home.images), columns=6),
        }
    return table, metadata
