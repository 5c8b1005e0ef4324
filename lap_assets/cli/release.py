"""`lap diff`, and `lap release pack`."""

from pathlib import Path
from typing import Annotated

import typer

from lap_assets.core.errors import InputError

app = typer.Typer(help="Released datasets.", no_args_is_help=True)


def diff(
    old: Annotated[Path, typer.Argument(help="the older release's folder")],
    new: Annotated[Path, typer.Argument(help="the newer release's folder")],
) -> None:
    """Describe what changed between two releases, in Markdown."""
    from lap_assets.release.diff import changes

    typer.echo(changes(old, new), nl=False)


@app.command("pack")
def release_pack(
    folder: Annotated[Path, typer.Argument(help="a release's folder, such as lap_home/release/v0001")],
    out: Annotated[Path, typer.Option(help="the folder for the archives")] = Path(),
    only: Annotated[
        list[str] | None, typer.Option(help="coco, yolo, voc or parquet; may be repeated (default: all)")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="replace existing archives")] = False,
) -> None:
    """Write archives of a release. The images once, labels per format, and checksums. Unpack the images first."""
    from lap_assets.commands.console import Terminal
    from lap_assets.release.pack import FORMATS, pack

    if unknown := [name for name in only or () if name not in FORMATS]:
        raise InputError(f"--only {unknown[0]}: expected one of {', '.join(FORMATS)}")
    with Terminal() as terminal:
        archives = pack(folder, out, terminal, formats=tuple(only or FORMATS), force=force)
    for archive in archives:
        typer.echo(f"{archive.path}: {archive.files:,} files, {archive.bytes / 1e6:,.1f} MB, sha256 {archive.sha256}")
