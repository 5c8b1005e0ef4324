"""`lap adopt`, `lap repartition`, `lap ui` and `lap worker`: commands that work on a whole home."""

from pathlib import Path
from typing import Annotated, Final

import typer

from lap_assets.commands.console import Terminal
from lap_assets.core.labels.files import LabelKind
from lap_assets.startup import load_run_context

_PORT: Final = 3000


def adopt(
    folder: Annotated[Path, typer.Argument(help="a LAP folder: subfolders 0 to 9, label files")],
    skip: Annotated[bool, typer.Option("--skip", help="adopt everything except what is invalid")] = False,
    reviewed: Annotated[
        int | None,
        typer.Option(min=0, help="labels_faces.txt: its first N lines are people's (default: lines with classes)"),
    ] = None,
    reviewed_heads: Annotated[
        int | None, typer.Option("--reviewed-heads", min=0, help="labels_heads.txt: its first N lines are people's")
    ] = None,
) -> None:
    """Adopt an existing LAP folder, without asking a site. If it has problems, list them and change nothing."""
    from lap_assets.commands.adopt import adopt as take_in

    with Terminal() as terminal:
        first: dict[LabelKind, int | None] = {"faces": reviewed, "heads": reviewed_heads}
        counts = {kind: count for kind, count in first.items() if count is not None}
        raise typer.Exit(take_in(folder, load_run_context(terminal), terminal, skip=skip, first=counts))


def repartition() -> None:
    """Adapt LAP_HOME to a changed subfolders.json. Files and rows are moved (docs/scale.md)."""
    from lap_assets.commands.repartition import repartition as move

    raise typer.Exit(move(load_run_context(), Terminal()))


def ui(port: Annotated[int, typer.Option(min=1, max=65535, help="on 127.0.0.1")] = _PORT) -> None:
    """Serve the Dagster UI of LAP_HOME. For a demo's home, its replica is served as well."""
    from contextlib import nullcontext

    from lap_assets.commands.home import demo_traits
    from lap_assets.commands.ui import serve_ui
    from lap_assets.replica.procedural import procedural_catalog
    from lap_assets.replica.serving import serve_in_subprocess

    run_context = load_run_context()
    traits = demo_traits(run_context.home)
    own = traits is not None and not run_context.settings.is_replica
    replica = serve_in_subprocess(procedural_catalog(**traits or {})) if own else nullcontext()
    raise typer.Exit(serve_ui(run_context, port, replica))


def worker(
    queue: Annotated[list[str], typer.Option(help="runs, mal, wa, cpu or gpu; may be repeated, except runs")],
) -> None:
    """Process a cluster's tasks until SIGTERM. One task at a time; models stay loaded (docs/scale.md)."""
    from lap_assets.commands.worker import work

    raise typer.Exit(work(load_run_context(), queue))
