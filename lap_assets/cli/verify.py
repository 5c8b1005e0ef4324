"""`lap verify`."""

from pathlib import Path
from typing import Annotated

import typer


def verify(folder: Annotated[Path, typer.Argument(help="a release's folder")]) -> None:
    """Check a release's files against its own checksums. Exit status 1 if one is missing, changed or foreign."""
    from lap_assets.release.verify import problems_of

    wrong = problems_of(folder)
    for line in wrong or [f"{folder} is as it was written"]:
        typer.echo(line)
    raise typer.Exit(1 if wrong else 0)
