"""Order of images to label next, and of labels that are probably wrong, from a model's suggestions and people's boxes.

Only the two orders, computed from boxes, belong here; a command reads label files and writes `review/labels_queue.csv`.
The model should not have been trained on the labels that it checks.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

from lap_assets.core.box import Box, iou
from lap_assets.training.held_out import group_of
from lap_assets.training.label_reliability import FAINT, ImageBoxes, ModelReliability, compared_classes, score_of

Problem = Literal["missing", "superfluous", "misplaced", "other class"]
_SAME: Final = 0.3  # IoU from which a suggestion matches a label
_WELL: Final = 0.7  # IoU from which both agree


@dataclass(frozen=True, slots=True)
class ToLabel:
    """An unreviewed image. `value`: how much reviewing it is worth, relative to other images."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label that is probably wrong. `value`: the probability, 0 to 1; `box`: the label, or the missing box."""

    name: str
    problem: Problem
    value: float
    box: Box


def next_to_label(images: Iterable[ImageBoxes]) -> list[ToLabel]:
    """Return the images neither reviewed nor accepted in an audit, the most valuable first.

    The value of a box is the uncertainty of its score s, 4 s (1 - s), so images with many uncertain boxes come first.
    The value of an image is divided by √(1 + n), where n images of its anime are reviewed, accepted or earlier in the
    queue.
    """
    waiting: defaultdict[str, list[ToLabel]] = defaultdict(list)
    known: defaultdict[str, int] = defaultdict(int)
    for image in images:
        group = group_of(image.name)
        if image.is_reviewed or image.is_audited:
            known[group] += 1
        else:
            waiting[group].append(ToLabel(image.name, _uncertainty(image)))
    ranked = [
        ToLabel(one.name, one.value / sqrt(1 + known[group] + rank))
        for group, ones in waiting.items()
        for rank, one in enumerate(sorted(ones, key=_best_first))
    ]
    return sorted(ranked, key=_best_first)


def suspects(images: Sequence[ImageBoxes]) -> list[Suspect]:
    """Return the labels of reviewed images that the model contradicts, the most probable error first.

    - missing: a suggestion without a label;
    - superfluous: a label without a suggestion;
    - misplaced: a label with an IoU below .7 with its suggestion;
    - other class: a label whose suggestion has another class, with a probability.

    A value is the probability that the person erred and not the model, assuming that one label in fifty is wrong. The
    model's error rates come from all reviewed images: missed labels, false suggestions at similar scores, overlaps as
    small, and wrong classes at similar probabilities.
    """
    reviewed = [image for image in images if image.is_reviewed]
    matched = [_matched(image) for image in reviewed]
    model = ModelReliability.measured(reviewed, matched)
    found = [one for image, pairs in zip(reviewed, matched, strict=True) for one in _contradicted(image, pairs, model)]
    return sorted(found, key=lambda one: (-one.value, one.name, one.box.corners))


def _uncertainty(image: ImageBoxes) -> float:
    scores = [score_of(box) for box in image.certain] or [FAINT]
    return sum(4 * score * (1 - score) for score in scores)


def _best_first(one: ToLabel) -> tuple[float, str]:
    return -one.value, one.name


def _matched(image: ImageBoxes) -> dict[int, Box]:
    """Return the suggestion matched to each label, by the label's index; the best suggestions are matched first."""
    pairs: dict[int, Box] = {}
    for suggestion in image.certain:
        overlaps = {index: iou(suggestion, box) for index, box in enumerate(image.labeled) if index not in pairs}
        index = max(overlaps, key=lambda index: overlaps[index], default=None)
        if index is not None and overlaps[index] >= _SAME:
            pairs[index] = suggestion
    return pairs


def _contradicted(image: ImageBoxes, pairs: Mapping[int, Box], model: ModelReliability) -> Iterator[Suspect]:
    for index, box in enumerate(image.labeled):
        if box.ignore or box.crowd:
            continue
        suggestion = pairs.get(index)
        if suggestion is None:
            yield Suspect(image.name, "superfluous", model.superfluous(), box)
        elif (overlap := iou(suggestion, box)) < _WELL:
            yield Suspect(image.name, "misplaced", model.misplaced(overlap), box)
        elif (compared := compared_classes(box, suggestion)) is not None and not compared[1]:
            yield Suspect(image.name, "other class", model.other_class(compared[0]), box)
    taken = {id(box) for box in pairs.values()}
    for suggestion in image.certain:
        if id(suggestion) not in taken and all(iou(suggestion, box) < _SAME for box in image.labeled):
            yield Suspect(image.name, "missing", model.missing(score_of(suggestion)), suggestion)
