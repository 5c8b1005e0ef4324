"""`lap adopt`, `lap repartition`, `lap ui` and `lap worker`: what is done with a whole home."""

from pathlib import Path
from typing import Annotated, Final

import typer

from lap_assets.commands.console import Terminal
from lap_assets.core.labels.files import LabelKind
from lap_assets.startup import load_run_context

_PORT: Final = 3000


def adopt(
    folder: Annotated[Path, typer.Argument(help="a LAP folder: subfolders 0 to 9, label files")],
    skip: Annotated[bool, typer.Option("--skip", help="leave out what is wrong, take in all the rest")] = False,
    reviewed: Annotated[
        int | None, typer.Option(min=0, help="labels_faces.txt: people made its first N lines; else those with classes")
    ] = None,
    reviewed_heads: Annotated[
        int | None, typer.Option("--reviewed-heads", min=0, help="labels_heads.txt: people made its first N lines")
    ] = None,
) -> None:
    """Take in an existing LAP folder without asking any site. What is wrong is listed; then nothing is changed."""
    from lap_assets.commands.adopt import adopt as take_in

    with Terminal() as terminal:
        first: dict[LabelKind, int | None] = {"faces": reviewed, "heads": reviewed_heads}
        counts = {kind: count for kind, count in first.items() if count is not None}
        raise typer.Exit(take_in(folder, load_run_context(terminal), terminal, skip=skip, first=counts))


def repartition() -> None:
    """Move LAP_HOME to the table in its subfolders.json, after that was changed (docs/scale.md)."""
    from lap_assets.commands.repartition import repartition as move

    raise typer.Exit(move(load_run_context(), Terminal()))


def ui(port: Annotated[int, typer.Option(min=1, max=65535, help="on 127.0.0.1")] = _PORT) -> None:
    """Open the Dagster UI on LAP_HOME; on a demo's home, with the replica that it came from."""
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
    queue: Annotated[list[str], typer.Option(help="runs, mal, wa, cpu or gpu; may be repeated, runs stands alone")],
) -> None:
    """Take a cluster's work until SIGTERM (docs/scale.md): one task at a time, models stay loaded."""
    from lap_assets.commands.worker import work

    raise typer.Exit(work(load_run_context(), queue))
