"""`lap train`."""

from pathlib import Path
from typing import Annotated

import typer

from lap_assets.commands.console import Terminal
from lap_assets.models.types import Target
from lap_assets.startup import load_run_context

app = typer.Typer(help="Train detectors on people's labels, or retrain lap-tiny.", no_args_is_help=True)
TrainingWork = Annotated[
    Path, typer.Option(help="folder for pictures and checkpoints; a stopped training resumes from it")
]
TrainingOut = Annotated[Path, typer.Option(help="folder to write the files into")]
TrainingSteps = Annotated[int | None, typer.Option(min=10, help="number of steps (default: as for the shipped files)")]
Truth = Annotated[Path | None, typer.Option(help="labels in any format (default: the refined boxes in LAP_HOME)")]
LabeledImages = Annotated[Path | None, typer.Option("--images", help="the folder of the images of --truth")]
DetectorOut = Annotated[
    Path | None, typer.Option(help="the detector file, *.safetensors (trained-faces or -heads, in LAP_HOME/weights)")
]
Start = Annotated[str, typer.Option(help="the detector to continue training: lap-tiny, or a detector file")]
TuningSteps = Annotated[int, typer.Option(min=10, help="maximum number of steps")]
TuningViews = Annotated[int, typer.Option("--views", min=1, help="views per step")]
Seed = Annotated[int, typer.Option(help="random seed; on a CPU, the same seed gives the same weights")]
TruthFormat = Annotated[str | None, typer.Option("--from", help="the format of --truth (default: recognized)")]
SkipWrong = Annotated[bool, typer.Option("--skip", help="leave out and list invalid labels")]

ForceTrained = Annotated[
    bool, typer.Option("--force", help="replace an existing file, even if it is better or of another kind")
]


@app.command("faces")
def train_faces(
    truth: Truth = None, images: LabeledImages = None, out: DetectorOut = None, start: Start = "lap-tiny",
    steps: TuningSteps = 400, views: TuningViews = 16, seed: Seed = 1,
    truth_format: TruthFormat = None, skip: SkipWrong = False, force: ForceTrained = False,
) -> None:  # fmt: skip
    """Train a face detector on labeled images. 100 images take a few minutes; a stopped training resumes."""
    _train("faces", truth, images, out, start, (steps, views, seed), truth_format, skip=skip, force=force)


@app.command("heads")
def train_heads(
    truth: Truth = None, images: LabeledImages = None, out: DetectorOut = None, start: Start = "lap-tiny",
    steps: TuningSteps = 400, views: TuningViews = 16, seed: Seed = 1,
    truth_format: TruthFormat = None, skip: SkipWrong = False, force: ForceTrained = False,
) -> None:  # fmt: skip
    """Train a head detector on labeled images. 100 images take a few minutes; a stopped training resumes."""
    _train("heads", truth, images, out, start, (steps, views, seed), truth_format, skip=skip, force=force)


def _train(
    target: Target, truth: Path | None, images: Path | None, out: Path | None, start: str,
    numbers: tuple[int, int, int], truth_format: str | None, *, skip: bool, force: bool,
) -> None:  # fmt: skip
    from lap_assets.training.finetune import TuningPlan
    from lap_assets.training.label_training import LabelSource, Training, train_on_labels

    context = load_run_context()
    steps, views, seed = numbers
    plan = TuningPlan(target, steps, views, seed, every=max(1, steps // 8))
    source = LabelSource(truth, images, truth_format, skip)
    settings = context.settings
    training = Training(source, plan, start, out, settings.device, settings.picture_limits, force)
    with Terminal() as terminal:
        for line in train_on_labels(training, context.home, terminal):
            terminal.say(line)


@app.command("embedder")
def train_embedder(
    out: TrainingOut, work: TrainingWork = Path("lap_training"), steps: TrainingSteps = None,
    pictures: Annotated[int, typer.Option(min=512, help="procedural pictures to draw")] = 20_000,
    seed: Annotated[int, typer.Option(help="random seed")] = 1,
) -> None:  # fmt: skip
    """Train the embedder on procedural pictures. It takes about an hour on two cores."""
    from lap_assets.commands.train import Training, train_embedder_files

    with Terminal() as terminal:
        terminal.say(f"wrote {train_embedder_files(Training(work, out, seed, steps, pictures), terminal)}")


@app.command("detectors")
def train_detectors(
    out: TrainingOut, work: TrainingWork = Path("lap_training"), steps: TrainingSteps = None,
    pictures: Annotated[int, typer.Option(min=64, help="posters to draw")] = 5_000,
    seed: Annotated[int, typer.Option(help="random seed")] = 1,
) -> None:  # fmt: skip
    """Train the face and head detectors on drawn posters. It takes about 15 minutes on two cores."""
    from lap_assets.commands.train import Training, train_detector_files

    with Terminal() as terminal:
        terminal.say(
            f"wrote faces and heads into {train_detector_files(Training(work, out, seed, steps, pictures), terminal)}"
        )


@app.command("traits")
def train_traits(
    out: TrainingOut, work: TrainingWork = Path("lap_training"), steps: TrainingSteps = None,
    pictures: Annotated[int, typer.Option(min=128, help="crops of drawn figures")] = 12_800,
    seed: Annotated[int, typer.Option(help="random seed")] = 1,
) -> None:  # fmt: skip
    """Train the network that sees the traits of figures: an hour on one core."""
    from lap_assets.commands.train import Training, train_trait_file

    with Terminal() as terminal:
        terminal.say(f"wrote {train_trait_file(Training(work, out, seed, steps, pictures), terminal)}")
