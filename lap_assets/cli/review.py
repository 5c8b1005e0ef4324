"""`lap review`: the Comparer and the Explorer on LAP_HOME, or on another list or folder."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from lap_assets.core.estimates import SURE
from lap_assets.startup import load_reading_context, load_run_context

app = typer.Typer(help="Review posters: the Comparer and the Explorer.", no_args_is_help=True)
Partition = Annotated[str | None, typer.Option("--partition", help="a subfolder, 0 to 9 (default: all)")]
Verdicts = Annotated[
    Path | None,
    typer.Option("--verdicts", help="file, or folder of logs, for verdicts (default: LAP_HOME's)"),
]
Reviewer = Annotated[str | None, typer.Option("--reviewer", help="the reviewer's name (default: your login name)")]
Readonly = Annotated[bool, typer.Option("--readonly", help="view only; nothing is saved")]


@app.command("pairs")
def review_pairs(
    file: Annotated[
        Path | None, typer.Argument(metavar="[LIST.csv]", help="a list of pairs (default: LAP_HOME's)")
    ] = None,
    partition: Partition = None,
    images: Annotated[Path | None, typer.Option(help="the folder of posters (default: guessed)")] = None,
    verdicts: Verdicts = None,
    reviewer: Reviewer = None,
    readonly: Readonly = False,
    sure: Annotated[float, typer.Option(help="minimum probability of the pairs that key A accepts at once")] = SURE,
    close_at_end: Annotated[
        bool, typer.Option("--close-at-end", help="close the window when you decide the last pair")
    ] = False,
) -> None:
    """Compare pairs of posters and decide which are duplicates."""
    from lap_assets.commands.review import candidate_lists, marks_act
    from lap_gui.comparer.opening import review_pairs as open_comparer

    run_context = load_run_context()
    lists = [file] if file is not None else candidate_lists(run_context.home, partition)
    open_comparer(
        lists,
        partition=partition,
        images=images,
        verdicts=verdicts,
        reviewer=reviewer,
        readonly=readonly,
        marks_act=marks_act(run_context.settings),
        sure=sure,
        close_at_end=close_at_end,
    )


@app.command("status")
def review_status(
    partition: Partition = None,
    reviewer: Reviewer = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON for scripts")] = False,
) -> None:
    """Show how many duplicates are found and probably left. Also how many you would miss by stopping now."""
    from lap_assets.commands import review_status as status
    from lap_assets.commands.review import candidate_lists, marks_act
    from lap_assets.review.audit import newest_audit
    from lap_gui.review.logs import reviewer_name

    run_context = load_reading_context()
    lists = candidate_lists(run_context.home, partition)
    found = status.review_status(lists, partition, reviewer_name(reviewer), marks_act=marks_act(run_context.settings))
    audit = newest_audit(run_context.home.labels)
    if as_json:
        typer.echo(json.dumps(status.status_json(found, audit)))
        return
    for line in status.status_lines(found, audit):
        typer.echo(line)


@app.command("audit")
def review_audit(
    sample: Annotated[int, typer.Option(min=1, help="how many pairs to draw")] = 100,
    below: Annotated[
        float | None, typer.Option(help="only pairs below this probability (default: all undecided pairs)")
    ] = None,
    new: Annotated[bool, typer.Option("--new", help="draw another sample")] = False,
    reviewer: Reviewer = None,
    readonly: Readonly = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="print the audit as JSON, without opening the Comparer")
    ] = False,
) -> None:
    """Review a random sample of the undecided pairs. It bounds how many duplicates are missed."""
    from lap_assets.commands import review_audit as auditing
    from lap_assets.commands.review import candidate_lists, marks_act
    from lap_gui.review.logs import reviewer_name

    run_context = load_run_context()
    home, act = run_context.home, marks_act(run_context.settings)
    audit = auditing.current_audit(
        home, candidate_lists(home, None), below=below, size=sample, is_new=new, marks_act=act
    )
    if not as_json:
        auditing.ask_about(audit, home, reviewer_name(reviewer), readonly=readonly, marks_act=act)
    judged = auditing.finish(audit, home)
    typer.echo(json.dumps(asdict(judged)) if as_json else str(judged))


@app.command("groups")
def review_groups(
    folder: Annotated[Path | None, typer.Argument(help="a folder of posters (default: LAP_HOME's)")] = None,
    partition: Partition = None,
    start: Annotated[
        int | None, typer.Option(min=0, help="index of the first anime, from 0 (default: where you stopped)")
    ] = None,
    verdicts: Verdicts = None,
    reviewer: Reviewer = None,
    readonly: Readonly = False,
    close_at_end: Annotated[
        bool, typer.Option("--close-at-end", help="close the window when you advance past the last anime")
    ] = False,
) -> None:
    """View all posters of an anime at once, and mark those to remove."""
    from lap_assets.commands.review import marks_act, poster_contents, removed_by_rules
    from lap_gui.explorer.opening import review_groups as open_explorer

    run_context = load_run_context()
    home = run_context.home
    open_explorer(
        folder or home.root,
        partition=partition,
        start=start,
        verdicts=verdicts,
        reviewer=reviewer,
        readonly=readonly,
        hidden=removed_by_rules(home) if folder is None else frozenset(),
        contents=poster_contents(home) if folder is None else None,
        marks_act=marks_act(run_context.settings),
        close_at_end=close_at_end,
    )
