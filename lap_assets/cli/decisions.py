"""`lap why`, `lap rules` and `lap verdicts`: why posters are removed, and what people decided."""

import json
from pathlib import Path
from typing import Annotated

import typer

from lap_assets.cli.options import Json
from lap_assets.commands.console import Terminal
from lap_assets.core.plain_text import printable
from lap_assets.startup import load_reading_context, load_run_context

rules_app = typer.Typer(help="The table of rules for duplicates.", no_args_is_help=True)
verdicts_app = typer.Typer(help="What people decided in the review tools.", no_args_is_help=True)


def why(name: Annotated[str, typer.Argument(help="a poster's file name")]) -> None:
    """Explain why a poster was kept or removed. Shows the chain to its survivor."""
    from lap_assets.commands.duplicates import why as reasons

    run_context = load_reading_context()
    for line in reasons(run_context.home, name, run_context.settings):
        typer.echo(printable(line))


@rules_app.command("preview")
def rules_preview(
    sheets: Annotated[Path | None, typer.Option(help="folder for the contact sheets (LAP_HOME/review/rules)")] = None,
    as_json: Json = False,
) -> None:
    """Show what each rule would affect, with samples. Nothing is applied. LAP_RULES changes the rules."""
    from lap_assets.commands.duplicates import preview, shown

    run_context = load_reading_context()
    folder = sheets or run_context.home.root / "review" / "rules"
    table = preview(run_context.settings, run_context.home, folder)
    if as_json:
        typer.echo(json.dumps(table.to_dicts(), indent=1))
        return
    terminal = Terminal()
    terminal.console.print(shown(table.drop("action", "title")))
    terminal.say(f"samples of each rule: {folder}")


@verdicts_app.command("check")
def verdicts_check() -> None:
    """List unreadable lines, conflicts, and verdicts on missing posters. Exit status 1 if there are any."""
    from lap_assets.commands.duplicates import check_verdicts

    run_context = load_reading_context()
    lines = check_verdicts(run_context.settings, run_context.home)
    for line in lines or ["all verdicts are readable, undisputed, and apply"]:
        typer.echo(printable(line))
    raise typer.Exit(1 if lines else 0)


@verdicts_app.command("export")
def verdicts_export(file: Annotated[Path, typer.Argument(help="the file to write")]) -> None:
    """Write all verdicts into one file."""
    from lap_assets.commands.duplicates import export_to

    for line in export_to(load_reading_context().home, file):
        typer.echo(printable(line))


@verdicts_app.command("import")
def verdicts_import(file: Annotated[Path, typer.Argument(help="a file of verdicts, from any reviewer")]) -> None:
    """Import verdicts from a file. Known lines are ignored."""
    from lap_assets.commands.duplicates import import_from

    for line in import_from(load_run_context().home, file):
        typer.echo(printable(line))
