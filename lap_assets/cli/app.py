"""The commands that are no group's, rules and verdicts, and how an error ends."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from lap_assets import __version__
from lap_assets.cli import benches, label, labels, release, review, training, verify, weights
from lap_assets.cli.extras import advice
from lap_assets.cli.options import DEMO_SEED, Json
from lap_assets.commands.console import Terminal
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings

app = typer.Typer(
    help="LAP: anime posters from two sites, turned into a clean, labeled dataset.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
rules_app = typer.Typer(help="The table of rules for duplicates.", no_args_is_help=True)
verdicts_app = typer.Typer(help="What people decided in the review tools.", no_args_is_help=True)
app.add_typer(rules_app, name="rules")
app.add_typer(verdicts_app, name="verdicts")
app.add_typer(review.app, name="review")
app.add_typer(weights.app, name="weights")
app.add_typer(benches.app, name="bench")
app.add_typer(training.app, name="train")
app.command("label")(label.label)
app.command()(labels.convert)
app.command()(labels.evaluate)
app.command()(release.diff)
app.command("verify")(verify.verify)
Jobs = Annotated[int, typer.Option("--jobs", min=1, help="steps that run side by side; each site gets one at a time")]
_DEMO_ANIME, _PORT = 240, 3000


@app.callback(invoke_without_command=True)
def lap(show_version: Annotated[bool, typer.Option("--version", help="print the version")] = False) -> None:
    """LAP: anime posters from two sites, turned into a clean, labeled dataset."""
    if show_version:
        typer.echo(__version__)
        raise typer.Exit


@app.command()
def demo(
    anime: Annotated[int, typer.Option(min=30, help="anime in the replica's catalog")] = _DEMO_ANIME,
    seed: Annotated[int, typer.Option(help="another seed is another world")] = DEMO_SEED,
    jobs: Jobs = 3,
) -> None:
    """Run everything on a local replica of both sites, into LAP_HOME or ./lap_demo."""
    from lap_assets.commands.demo import demo as run_demo
    from lap_assets.replica.procedural import procedural_catalog
    from lap_assets.replica.serving import serve_in_subprocess

    os.environ.setdefault("LAP_HOME", "lap_demo")
    settings = Settings.load()
    replica = serve_in_subprocess(procedural_catalog(anime, seed))
    with Terminal() as terminal:
        raise typer.Exit(
            run_demo(settings, terminal, replica=replica, traits={"anime": anime, "seed": seed}, jobs=jobs)
        )


@app.command()
def replica(
    anime: Annotated[int, typer.Option(min=1, help="anime in a procedural catalog")] = _DEMO_ANIME,
    seed: Annotated[int, typer.Option(help="another seed is another world")] = DEMO_SEED,
    catalog: Annotated[Path | None, typer.Option(help="a folder with the original's four lists, instead")] = None,
    rx_share: Annotated[
        float | None, typer.Option(min=0, max=1, help="share of anime rated Rx (0.06; 0 with lists, which tell none)")
    ] = None,
    months: Annotated[int, typer.Option(min=0, help="serve it as many months later: some came, a few are gone")] = 0,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one")] = 8765,
    log: Annotated[Path | None, typer.Option(help="write a JSON line for each request")] = None,
    faults: Annotated[
        list[str] | None,
        typer.Option(help="misbehave: KIND[*FIRST][=SHARE%][@PATTERN], such as all=1%; may be repeated"),
    ] = None,
) -> None:
    """Serve a local replica of both sites until Ctrl-C, and print its address for LAP_SITES_URL."""
    from lap_assets.replica.fault_kinds import parse_faults
    from lap_assets.replica.lists import catalog_from_lists
    from lap_assets.replica.months import later
    from lap_assets.replica.procedural import procedural_catalog
    from lap_assets.replica.serving import run_replica

    if catalog is not None:
        chosen = catalog_from_lists(catalog, rx_share=rx_share or 0.0, seed=seed)
    else:
        chosen = procedural_catalog(anime, seed, 0.06 if rx_share is None else rx_share)
    run_replica(
        later(chosen, months),
        port=port,
        request_log=log,
        faults=parse_faults(faults or [], seed),
        on_ready=lambda url: print(f"LAP_SITES_URL={url}", flush=True),
    )


@app.command()
def run(
    partition: Annotated[list[str] | None, typer.Option(help="a subfolder, 0 to 9; may be repeated")] = None,
    only: Annotated[list[str] | None, typer.Option(help="an asset; may be repeated")] = None,
    jobs: Jobs = 3,
) -> None:
    """Make what is missing, stale, failed or due. Exit status 3: a scrape ended early and goes on next time."""
    from lap_assets.commands.run import Asked
    from lap_assets.commands.run import run as run_steps

    with Terminal() as terminal:
        run_context = RunContext(Settings.load(), shown=terminal)
        raise typer.Exit(run_steps(run_context, terminal, Asked(partition or (), only or (), jobs=jobs)))


@app.command()
def refresh(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="say what it would do and why, and do nothing")] = False,
    as_json: Json = False,
    jobs: Jobs = 3,
) -> None:
    """Make what is missing, stale or failed, upstream first, until all is fresh. Pages that are due do not count."""
    from lap_assets.commands.refresh import forecast_lines, forecast_rows, outcome_rows
    from lap_assets.commands.run import Asked, look_ahead
    from lap_assets.commands.run import run as run_steps

    asked = Asked(scrapes=False, jobs=jobs)
    if dry_run:
        told = look_ahead(RunContext(Settings.load()), asked)
        for line in [json.dumps(forecast_rows(told), indent=1)] if as_json else forecast_lines(told):
            typer.echo(line)
        return
    with Terminal() as terminal:
        run_context = RunContext(Settings.load(), shown=terminal)
        printed = (lambda outcome: typer.echo(json.dumps(outcome_rows(outcome), indent=1))) if as_json else None
        raise typer.Exit(run_steps(run_context, terminal, asked, printed))


@app.command()
def status(as_json: Json = False) -> None:
    """Show how every asset's partitions stand, and why."""
    from lap_assets.commands.home import check_writable
    from lap_assets.commands.status import cause_lines, standings, status_table

    run_context = RunContext(Settings.load())
    check_writable(run_context.home)
    rows = standings(run_context)
    if as_json:
        typer.echo(json.dumps(rows, indent=1))
        return
    terminal = Terminal()
    terminal.console.print(status_table(rows))
    for line in cause_lines(rows):
        terminal.say(line)


