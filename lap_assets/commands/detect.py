"""`lap detect`: the boxes that a model finds on pictures, as labels of any format."""

import errno
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lap_assets.core.box import Box, clipped
from lap_assets.core.errors import InputError
from lap_assets.core.home import Home
from lap_assets.core.picture_limits import DEFAULT_LIMITS, Limits
from lap_assets.core.progress import Progress
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats import WRITTEN, losses, write_labels
from lap_assets.labels.formats.writing import is_folder, replace_folder
from lap_assets.labels.image_sizes import ENDINGS
from lap_assets.labels.rows import boxes_of
from lap_assets.models.batching import Unreadable
from lap_assets.models.loaders import load, target_of
from lap_assets.models.types import Boxes, Detector, Target
from lap_assets.models.versions import model_version
from lap_assets.pictures.gate import inspect

_BY_ENDING: Final = {".txt": "lap", ".json": "coco", ".parquet": "parquet"}


@dataclass(frozen=True, slots=True)
class Detection:
    """What is asked for. `of`: None takes what the model finds; `form`: None takes it from the ending of `out`."""

    images: Path
    model: str
    out: Path
    of: Target | None = None
    form: str | None = None
    min_score: float = 0.0
    force: bool = False
    device: str | None = None
    limits: Limits = DEFAULT_LIMITS


def detect(asked: Detection, home: Home, progress: Progress) -> Iterator[str]:
    """Finds boxes on a picture, or on all pictures below a folder, and writes them; yields lines for people.

    Pictures that cannot be read are left out, with a line each.

    Raises:
        InputError: there are no pictures, none can be read, or the model or format is unknown.
        FileExistsError: `out` is there already.
        WeightsError, SettingsError, PluginError: the model cannot be loaded.
    """
    form = _form(asked)
    if asked.out.exists() and not asked.force:
        raise FileExistsError(errno.EEXIST, "is there already (--force replaces it)", str(asked.out))
    found = found_labels(asked, home, progress)
    if is_folder(form) and asked.force:
        replace_folder(found.labels, asked.out, form, scores=True)
    else:
        write_labels(found.labels, asked.out, form, scores=True, force=asked.force)
    yield from (f"left out: {problem}" for problem in found.problems)
    yield f"{found.summary}: {asked.out}"
    yield from (f"{form} cannot express everything: {line}" for line in losses(found.labels, form, scores=True))


@dataclass(frozen=True, slots=True)
class Found:
    """What a model found. `problems`: of pictures that cannot be read, a line each; `summary`: in words."""

    labels: Annotations
    problems: tuple[str, ...]
    summary: str


def found_labels(asked: Detection, home: Home, progress: Progress) -> Found:
    """The boxes of a model on a picture, or on all pictures below a folder.

    Raises:
        InputError: there are no pictures, none can be read, or the model is unknown.
        WeightsError, SettingsError, PluginError: the model cannot be loaded.
    """
    folder, names = pictures_below(asked.images)
    target = asked.of or target_of(asked.model)
    detector: Detector = load(target, asked.model, home.weights, asked.device)
    version = model_version(target, asked.model, home.weights)
    found, problems = [], []
    results = detector.over((folder / name for name in names), limits=asked.limits)
    with progress.task(f"finding {target}", len(names)) as advance:
        for name, result in zip(names, results, strict=True):
            if isinstance(result, Unreadable):
                problems.append(result.problem)
            else:
                found.append(_labeled(name, inspect(folder / name, asked.limits).size, result, asked, version))
            advance(1)
    if not found:
        raise InputError(f"{asked.images}: none of the {len(names):,} pictures can be read; the first: {problems[0]}")
    boxes = sum(len(image.boxes) for image in found)
    summary = f"{boxes:,} {target} on {len(found):,} picture{'s' if len(found) != 1 else ''} by {version}"
    return Found(Annotations(tuple(found), thing=target.removesuffix("s")), tuple(problems), summary)


def pictures_below(images: Path) -> tuple[Path, list[str]]:
    """A folder and the names of all pictures below it, sorted; of a single picture, its folder and name.

    Raises:
        InputError: there is no such file or folder, or no picture in it.
    """
    if images.is_file():
        return images.parent, [images.name]
    if not images.is_dir():
        raise InputError(f"{images}: there is no such picture or folder")
    names = sorted(
        path.relative_to(images).as_posix()
        for path in images.rglob("*")
        if path.suffix.lower() in ENDINGS and not path.name.startswith(".") and path.is_file()
    )
    if not names:
        raise InputError(f"{images}: no pictures in this folder ({', '.join(ENDINGS)})")
    return images, names


def _form(asked: Detection) -> str:
    form = asked.form or _BY_ENDING.get(asked.out.suffix.lower())
    if form is None:
        raise InputError(f"--out {asked.out}: its ending shows no format; name one of {', '.join(WRITTEN)} with --to")
    if form not in WRITTEN:
        raise InputError(f"--to {form}: expected one of: {', '.join(WRITTEN)}")
    return form


def _labeled(name: str, size: tuple[int, int], boxes: Boxes, asked: Detection, version: str) -> LabeledImage:
    kept = []
    for box in boxes_of(boxes):
        corners = clipped(box.corners, *size)
        if corners is not None and (box.score or 0) >= asked.min_score:
            kept.append(Box(*corners, score=box.score))
    return LabeledImage(name, *size, boxes=tuple(kept), reviewed=False, tier="machine", model=version)
