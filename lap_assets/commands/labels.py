"""`lap convert` and `lap evaluate`: label files of any format to another, and detections against the truth."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from lap_assets.core.files import write_bytes, write_text
from lap_assets.labels.annotations import Annotations
from lap_assets.labels.drawing import curve_plot, mistake_tiles
from lap_assets.labels.formats import coco, format_of, losses, read_labels, write_labels
from lap_assets.labels.judging import Report, judge_labels
from lap_assets.pictures.contact_sheet import sheet_png

PLOT, WORST, NUMBERS = "precision_recall.png", "worst.png", "evaluation.json"
_SHOWN: Final = 24


def convert(
    source: Path, target: Path, *, format_from: str | None, format_to: str, images: Path | None, scores: bool
) -> list[str]:
    """Writes labels in another format. Returns lines on what was done and what the format cannot express.

    Raises:
        LabelFileError: labels that are wrong, by file and line.
        InputError: the format is unknown, or needs what the labels do not have.
    """
    labels = read_labels(source, format_from, images=images)
    write_labels(labels, target, format_to, images=images, scores=scores)
    boxes = sum(len(image.boxes) for image in labels.images)
    lines = [f"{len(labels.images):,} images and {boxes:,} boxes: {target}"]
    return [
        *lines,
        *(f"{format_to} cannot express everything: {line}" for line in losses(labels, format_to, scores=scores)),
    ]


def evaluate(
    truth: Path,
    detections: Path,
    *,
    formats: tuple[str | None, str | None],
    images: Path | None,
    by_class: bool,
    with_unreviewed: bool,
) -> Report:
    """Evaluates the detections of one file by the true labels of another.

    `images`: the folder of images, where the files have no sizes.

    Raises:
        LabelFileError: labels that are wrong, by file and line.
        InputError: a detection has no score.
    """
    true = read_labels(truth, formats[0], images=images)
    return judge_labels(
        true, _detections(detections, truth, formats, images), by_class=by_class, with_unreviewed=with_unreviewed
    )


def write_report(report: Report, folder: Path, images: Path | None) -> None:
    """Writes the numbers, the curve and, where the images are known, a sheet of those with the most mistakes."""
    write_text(folder / NUMBERS, json.dumps(as_json(report), indent=1) + "\n")
    write_bytes(folder / PLOT, curve_plot(report.scores))
    if images is not None:
        write_bytes(folder / WORST, sheet_png(mistake_tiles(report.mistakes[:_SHOWN], images), columns=6))


def as_json(report: Report) -> dict[str, Any]:
    """The report for scripts."""
    scores = asdict(report.scores)
    scores["curves"] = {area: [round(float(share), 6) for share in curve] for area, curve in scores["curves"].items()}
    counts = {name: getattr(report, name) for name in ("images", "detections", "unreviewed", "undetected", "unknown")}
    worst = [
        {"image": one.image.name, "missed": len(one.missed), "wrong": len(one.wrong)}
        for one in report.mistakes[:_SHOWN]
    ]
    return {**scores, **counts, "cut": report.cut, "images_with_mistakes": len(report.mistakes), "worst": worst}


def score_table(report: Report) -> Table:
    """The numbers as a table."""
    table = Table("", "all", "small", "medium", "large", title=_title(report))
    scores = report.scores
    table.add_row("boxes to find", *(f"{count:,}" for count in scores.boxes.values()))
    table.add_row("AP50", _shown(scores.ap50), *map(_shown, scores.ap50_by_size.values()))
    table.add_row("AP50:95", _shown(scores.ap), *map(_shown, scores.ap_by_size.values()))
    table.add_row("AR (100)", _shown(scores.ar_by_limit[100]), *map(_shown, scores.ar_by_size.values()))
    return table


def notes_of(report: Report) -> list[str]:
    """What was left out, and what else the reader should know."""
    lines = []
    if report.unreviewed:
        lines.append(f"{report.unreviewed:,} unreviewed images were left out (--with-unreviewed includes them)")
    if report.undetected:
        lines.append(f"{report.undetected:,} images have no detections in the file; they count as images without any")
    if report.unknown:
        lines.append(f"{report.unknown:,} images of the detections are not in the truth; they were left out")
    if report.cut is not None:
        lines.append(f"best score threshold: {report.cut:.3f}; at it, {len(report.mistakes):,} images have mistakes")
    return lines


def _title(report: Report) -> str:
    return f"{report.detections:,} detections on {report.images:,} images"


def _shown(number: float | None) -> str:
    return "–" if number is None else f"{number:.3f}"


def _detections(path: Path, truth: Path, formats: tuple[str | None, str | None], images: Path | None) -> Annotations:
    """A bare list of COCO results belongs to the ids of the truth's file."""
    of_truth, of_detections = formats[0] or format_of(truth), formats[1] or format_of(path)
    if of_truth == of_detections == "coco":
        return coco.read(path, truth)
    return read_labels(path, of_detections, images=images, inside=False)
