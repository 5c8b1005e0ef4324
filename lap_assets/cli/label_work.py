"""`lap labels`: progress of the labeling, a model's suggestions, and audits."""

import json
from typing import Annotated

import typer

from lap_assets.cli.detect import TARGETS, TargetChoice
from lap_assets.cli.options import Json
from lap_assets.commands.console import Terminal
from lap_assets.core.errors import InputError
from lap_assets.startup import load_run_context

app = typer.Typer(help="Progress of the labeling, a model's suggestions, and audits.", no_args_is_help=True)


@app.command("status")
def labels_status(
    look: Annotated[float, typer.Option(min=0, help="seconds you need to look at an image and decide")] = 1.5,
    box: Annotated[float, typer.Option(min=0, help="seconds you need to draw or correct a box")] = 3.5,
    key: Annotated[float, typer.Option(min=0, help="seconds you need to press a class key")] = 1.0,
    as_json: Json = False,
) -> None:
    """Show how many images are reviewed and left. Also how good suggestions were, and how long the rest takes."""
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
        rows = {kind: {**status_json(outlook), "audits": audits[kind]} for kind, outlook in found.items()}
        typer.echo(json.dumps(rows, indent=1))
    else:
        lines = (line for kind, outlook in found.items() for line in status_lines(kind, outlook, audits[kind]))
        typer.echo("\n".join(lines))


@app.command("suggest")
def labels_suggest(
    of: Annotated[TargetChoice, typer.Argument(help="what to find")],
    model: Annotated[
        str | None,
        typer.Option(help="a detector's name or file, or onnx:FILE (default: the one `lap train` wrote in LAP_HOME)"),
    ] = None,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="leave out boxes with a lower score")] = 0.3,
) -> None:
    """Find faces or heads as suggestions for the Labeler. No release contains them."""
    from lap_assets.commands.label_suggestions import SuggestOptions, suggest

    context = load_run_context()
    settings = context.settings
    options = SuggestOptions(TARGETS[of], model, min_score, settings.device, settings.picture_limits)
    with Terminal() as terminal:
        for line in suggest(options, context.home, terminal):
            terminal.say(line)


@app.command("audit")
def labels_audit(
    of: Annotated[TargetChoice, typer.Argument(help="which suggestions to audit")],
    least_score: Annotated[
        float | None, typer.Option(min=0, max=1, help="minimum score of every box of a sure image (0.9)")
    ] = None,
    least_class: Annotated[
        float | None, typer.Option(min=0, max=1, help="minimum probability of every class of a sure image (0.8)")
    ] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="how many images to review (100)")] = None,
    new: Annotated[bool, typer.Option("--new", help="draw another sample")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="accept the images outside the sample as audited")] = False,
    most_wrong: Annotated[
        float, typer.Option(min=0, max=1, help="largest share of them that may be wrong, at 95 % confidence")
    ] = 0.05,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="withdraw the newest acceptance")] = False,
    as_json: Json = False,
) -> None:
    """Accept all images of which a model is sure at once. A reviewed sample must first bound their errors."""
    from lap_assets.commands.label import refresh_suggestions
    from lap_assets.commands.label_audit import (
        AuditOptions,
        accept_audit,
        audit_json,
        audit_lines,
        open_audit,
        withdraw_audit,
    )  # fmt: skip

    home, kind = load_run_context().home, TARGETS[of]
    if sum((new, accept, withdraw)) > 1:
        raise InputError("--new, --accept and --withdraw: expected only one of these options")
    if not home.images.is_dir():
        raise InputError(f"{home.images}: there are no images yet; `lap run` makes them")
    if withdraw:
        audit = withdraw_audit(home, kind)
    elif accept:
        audit = accept_audit(home, kind, most_wrong)
    else:
        refresh_suggestions(home)
        audit = open_audit(home, kind, AuditOptions(least_score, least_class, sample, new))
    if as_json:
        typer.echo(json.dumps(audit_json(kind, audit)))
        return
    if withdraw:
        typer.echo("the acceptance is withdrawn; these images are back in the queue:")
    typer.echo("\n".join(audit_lines(kind, audit, most_wrong)))
