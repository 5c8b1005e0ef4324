"""`lap convert` and `lap evaluate`: convert label files between formats, and evaluate detections."""

import errno
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from lap_assets.core.errors import InputError
from lap_assets.core.files import write_bytes, write_text
from lap_assets.labels.annotations import Annotations
from lap_assets.labels.drawing import curve_plot, mistake_tiles
from lap_assets.labels.formats import losses, read_labels, write_labels
from lap_assets.labels.formats.writing import expressed, is_folder, replace_folder
from lap_assets.labels.judging import Report, judge_labels, shared_names
from lap_assets.pictures.contact_sheet import sheet_png

PLOT, WORST, NUMBERS = "precision_recall.png", "worst.png", "evaluation.json"
_SHOWN: Final = 24
_PLURALS: Final = {"image": "images", "box": "boxes", "class": "classes"}


@dataclass(frozen=True, slots=True)
class Conversion:
    """The options of `lap convert`: formats (None: recognized), the folder of images, and switches.

    `scores`: YOLO rows get a score. `seed`: write LAP files in the original tools' dialect. `skip`: leave out invalid
    labels. `force`: replace existing output.
    """

    format_to: str
    format_from: str | None = None
    images: Path | None = None
    scores: bool = False
    seed: bool = False
    skip: bool = False
    force: bool = False


def convert(source: Path, target: Path, how: Conversion) -> list[str]:
    """Write labels in another format. Return lines on what was read, written and left out.

    Raises:
        LabelFileError: labels are invalid; named by file and line.
        InputError: the format is unknown, or requires data that the labels lack.
        FileExistsError: the target exists already.
    """
    name = how.format_to
    if how.seed and name != "lap":
        raise InputError(f"--seed-dialect: expected --to lap, not --to {name}")
    labels = read_labels(source, how.format_from, images=how.images, skip=how.skip)
    if is_folder(name) and how.force:
        replace_folder(labels, target, name, images=how.images, scores=how.scores)
        written = [target]
    else:
        written = write_labels(
            labels, target, name, images=how.images, scores=how.scores, seed=how.seed, force=how.force
        )
    lost = losses(labels, name, scores=how.scores, seed=how.seed)
    return [
        f"read: {counted(labels)}: {source}",
        f"written: {counted(expressed(labels, name))}: {', '.join(map(str, written))}",
        *_without_boxes(labels),
        *labels.notes,
        *(f"{name} cannot express everything: {line}" for line in lost),
    ]


def counted(labels: Annotations) -> str:
    """Return the numbers of images, boxes and classes, in words."""
    boxes = sum(len(image.boxes) for image in labels.images)
    counts = {"image": len(labels.images), "box": boxes, "class": len(labels.names())}
    return ", ".join(f"{count:,} {word if count == 1 else _PLURALS[word]}" for word, count in counts.items())


def _without_boxes(labels: Annotations) -> list[str]:
    if not labels.images:
        return ["no images found"]
    return [] if any(image.boxes for image in labels.images) else ["no image has a box"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """An evaluation report, and lines on the files it was made from."""

    report: Report
    notes: tuple[str, ...]


def evaluate(
    truth: Path,
    detections: Path,
    *,
    formats: tuple[str | None, str | None],
    images: Path | None,
    by_class: bool,
    with_unreviewed: bool,
    skip: bool = False,
) -> Judgement:
    """Evaluate the detections of one file against the true labels of another.

    `images`: the folder of images, needed if the files lack image sizes.

    Raises:
        LabelFileError: labels are invalid; named by file and line.
        InputError: a detection has no score, or none of the detections' images is in the truth.
    """
    true = read_labels(truth, formats[0], images=images, clip=False, skip=skip)
    found = read_labels(detections, formats[1], images=images, inside=False, skip=skip, truth=true)
    if found.images and true.images and not shared_names(true, found):
        unknown, known = found.images[0].name, true.images[0].name
        raise InputError(f"none of the detections' images is in the truth: {unknown!r} is not, {known!r} is")
    report = judge_labels(true, found, by_class=by_class, with_unreviewed=with_unreviewed)
    read = [
        f"truth: {counted(true)}: {truth}", *_without_boxes(true),
        f"detections: {counted(found)}: {detections}", *_without_boxes(found),
    ]  # fmt: skip
    return Judgement(report, (*read, *true.notes, *found.notes))


def write_report(report: Report, folder: Path, images: Path | None, *, force: bool = False) -> None:
    """Write the numbers, the curve and, if the images are given, a contact sheet of those with the most mistakes.

    Raises:
        FileExistsError: the folder holds a report already, and `force` is not set.
    """
    names = (NUMBERS, PLOT, WORST) if images is not None else (NUMBERS, PLOT)
    for path in (folder / name for name in names):
        if path.exists() and not force:
            raise FileExistsError(errno.EEXIST, "exists already (--force replaces it)", str(path))
    write_text(folder / NUMBERS, json.dumps(as_json(report), indent=1) + "\n")
    write_bytes(folder / PLOT, curve_plot(report.scores))
    if images is not None:
        write_bytes(folder / WORST, sheet_png(mistake_tiles(report.mistakes[:_SHOWN], images), columns=6))


def as_json(report: Report) -> dict[str, Any]:
    """Return the report for scripts."""
    scores = asdict(report.scores)
    scores["curves"] = {area: [round(float(share), 6) for share in curve] for area, curve in scores["curves"].items()}
    counts = {name: getattr(report, name) for name in ("images", "detections", "unreviewed", "undetected", "unknown")}
    worst = [
        {"image": one.image.name, "missed": len(one.missed), "wrong": len(one.wrong)}
        for one in report.mistakes[:_SHOWN]
    ]
    return {**scores, **counts, "cut": report.cut, "images_with_mistakes": len(report.mistakes), "worst": worst}


def score_table(report: Report) -> Table:
    """Return the numbers as a table for the terminal."""
    table = Table("", "all", "small", "medium", "large", title=_title(report))
    scores = report.scores
    table.add_row("boxes to find", *(f"{count:,}" for count in scores.boxes.values()))
    table.add_row("AP50", _shown(scores.ap50), *map(_shown, scores.ap50_by_size.values()))
    table.add_row("AP50:95", _shown(scores.ap), *map(_shown, scores.ap_by_size.values()))
    table.add_row("AR (100)", _shown(scores.ar_by_limit[100]), *map(_shown, scores.ar_by_size.values()))
    return table


def notes_of(report: Report) -> list[str]:
    """Return lines on images that were left out, and on the best score threshold."""
    lines = []
    if report.unreviewed:
        lines.append(f"{report.unreviewed:,} unreviewed images were left out (--with-unreviewed includes them)")
    if report.undetected:
        lines.append(f"{report.undetected:,} images have no detections in the file; they count as without any")
    if report.unknown:
        lines.append(f"{report.unknown:,} images of the detections are not in the truth; they were left out")
    if report.cut is not None:
        lines.append(f"best score threshold: {report.cut:.3f}, with mistakes in {len(report.mistakes):,} images")
    return lines


def _title(report: Report) -> str:
    return f"{report.detections:,} detections on {report.images:,} images"


def _shown(number: float | None) -> str:
    return "–" if number is None else f"{number:.3f}"
