"""`lap run`, `lap refresh` and `lap status`: run the graph, and show the status of its partitions."""

import json
from typing import Annotated

import typer

from lap_assets.cli.options import Jobs, Json, ReleaseAnyway
from lap_assets.commands.console import Terminal
from lap_assets.core.plain_text import printable
from lap_assets.startup import load_reading_context, load_run_context


def run(
    partition: Annotated[list[str] | None, typer.Option(help="a subfolder, 0 to 9; may be repeated")] = None,
    only: Annotated[list[str] | None, typer.Option(help="an asset; may be repeated")] = None,
    jobs: Jobs = 3,
    release_anyway: ReleaseAnyway = False,
    no_sites: Annotated[
        bool, typer.Option("--no-sites", help="leave out every asset that asks a site, as for an adopted home")
    ] = False,
) -> None:
    """Make what is missing, stale, failed or due. Exit status 3: a scrape ended early; the next run resumes it."""
    from lap_assets.commands.run import run as run_steps
    from lap_assets.commands.run_selection import RunSelection

    with Terminal() as terminal:
        run_context = load_run_context(terminal)
        selection = RunSelection(
            partition or (), only or (), scrapes=not no_sites, jobs=jobs, release_anyway=release_anyway,
            sites=not no_sites,
        )  # fmt: skip
        raise typer.Exit(run_steps(run_context, terminal, selection))


def refresh(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="show what would run and why, without running it")] = False,
    as_json: Json = False,
    jobs: Jobs = 3,
) -> None:
    """Make what is missing, stale or failed, upstream first. Due pages are not read."""
    from lap_assets.commands.refresh import forecast_lines, forecast_rows, outcome_rows
    from lap_assets.commands.run import look_ahead
    from lap_assets.commands.run import run as run_steps
    from lap_assets.commands.run_selection import RunSelection

    selection = RunSelection(scrapes=False, jobs=jobs)
    if dry_run:
        ahead = look_ahead(load_reading_context(), selection)
        lines = [json.dumps(forecast_rows(ahead), indent=1)] if as_json else map(printable, forecast_lines(ahead))
        for line in lines:
            typer.echo(line)
        return
    with Terminal() as terminal:
        run_context = load_run_context(terminal)
        printed = (lambda outcome: typer.echo(json.dumps(outcome_rows(outcome), indent=1))) if as_json else None
        raise typer.Exit(run_steps(run_context, terminal, selection, printed))


def status(as_json: Json = False) -> None:
    """Show the status of all partitions, and the reasons."""
    from lap_assets.commands.home import check_writable
    from lap_assets.commands.status import cause_lines, status_table, statuses

    run_context = load_reading_context()
    check_writable(run_context.home)
    rows = statuses(run_context)
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
        return
    terminal = Terminal()
    terminal.console.print(status_table(rows))
    for line in cause_lines(rows):
        terminal.say(line)
