"""`lap detect`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from lap_assets.commands.console import Terminal
from lap_assets.models.types import Target
from lap_assets.startup import load_run_context


class TargetChoice(StrEnum):
    """What to find: faces or heads."""

    FACES = "faces"
    HEADS = "heads"


TARGETS: Final[dict[TargetChoice, Target]] = {TargetChoice.FACES: "faces", TargetChoice.HEADS: "heads"}


def detect(
    images: Annotated[Path, typer.Argument(help="a picture, or a folder of pictures, searched recursively")],
    model: Annotated[str, typer.Option(help="a detector's name, a file that `lap train` wrote, or onnx:FILE")],
    out: Annotated[Path, typer.Option(help="the file or folder to write")],
    format_to: Annotated[
        str | None, typer.Option("--to", help="lap, coco, yolo, voc or parquet (default: by the extension of --out)")
    ] = None,
    of: Annotated[TargetChoice | None, typer.Option(help="what to find, if the model finds both")] = None,
    min_score: Annotated[float, typer.Option(min=0, max=1, help="leave out boxes with a lower score")] = 0.0,
    force: Annotated[bool, typer.Option("--force", help="replace existing output")] = False,
) -> None:
    """Find faces or heads in pictures. The boxes are written as labels, with scores."""
    from lap_assets.commands.detect import Detection
    from lap_assets.commands.detect import detect as detected

    context = load_run_context()
    settings = context.settings
    options = Detection(
        images, model, out, TARGETS[of] if of else None, format_to, min_score, force,
        settings.device, settings.picture_limits,
    )  # fmt: skip
    with Terminal() as terminal:
        for line in detected(options, context.home, terminal):
            terminal.say(line)
