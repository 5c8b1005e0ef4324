"""Suggestions of models on the images of a drawn world, and errors planted into labels for the models to find."""

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.labeling_world import LabelWorld
from lap_assets.core.box import Box
from lap_assets.core.labels.suggested_classes import CLASS_PROBABILITY
from lap_assets.labels.annotations import LabeledImage
from lap_assets.labels.rows import boxes_of
from lap_assets.models import load_detector
from lap_assets.models.batching import Unreadable
from lap_assets.models.tiny.classifier import BoxClassifier, classifier_beside, load_classifier
from lap_assets.pictures.gate import open_upright
from lap_assets.training.label_queue import suspects
from lap_assets.training.label_reliability import ImageBoxes
from lap_assets.training.looks import SUGGESTED

_PLANTED: Final = 0.05


def suggested(
    world: LabelWorld, images: Sequence[LabeledImage], model: str, least: float = SUGGESTED
) -> dict[str, list[Box]]:
    """Return a model's suggestions by image name, with classes if there is a classifier beside the model."""
    detector = load_detector(model, of="faces")
    beside = classifier_beside(Path(model))
    classifier = load_classifier(beside, "faces") if beside.is_file() else None
    found: dict[str, list[Box]] = {}
    results = detector.over(world.folder / image.name for image in images)
    for image, result in zip(images, results, strict=True):
        boxes = [] if isinstance(result, Unreadable) else [b for b in boxes_of(result) if (b.score or 0) >= least]
        found[image.name] = _classified(world.folder / image.name, boxes, classifier)
    return found


def suspects_found(images: Sequence[LabeledImage], found: dict[str, list[Box]], seed: int) -> tuple[int, int, int]:
    """Plant errors into the labels of images that were not used to train the model that `found` these boxes.

    Returns the number of planted errors, the number of suspects, and the number of planted errors among the first
    suspects, as many as a tenth of the labels.
    """
    chance = random.Random(seed)  # noqa: S311 - a simulation
    planted, doubted = set(), []
    for image in images:
        boxes, wrong = with_errors(image, chance)
        planted |= {(image.name, one) for one in wrong}
        doubted.append(ImageBoxes(image.name, boxes, found[image.name], is_reviewed=True))
    doubts = suspects(doubted)
    first = doubts[: max(1, sum(len(image.labeled) for image in doubted) // 10)]
    hits = {error for one in first for error in planted if error[0] == one.name and _is_about(error[1], one.box)}
    return len(planted), len(doubts), len(hits)


def with_errors(image: LabeledImage, chance: random.Random) -> tuple[list[Box], list[Box]]:
    """Return the boxes with an error in one of twenty (missing, moved, other class, superfluous), and the errors."""
    boxes: list[Box] = []
    wrong: list[Box] = []
    for box in image.boxes:
        if chance.random() >= _PLANTED:
            boxes.append(box)
            continue
        kind = chance.choice(("missing", "misplaced", "other class", "superfluous"))
        moved = box.with_corners(box.xmin + box.width * 0.45, box.ymin, box.xmax + box.width * 0.45, box.ymax)
        aside = box.with_corners(*(side + 1.6 * box.width for side in box.corners))
        changed = {"misplaced": moved, "other class": box.with_class(1 + (box.class_id or 0) % 6), "superfluous": aside}
        wrong.append(changed.get(kind, box))
        boxes += [] if kind == "missing" else [changed[kind]]
        boxes += [box] if kind == "superfluous" else []
    return boxes, wrong


def _is_about(error: Box, doubted: Box) -> bool:
    across = min(error.xmax, doubted.xmax) - max(error.xmin, doubted.xmin)
    down = min(error.ymax, doubted.ymax) - max(error.ymin, doubted.ymin)
    return across > 0 and down > 0 and across * down >= 0.3 * min(error.area, doubted.area)


def _classified(path: Path, boxes: list[Box], classifier: BoxClassifier | None) -> list[Box]:
    if classifier is None or not boxes:
        return boxes
    classes = classifier.predict(open_upright(path).convert("RGB"), boxes)
    return [
        replace(box, class_id=one.class_id, attributes=((CLASS_PROBABILITY, one.probability),))
        for box, one in zip(boxes, classes, strict=True)
    ]
