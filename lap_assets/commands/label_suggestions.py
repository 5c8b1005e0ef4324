"""`lap labels suggest`: a model's boxes on the home's images, which the Labeler suggests instead of the baseline's.

They are for people alone: no asset reads them, and no release has them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lap_assets.commands.detect import Detection, found_labels
from lap_assets.core.box import Box
from lap_assets.core.errors import InputError
from lap_assets.core.home import Home
from lap_assets.core.labels.files import suggested_file
from lap_assets.core.labels.lap_format import write
from lap_assets.core.picture_limits import Limits
from lap_assets.core.progress import Progress
from lap_assets.models.tiny.trained import ENDING
from lap_assets.models.types import Target


@dataclass(frozen=True, slots=True)
class Suggesting:
    """What is asked for. `model`: None takes what `lap train` made in the home."""

    target: Target
    model: str | None
    min_score: float
    device: str | None
    limits: Limits


def suggest(asked: Suggesting, home: Home, progress: Progress) -> Iterator[str]:
    """Writes `review/labels_faces_suggested.txt` (or the heads' one) in one step; yields lines for people.

    Raises:
        InputError: there are no images, or no model was trained.
        WeightsError, SettingsError, PluginError: the model cannot be loaded.
    """
    if not home.images.is_dir():
        raise InputError(f"{home.images}: there are no images yet; `lap run` makes them")
    path = home.labels / suggested_file(asked.target)
    model = asked.model or str(_trained(home, asked.target))
    found = found_labels(
        Detection(home.images, model, path, asked.target, "lap", asked.min_score, True, asked.device, asked.limits),
        home, progress,
    )  # fmt: skip
    yield from (f"left out: {problem}" for problem in found.problems)
    write(path, {image.name: [_whole_px(box) for box in image.boxes] for image in found.labels.images})
    yield f"{found.summary}: {path}; `lap label --queue` shows them"


def _trained(home: Home, target: Target) -> Path:
    path = home.weights / f"trained-{target}{ENDING}"
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; run `lap train {target}` first, or name a model with --model")
    return path


def _whole_px(box: Box) -> Box:
    xmin, ymin, xmax, ymax = map(round, box.corners)
    return box.with_corners(xmin, ymin, xmax, ymax)
