"""`lap convert` and `lap evaluate`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from lap_assets.cli.options import Json
from lap_assets.commands.console import Terminal
from lap_assets.core.plain_text import printable

_FORMATS = "lap, coco, yolo, voc, parquet, wider, … (default: recognized from path and content)"
Images = Annotated[Path | None, typer.Option("--images", help="the folder of images, if the labels lack image sizes")]
Skip = Annotated[bool, typer.Option("--skip", help="leave out and list invalid labels instead of refusing")]
Force = Annotated[bool, typer.Option("--force", help="replace existing output")]


def convert(
    source: Annotated[Path, typer.Argument(help="a label file, or a folder of them")],
    target: Annotated[Path, typer.Argument(help="the file or folder to write")],
    format_to: Annotated[str, typer.Option("--to", help="lap, coco, yolo, voc or parquet")],
    format_from: Annotated[str | None, typer.Option("--from", help=_FORMATS)] = None,
    images: Images = None,
    scores: Annotated[bool, typer.Option("--scores", help="yolo: write scores as a sixth number")] = False,
    seed: Annotated[
        bool, typer.Option("--seed-dialect", help="lap: as the original tools write it (whole px, -1: no class, CRLF)")
    ] = False,
    skip: Skip = False,
    force: Force = False,
) -> None:
    """Write labels in another format. With --images, YOLO and VOC folders link the images, Parquet embeds them."""
    from lap_assets.commands.labels import Conversion
    from lap_assets.commands.labels import convert as converted

    how = Conversion(format_to, format_from, images, scores=scores, seed=seed, skip=skip, force=force)
    for line in converted(source, target, how):
        typer.echo(printable(line))


def evaluate(
    truth: Annotated[Path, typer.Option(help="the true labels, in any format")],
    detections: Annotated[Path, typer.Option(help="the boxes to evaluate, in any format, each with a score")],
    images: Images = None,
    truth_format: Annotated[str | None, typer.Option(help=_FORMATS)] = None,
    detections_format: Annotated[str | None, typer.Option(help=_FORMATS)] = None,
    by_class: Annotated[bool, typer.Option("--by-class", help="a detection must also have the right class")] = False,
    with_unreviewed: Annotated[bool, typer.Option("--with-unreviewed", help="include unreviewed images")] = False,
    out: Annotated[
        Path | None, typer.Option(help="a folder for the curve, the numbers, and a sheet of the worst images")
    ] = None,
    skip: Skip = False,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Evaluate detections as COCO does. Shows AP50, AP50:95 and AR, by box size; unreviewed images are left out."""
    from lap_assets.commands.labels import as_json as report_json
    from lap_assets.commands.labels import evaluate as judged
    from lap_assets.commands.labels import notes_of, score_table, write_report

    judgement = judged(
        truth,
        detections,
        formats=(truth_format, detections_format),
        images=images,
        by_class=by_class,
        with_unreviewed=with_unreviewed,
        skip=skip,
    )
    report = judgement.report
    if out is not None:
        write_report(report, out, images, force=force)
    terminal = Terminal()
    if as_json:
        typer.echo(json.dumps(report_json(report), indent=1))
    else:
        terminal.console.print(score_table(report))
    for line in (*judgement.notes, *(() if as_json else notes_of(report))):
        terminal.say(line)
