"""`lap verify`."""

from pathlib import Path
from typing import Annotated

import typer

from lap_assets.core.errors import InputError
from lap_assets.core.plain_text import printable


def verify(
    folder: Annotated[Path | None, typer.Argument(help="a release's folder (default: LAP_HOME)")] = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="fetch or make again exactly what the home lacks; nothing is deleted")
    ] = False,
) -> None:
    """Check every file of a release or of the home. Exit status 1 if one is missing, changed or unexpected."""
    from lap_assets.release.verify import problems_of

    if folder is not None and repair:
        raise InputError("--repair works on the home (LAP_HOME); a release's folder is only checked")
    wrong = problems_of(folder) if folder is not None else _home(repair)
    for line in wrong or [f"{folder or 'the home'} is as it was written"]:
        typer.echo(printable(line))
    raise typer.Exit(1 if wrong else 0)


def _home(repair: bool) -> list[str]:
    from lap_assets.commands.console import Terminal
    from lap_assets.commands.verify import verify as verify_home
    from lap_assets.startup import load_reading_context

    with Terminal() as terminal:
        return verify_home(load_reading_context(terminal), terminal, mend=repair)
