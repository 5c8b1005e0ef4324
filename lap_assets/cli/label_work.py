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
    from lap_assets.commands.label_queue import labels_status as status_of
    from lap_assets.commands.label_queue import status_json, status_lines
    from lap_assets.training.label_outlook import Pace

    home = load_run_context().home
    if not home.images.is_dir():
        raise InputError(f"{home.images}: there are no images yet; `lap run` makes them")
    refresh_suggestions(home)
    found = status_of(home.images, home.labels, Pace(look, box, key))
    if as_json:
        typer.echo(json.dumps({kind: status_json(outlook) for kind, outlook in found.items()}, indent=1))
    else:
        typer.echo("\n".join(line for kind, outlook in found.items() for line in status_lines(kind, outlook)))


@app.command("suggest")
def labels_suggest(
    of: Annotated[Of, typer.Argument(help="what to find")],
    model: Annotated[
        str | None, typer.Option(help="a detector's name or file (what `lap train` made in LAP_HOME)")
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
