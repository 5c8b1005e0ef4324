"""`lap detect`: write the boxes that a model finds in pictures, as labels in any format."""

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
    """The options of `lap detect`. `of`: None means what the model finds; `form`: None means by the suffix of `out`."""

    images: Path
    model: str
    out: Path
    of: Target | None = None
    form: str | None = None
    min_score: float = 0.0
    force: bool = False
    device: str | None = None
    limits: Limits = DEFAULT_LIMITS


def detect(options: Detection, home: Home, progress: Progress) -> Iterator[str]:
    """Find boxes in a picture, or in all pictures below a folder, and write them; yield lines to print.

    Unreadable pictures are left out, with a line each.

    Raises:
        InputError: there are no pictures, none is readable, or the model or format is unknown.
        FileExistsError: `out` exists already.
        WeightsError, SettingsError, PluginError: the model cannot be loaded.
    """
    form = _form(options)
    if options.out.exists() and not options.force:
        raise FileExistsError(errno.EEXIST, "exists already (--force replaces it)", str(options.out))
    found = find_labels(options, home, progress)
    if is_folder(form) and options.force:
        replace_folder(found.labels, options.out, form, scores=True)
    else:
        write_labels(found.labels, options.out, form, scores=True, force=options.force)
    yield from (f"left out: {problem}" for problem in found.problems)
    yield f"{found.summary}: {options.out}"
    yield from (f"{form} cannot express everything: {line}" for line in losses(found.labels, form, scores=True))


@dataclass(frozen=True, slots=True)
class Found:
    """What a model found. `problems`: a line per unreadable picture; `summary`: the counts in words."""

    labels: Annotations
    problems: tuple[str, ...]
    summary: str


def find_labels(options: Detection, home: Home, progress: Progress) -> Found:
    """Return the boxes of a model in a picture, or in all pictures below a folder.

    Raises:
        InputError: there are no pictures, none is readable, or the model is unknown.
        WeightsError, SettingsError, PluginError: the model cannot be loaded.
    """
    folder, names = pictures_below(options.images)
    target = options.of or target_of(options.model)
    detector: Detector = load(target, options.model, home.weights, options.device)
    version = model_version(target, options.model, home.weights)
    found, problems = [], []
    results = detector.over((folder / name for name in names), limits=options.limits)
    with progress.task(f"finding {target}", len(names)) as advance:
        for name, result in zip(names, results, strict=True):
            if isinstance(result, Unreadable):
                problems.append(result.problem)
            else:
                found.append(_labeled(name, inspect(folder / name, options.limits).size, result, options, version))
            advance(1)
    if not found:
        raise InputError(f"{options.images}: none of the {len(names):,} pictures is readable; the first: {problems[0]}")
    boxes = sum(len(image.boxes) for image in found)
    summary = f"{boxes:,} {target} in {len(found):,} picture{'s' if len(found) != 1 else ''} by {version}"
    return Found(Annotations(tuple(found), thing=target.removesuffix("s")), tuple(problems), summary)


def pictures_below(images: Path) -> tuple[Path, list[str]]:
    """Return a folder and the sorted names of all pictures below it; for a single picture, its folder and name.

    Raises:
        InputError: there is no such file or folder, or it holds no pictures.
    """
    if images.is_file():
        return images.parent, [images.name]
    if not images.is_dir():
        raise InputError(f"{images}: no such picture or folder")
    names = sorted(
        path.relative_to(images).as_posix()
        for path in images.rglob("*")
        if path.suffix.lower() in ENDINGS and not path.name.startswith(".") and path.is_file()
    )
    if not names:
        raise InputError(f"{images}: no pictures in this folder ({', '.join(ENDINGS)})")
    return images, names


def _form(options: Detection) -> str:
    form = options.form or _BY_ENDING.get(options.out.suffix.lower())
    if form is None:
        raise InputError(f"--out {options.out}: no format has this suffix; name one of {', '.join(WRITTEN)} with --to")
    if form not in WRITTEN:
        raise InputError(f"--to {form}: expected one of: {', '.join(WRITTEN)}")
    return form


def _labeled(name: str, size: tuple[int, int], boxes: Boxes, options: Detection, version: str) -> LabeledImage:
    kept = []
    for box in boxes_of(boxes):
        corners = clipped(box.corners, *size)
        if corners is not None and (box.score or 0) >= options.min_score:
            kept.append(Box(*corners, score=box.score))
    return LabeledImage(name, *size, boxes=tuple(kept), reviewed=False, tier="machine", model=version)
