"""`lap train`."""

from pathlib import Path
from typing import Annotated

import typer

from lap_assets.commands.console import Terminal

app = typer.Typer(help="Retrain lap-tiny, from nothing but seeds.", no_args_is_help=True)
TrainingWork = Annotated[
    Path, typer.Option(help="folder for pictures and checkpoints; a stopped training resumes from it")
]
TrainingOut = Annotated[Path, typer.Option(help="folder that the files are written into")]
TrainingSteps = Annotated[int | None, typer.Option(min=10, help="number of steps (default: as for the shipped files)")]


@app.command("embedder")
def train_embedder(
    out: TrainingOut, work: TrainingWork = Path("lap_training"), steps: TrainingSteps = None,
    pictures: Annotated[int, typer.Option(min=512, help="procedural pictures to draw")] = 20_000,
    seed: Annotated[int, typer.Option(help="random seed")] = 1,
) -> None:  # fmt: skip
    """Train the embedder on procedural pictures: about an hour on two cores."""
    from lap_assets.commands.train import Training, train_embedder_files

    with Terminal() as terminal:
        terminal.say(f"wrote {train_embedder_files(Training(work, out, seed, steps, pictures), terminal)}")


@app.command("detectors")
def train_detectors(
    out: TrainingOut, work: TrainingWork = Path("lap_training"), steps: TrainingSteps = None,
    pictures: Annotated[int, typer.Option(min=64, help="posters to draw")] = 5_000,
    seed: Annotated[int, typer.Option(help="random seed")] = 1,
) -> None:  # fmt: skip
    """Train the detectors of faces and heads on drawn posters: a quarter of an hour on two cores."""
    from lap_assets.commands.train import Training, train_detector_files

    with Terminal() as terminal:
        terminal.say(
            f"wrote faces and heads into {train_detector_files(Training(work, out, seed, steps, pictures), terminal)}"
        )
