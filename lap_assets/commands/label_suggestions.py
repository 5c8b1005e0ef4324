"""`lap labels suggest`: a model's boxes on the home's images, which the Labeler suggests instead of the baseline's.

They are for people alone: no asset reads them, and no release has them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lap_assets.commands.detect import Detection, found_labels
from lap_assets.core.box import Box
from lap_assets.core.errors import InputError
from lap_assets.core.files import write_text
from lap_assets.core.home import Home
from lap_assets.core.labels.files import label_file, suggested_classes_path, suggested_file, suggesting_model_path
from lap_assets.core.labels.lap_format import write
from lap_assets.core.labels.suggested_classes import SuggestedClass, write_suggested_classes
from lap_assets.core.picture_limits import Limits
from lap_assets.core.progress import Progress
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.models.tiny.classifier import classifier_beside, load_classifier
from lap_assets.models.tiny.trained import is_file_name
from lap_assets.models.types import Target
from lap_assets.pictures.gate import open_upright
from lap_assets.training.home_labels import trained_in


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
    model = asked.model or str(trained_in(home, asked.target))
    found = found_labels(
        Detection(home.images, model, path, asked.target, "lap", asked.min_score, True, asked.device, asked.limits),
        home, progress,
    )  # fmt: skip
    yield from (f"left out: {problem}" for problem in found.problems)
    labels = replace(found.labels, images=tuple(map(_on_whole_px, found.labels.images)))
    yield from _classes(asked, model, labels, home, progress)
    write(path, {image.name: image.boxes for image in labels.images})
    write_text(suggesting_model_path(path), f"{labels.images[0].model}\n")
    yield f"{found.summary}: {path}; `lap label --queue` shows them"


def _classes(asked: Suggesting, model: str, labels: Annotations, home: Home, progress: Progress) -> Iterator[str]:
    """Writes the boxes' classes, where a classifier was trained with the model; else there are none beside them."""
    path = suggested_classes_path(home.labels / label_file(asked.target))
    classifier = classifier_beside(Path(model).expanduser())
    if not is_file_name(model) or not classifier.is_file():
        path.unlink(missing_ok=True)
        return
    teller = load_classifier(classifier, asked.target)
    told: list[tuple[str, Box, SuggestedClass]] = []
    with progress.task(f"classes of {asked.target}", len(labels.images)) as advance:
        for image in labels.images:
            if image.boxes:
                picture = open_upright(home.images / image.name, asked.limits).convert("RGB")
                classes = teller.told(picture, image.boxes)
                told += [
                    (image.name, box, SuggestedClass(one.class_id, one.probability))
                    for box, one in zip(image.boxes, classes, strict=True)
                ]
            advance(1)
    write_suggested_classes(path, told)
    yield f"{len({one.class_id for _, _, one in told}):,} classes for {len(told):,} boxes: {path}"


def _on_whole_px(image: LabeledImage) -> LabeledImage:
    return replace(image, boxes=tuple(box.with_corners(*map(round, box.corners)) for box in image.boxes))
