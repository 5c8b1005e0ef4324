"""`lap diff`."""

from pathlib import Path
from typing import Annotated

import typer


def diff(
    old: Annotated[Path, typer.Argument(help="a release's folder")],
    new: Annotated[Path, typer.Argument(help="another's")],
) -> None:
    """Say what changed from one release to another, in Markdown."""
    from lap_assets.release.diff import changes

    typer.echo(changes(old, new), nl=False)
