"""`lap label`."""

from pathlib import Path
from typing import Annotated

import typer

from lap_assets.cli.detect import TARGETS, TargetChoice
from lap_assets.core.errors import InputError
from lap_assets.core.labels.files import label_file
from lap_assets.startup import load_run_context


def label(
    folder: Annotated[Path | None, typer.Argument(help="a folder of images (default: those in LAP_HOME)")] = None,
    labels: Annotated[
        Path | None, typer.Option(metavar="F", help="the label file; a bare name is in FOLDER (labels_faces.txt)")
    ] = None,
    delcands: Annotated[
        Path | None, typer.Option(metavar="F", help="indices of images to delete (delcands.txt)")
    ] = None,
    classes: Annotated[
        Path | None, typer.Option(metavar="F", help="`id:name` lines (classes.txt beside the label file)")
    ] = None,
    backup: Annotated[bool, typer.Option("--backup", help="first copy both files to <name>_YYYYMMDD_HHMM.txt")] = False,
    readonly: Annotated[bool, typer.Option("--readonly", help="view only; nothing is written")] = False,
    start: Annotated[
        int | None, typer.Option(min=0, help="index of the first image, from 0 (default: where you stopped)")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="how many images to show, from the first one on")] = None,
    queue: Annotated[bool, typer.Option("--queue", help="show the images to label next, most useful first")] = False,
    suspects: Annotated[
        bool, typer.Option("--suspects", help="show images whose labels the suggestions contradict, worst first")
    ] = False,
    audit: Annotated[
        TargetChoice | None,
        typer.Option(help="faces or heads: show the unreviewed part of the sample of `lap labels audit`"),
    ] = None,
) -> None:
    """Draw and classify boxes on images in the Labeler. F1 shows its keys."""
    from lap_assets.commands.label import begin_classes, files_in, refresh_suggestions
    from lap_gui.labeler.__main__ import label as open_labeler
    from lap_gui.labeler.__main__ import labels_in, path_of

    if queue and suspects:
        raise InputError("--queue and --suspects: expected only one of these options")
    if audit is not None and (queue or suspects or folder is not None or labels is not None):
        raise InputError(f"--audit {audit}: cannot be combined with a folder, --labels, --queue or --suspects")
    home = None
    if folder is None:
        home = load_run_context().home
        if not home.images.is_dir():
            raise InputError(f"{home.images}: there are no images yet; `lap run` makes them, or name a FOLDER")
        if not readonly:
            refresh_suggestions(home)
            begin_classes(home)
        folder = home.images
        own = files_in(home)
        of_audit = home.labels / label_file(TARGETS[audit]) if audit is not None else None
        labels, delcands, classes = labels or of_audit or own[0], delcands or own[1], classes or own[2]
        if (queue or suspects) and not readonly:
            from lap_assets.commands.label_queue import home_orders

            home_orders(home)
    order = None
    if queue or suspects:
        from lap_assets.commands.label_queue import orders_of

        path = path_of(folder, labels) if labels else labels_in(folder)
        order = orders_of(folder, path, home).names(of_suspects=suspects)
    elif audit is not None and home is not None:
        from lap_assets.commands.label_audit import waiting_images

        order = waiting_images(home, TARGETS[audit])
    open_labeler(
        folder, labels, delcands, classes, backup=backup, readonly=readonly, start=start, limit=limit, order=order
    )  # fmt: skip
