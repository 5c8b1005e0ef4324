"""`lap labels suggest`: a model's boxes in the home's images, which the Labeler shows instead of baseline boxes.

They are only for people: no asset reads them, and no release contains them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from lap_assets.commands.detect import Detection, find_labels
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
class SuggestOptions:
    """The options of `lap labels suggest`. `model`: None means the detector that `lap train` wrote in the home."""

    target: Target
    model: str | None
    min_score: float
    device: str | None
    limits: Limits


def suggest(asked: SuggestOptions, home: Home, progress: Progress) -> Iterator[str]:
    """Write `review/labels_faces_suggested.txt` (or that of heads) atomically; yield lines to print.

    Raises:
        InputError: there are no images, or no model was trained.
        WeightsError, SettingsError, PluginError: the model cannot be loaded.
    """
    if not home.images.is_dir():
        raise InputError(f"{home.images}: there are no images yet; `lap run` makes them")
    path = home.labels / suggested_file(asked.target)
    model = asked.model or str(trained_in(home, asked.target))
    found = find_labels(
        Detection(home.images, model, path, asked.target, "lap", asked.min_score, True, asked.device, asked.limits),
        home, progress,
    )  # fmt: skip
    yield from (f"left out: {problem}" for problem in found.problems)
    labels = replace(found.labels, images=tuple(map(_on_whole_px, found.labels.images)))
    yield from _classes(asked, model, labels, home, progress)
    write(path, {image.name: image.boxes for image in labels.images})
    write_text(suggesting_model_path(path), f"{labels.images[0].model}\n")
    yield f"{found.summary}: {path}; `lap label --queue` shows them"


def _classes(asked: SuggestOptions, model: str, labels: Annotations, home: Home, progress: Progress) -> Iterator[str]:
    """Write the boxes' classes if a classifier was trained with the model; otherwise delete the file of classes."""
    path = suggested_classes_path(home.labels / label_file(asked.target))
    classifier = classifier_beside(Path(model).expanduser())
    if not is_file_name(model) or not classifier.is_file():
        path.unlink(missing_ok=True)
        return
    loaded = load_classifier(classifier, asked.target)
    rows: list[tuple[str, Box, SuggestedClass]] = []
    with progress.task(f"classes of {asked.target}", len(labels.images)) as advance:
        for image in labels.images:
            if image.boxes:
                picture = open_upright(home.images / image.name, asked.limits).convert("RGB")
                classes = loaded.predict(picture, image.boxes)
                rows += [
                    (image.name, box, SuggestedClass(one.class_id, one.probability))
                    for box, one in zip(image.boxes, classes, strict=True)
                ]
            advance(1)
    write_suggested_classes(path, rows)
    yield f"{len({one.class_id for _, _, one in rows}):,} classes for {len(rows):,} boxes: {path}"


def _on_whole_px(image: LabeledImage) -> LabeledImage:
    return replace(image, boxes=tuple(box.with_corners(*map(round, box.corners)) for box in image.boxes))