@app.command()
def adopt(
    folder: Annotated[Path, typer.Argument(help="a LAP folder: subfolders 0 to 9, label files")],
    skip: Annotated[bool, typer.Option("--skip", help="leave out what is wrong, take in all the rest")] = False,
) -> None:
    """Take in an existing LAP folder without asking any site. What is wrong is listed; then nothing is changed."""
    from lap_assets.commands.adopt import adopt as take_in

    with Terminal() as terminal:
        raise typer.Exit(take_in(folder, RunContext(Settings.load(), shown=terminal), terminal, skip=skip))


@app.command()
def ui(port: Annotated[int, typer.Option(min=1, max=65535, help="on 127.0.0.1")] = _PORT) -> None:
    """Open the Dagster UI on LAP_HOME; on a demo's home, with the replica that it came from."""
    from contextlib import nullcontext

    from lap_assets.commands.home import demo_traits
    from lap_assets.commands.ui import serve_ui
    from lap_assets.replica.procedural import procedural_catalog
    from lap_assets.replica.serving import serve_in_subprocess

    run_context = RunContext(Settings.load())
    traits = demo_traits(run_context.home)
    own = traits is not None and not run_context.settings.is_replica
    replica = serve_in_subprocess(procedural_catalog(**traits or {})) if own else nullcontext()
    raise typer.Exit(serve_ui(run_context, port, replica))


@app.command()
def worker(
    queue: Annotated[list[str], typer.Option(help="runs, mal, wa, cpu or gpu; may be repeated, runs stands alone")],
) -> None:
    """Take a cluster's work until SIGTERM (docs/scale.md): one task at a time, models stay loaded."""
    from lap_assets.commands.worker import work

    raise typer.Exit(work(RunContext(Settings.load()), queue))


@app.command()
def repartition() -> None:
    """Bring LAP_HOME to the present table of subfolders, after it was changed (docs/scale.md)."""
    from lap_assets.commands.repartition import repartition as recut

    raise typer.Exit(recut(RunContext(Settings.load()), Terminal()))


@app.command()
def why(name: Annotated[str, typer.Argument(help="a poster's file name")]) -> None:
    """Say why a poster was kept or removed, with the chain to its survivor."""
    from lap_assets.commands.duplicates import why as reasons

    for line in reasons(RunContext(Settings.load()).home, name):
        typer.echo(line)


@rules_app.command("preview")
def rules_preview(
    sheets: Annotated[Path | None, typer.Option(help="folder for the contact sheets (LAP_HOME/review/rules)")] = None,
    as_json: Json = False,
) -> None:
    """Say rule by rule what it would touch, before anything acts; draw samples. LAP_RULES changes the rules."""
    from lap_assets.commands.duplicates import preview, shown

    run_context = RunContext(Settings.load())
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
    """List unreadable lines, conflicts, and verdicts whose posters are gone. Exit status 1 if there are any."""
    from lap_assets.commands.duplicates import check_verdicts

    run_context = RunContext(Settings.load())
    lines = check_verdicts(run_context.settings, run_context.home)
    for line in lines or ["all verdicts are readable, undisputed, and apply"]:
        typer.echo(line)
    raise typer.Exit(1 if lines else 0)


@verdicts_app.command("export")
def verdicts_export(file: Annotated[Path, typer.Argument(help="the file to write")]) -> None:
    """Write all verdicts into one file."""
    from lap_assets.commands.duplicates import export_to

    for line in export_to(RunContext(Settings.load()).home, file):
        typer.echo(line)


@verdicts_app.command("import")
def verdicts_import(file: Annotated[Path, typer.Argument(help="a file of verdicts, from any reviewer")]) -> None:
    """Take verdicts in; what is known already changes nothing."""
    from lap_assets.commands.duplicates import import_from

    for line in import_from(RunContext(Settings.load()).home, file):
        typer.echo(line)


def main(command: Callable[[], object] = app) -> None:
    """Runs a command; an error that a user can mend is one line."""
    from lap_assets.core.errors import LabelFileError, LockHeld

    try:
        command()
    except LabelFileError as error:
        print("\n".join(f"lap: {fault}" for fault in error.faults), file=sys.stderr)
        sys.exit(2)
    except (ValueError, LockHeld, OSError) as error:
        print(f"lap: {_in_one_line(error)}", file=sys.stderr)
        sys.exit(2)
    except ModuleNotFoundError as error:
        if (line := advice(error)) is None:
            raise
        print(f"lap: {line}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        print("lap: stopped at once; all that was finished is kept", file=sys.stderr)
        sys.exit(130)


def _in_one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return " ".join(str(error).split())
