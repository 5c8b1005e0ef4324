"""`lap weights`."""

import json
from typing import Annotated

import typer

from lap_assets.cli.options import Json
from lap_assets.commands.console import Terminal
from lap_assets.core.errors import InputError
from lap_assets.startup import load_run_context

app = typer.Typer(help="The files that models need.", no_args_is_help=True)


@app.command("list")
def weights_list(as_json: Json = False) -> None:
    """List every file, and whether it is present. Also its purpose, licence and source."""
    from lap_assets.commands.weights import list_table, weight_rows

    run_context = load_run_context()
    rows = weight_rows(run_context.settings, run_context.home.weights)
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
        return
    terminal = Terminal()
    terminal.console.print(list_table(rows))
    for row in rows:
        if row["problem"]:
            terminal.say(f"{row['name']}: {row['problem']}")
    terminal.say(f"folder: {run_context.home.weights}")


@app.command("fetch")
def weights_fetch(
    names: Annotated[
        list[str] | None, typer.Argument(help="names of files (default: those of the chosen models)")
    ] = None,
) -> None:
    """Download and verify files. Interrupted downloads resume. Exit status 1: a download failed."""
    from lap_assets.commands.weights import fetch_all, needed

    run_context = load_run_context()
    keys = names or needed(run_context.settings)
    if not keys:
        raise InputError("the chosen models need no files; name one that `lap weights list` shows")
    with Terminal() as terminal:
        raise typer.Exit(1 if list(fetch_all(keys, run_context.home.weights, terminal)) else 0)


@app.command("verify")
def weights_verify(
    names: Annotated[list[str] | None, typer.Argument(help="names of files (default: all present)")] = None,
) -> None:
    """Read files and compare their checksums. Exit status 1: a file is wrong, or a named one is missing."""
    from lap_assets.commands.weights import verify_all

    run_context = load_run_context()
    with Terminal() as terminal:
        raise typer.Exit(1 if list(verify_all(names or (), run_context.home.weights, terminal)) else 0)
