"""`lap label`."""

from pathlib import Path
from typing import Annotated

import typer

from lap_assets.cli.detect import TARGETS, Of
from lap_assets.core.errors import InputError
from lap_assets.core.labels.files import label_file
from lap_assets.startup import load_run_context


def label(
    folder: Annotated[Path | None, typer.Argument(help="a folder of images; without it, those in LAP_HOME")] = None,
    labels: Annotated[
        Path | None, typer.Option(metavar="F", help="the label file; a bare name lies in FOLDER (labels_faces.txt)")
    ] = None,
    delcands: Annotated[
        Path | None, typer.Option(metavar="F", help="indices of images to delete (delcands.txt)")
    ] = None,
    classes: Annotated[
        Path | None, typer.Option(metavar="F", help="`id:name` lines (classes.txt beside the label file)")
    ] = None,
    backup: Annotated[
        bool, typer.Option("--backup", help="copy both files first, to <name>_YYYYMMDD_HHMM.txt")
    ] = False,
    readonly: Annotated[bool, typer.Option("--readonly", help="look only: nothing is written")] = False,
    start: Annotated[
        int | None, typer.Option(min=0, help="the first image to show, from 0; by default where you stopped")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="how many images, from that one on")] = None,
    queue: Annotated[bool, typer.Option("--queue", help="the images to label next, the most useful one first")] = False,
    suspects: Annotated[
        bool, typer.Option("--suspects", help="the images whose labels the suggestions contradict, worst first")
    ] = False,
    audit: Annotated[
        Of | None, typer.Option(help="faces or heads: the sample of `lap labels audit`, where nobody has reviewed it")
    ] = None,
) -> None:
    """Draw and classify boxes on images in the Labeler; F1 there shows its keys."""
    from lap_assets.commands.label import begin_classes, files_in, refresh_suggestions
    from lap_gui.labeler.__main__ import label as open_labeler
    from lap_gui.labeler.__main__ import labels_in, path_of

    if queue and suspects:
        raise InputError("--queue and --suspects: expected one of them")
    if audit is not None and (queue or suspects or folder is not None or labels is not None):
        raise InputError(f"--audit {audit}: it takes no folder, no label file and no other order")
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
