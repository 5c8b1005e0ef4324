"""`lap review`: the Comparer and the Explorer on LAP_HOME, or on a list and folders of one's own."""

from pathlib import Path
from typing import Annotated

import typer

from lap_assets.core.errors import InputError
from lap_assets.startup import load_run_context

app = typer.Typer(help="Look at posters and decide: the Comparer and the Explorer.", no_args_is_help=True)
Partition = Annotated[str | None, typer.Option("--partition", help="a subfolder, 0 to 9; all of them if none")]
Verdicts = Annotated[
    Path | None, typer.Option("--verdicts", help="the file (or folder of logs) that verdicts go to; else the home's")
]
Reviewer = Annotated[str | None, typer.Option("--reviewer", help="whose verdicts they are; else your login name")]
Readonly = Annotated[bool, typer.Option("--readonly", help="look only: nothing is written")]


@app.command("pairs")
def review_pairs(
    file: Annotated[Path | None, typer.Argument(metavar="[LIST.csv]", help="a list; else those of LAP_HOME")] = None,
    partition: Partition = None,
    images: Annotated[Path | None, typer.Option(help="the folder of posters; guessed if none")] = None,
    verdicts: Verdicts = None,
    reviewer: Reviewer = None,
    readonly: Readonly = False,
) -> None:
    """Compare pairs of posters, and say which are duplicates."""
    from lap_assets.commands.review import candidate_lists
    from lap_gui.comparer.opening import review_pairs as open_comparer

    if file is not None and partition is not None:
        raise InputError("--partition chooses one of LAP_HOME's lists: give it or a LIST.csv, not both")
    lists = [file] if file is not None else candidate_lists(load_run_context().home, partition)
    open_comparer(lists, images=images, verdicts=verdicts, reviewer=reviewer, readonly=readonly)


@app.command("groups")
def review_groups(
    folder: Annotated[Path | None, typer.Argument(help="a folder of posters; else LAP_HOME's")] = None,
    partition: Partition = None,
    start: Annotated[
        int | None, typer.Option(min=0, help="the anime to begin with, from 0; else where you stopped")
    ] = None,
    verdicts: Verdicts = None,
    reviewer: Reviewer = None,
    readonly: Readonly = False,
) -> None:
    """Look at all posters of an anime at once, and mark those that are to go."""
    from lap_assets.commands.review import removed_by_rules
    from lap_gui.explorer.opening import review_groups as open_explorer

    home = load_run_context().home
    open_explorer(
        folder or home.root,
        partition=partition,
        start=start,
        verdicts=verdicts,
        reviewer=reviewer,
        readonly=readonly,
        hidden=removed_by_rules(home) if folder is None else frozenset(),
    )
