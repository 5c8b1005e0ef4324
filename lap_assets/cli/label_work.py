"""`lap labels`: how far the labels are, and what a model suggests."""

import json
from typing import Annotated

import typer

from lap_assets.cli.detect import TARGETS, Of
from lap_assets.cli.options import Json
from lap_assets.commands.console import Terminal
from lap_assets.core.errors import InputError
from lap_assets.startup import load_run_context

app = typer.Typer(help="How far the labels are, and what a model suggests.", no_args_is_help=True)


@app.command("status")
def labels_status(
    look: Annotated[float, typer.Option(min=0, help="seconds that you need to look at an image and decide")] = 1.5,
    box: Annotated[float, typer.Option(min=0, help="seconds that you need to draw or mend a box")] = 3.5,
    key: Annotated[float, typer.Option(min=0, help="seconds that you need to press a class key")] = 1.0,
    as_json: Json = False,
) -> None:
    """How many images of LAP_HOME are reviewed and left, how good suggestions were, and how long the rest takes."""
    from lap_assets.commands.label import refresh_suggestions
    from lap_assets.commands.label_queue import audits_of, status_json, status_lines
    from lap_assets.commands.label_queue import labels_status as status_of
    from lap_assets.training.label_outlook import Pace

    home = load_run_context().home
    if not home.images.is_dir():
        raise InputError(f"{home.images}: there are no images yet; `lap run` makes them")
    refresh_suggestions(home)
    found = status_of(home, Pace(look, box, key))
    audits = {kind: audits_of(home, kind) for kind in found}
    if as_json:
        told = {kind: {**status_json(outlook), "audits": audits[kind]} for kind, outlook in found.items()}
        typer.echo(json.dumps(told, indent=1))
    else:
        lines = (line for kind, outlook in found.items() for line in status_lines(kind, outlook, audits[kind]))
        typer.echo("\n".join(lines))


@app.command("suggest")
def labels_suggest(
    of: Annotated[Of, typer.Argument(help="what to find")],
    model: Annotated[
        str | None, typer.Option(help="a detector's name or file, or onnx:FILE (what `lap train` made in LAP_HOME)")
    ] = None,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="leave out boxes with a lower score")] = 0.3,
) -> None:
    """Find faces or heads on the images of LAP_HOME, for the Labeler to suggest. No release has these boxes."""
    from lap_assets.commands.label_suggestions import Suggesting, suggest

    context = load_run_context()
    settings = context.settings
    asked = Suggesting(TARGETS[of], model, min_score, settings.device, settings.picture_limits)
    with Terminal() as terminal:
        for line in suggest(asked, context.home, terminal):
            terminal.say(line)


@app.command("audit")
def labels_audit(
    of: Annotated[Of, typer.Argument(help="what was suggested")],
    least_score: Annotated[
        float | None, typer.Option(min=0, max=1, help="the least score of every box of a sure image (0.9)")
    ] = None,
    least_class: Annotated[
        float | None, typer.Option(min=0, max=1, help="the least probability of every suggested class there (0.8)")
    ] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="how many images to review (100)")] = None,
    new: Annotated[bool, typer.Option("--new", help="draw another sample")] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="accept the images outside of the sample as audited")
    ] = False,
    most_wrong: Annotated[
        float, typer.Option(min=0, max=1, help="the share of these that may be wrong, with 95 % confidence")
    ] = 0.05,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="take the newest acceptance back")] = False,
    as_json: Json = False,
) -> None:
    """Accept images together of whose suggestions a model is sure, once a reviewed sample bounds their errors."""
    from lap_assets.commands.label import refresh_suggestions
    from lap_assets.commands.label_audit import (
        AuditWish,
        accepted_audit,
        audit_json,
        audit_lines,
        begun_audit,
        withdrawn_audit,
    )  # fmt: skip

    home, kind = load_run_context().home, TARGETS[of]
    if sum((new, accept, withdraw)) > 1:
        raise InputError("--new, --accept and --withdraw: expected one of them")
    if not home.images.is_dir():
        raise InputError(f"{home.images}: there are no images yet; `lap run` makes them")
    if withdraw:
        audit = withdrawn_audit(home, kind)
    elif accept:
        audit = accepted_audit(home, kind, most_wrong)
    else:
        refresh_suggestions(home)
        audit = begun_audit(home, kind, AuditWish(least_score, least_class, sample, new))
    if as_json:
        typer.echo(json.dumps(audit_json(kind, audit)))
        return
    if withdraw:
        typer.echo("the acceptance is withdrawn; these images are left to label again:")
    typer.echo("\n".join(audit_lines(kind, audit, most_wrong)))
