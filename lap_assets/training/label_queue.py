"""What to label next, and which labels are probably wrong: both from what a model suggests and what people drew.

Belongs here: the two orders, from boxes alone. Reading label files and writing `review/labels_queue.csv` is a command's
matter. The model should not have learned the labels that it is to doubt.
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
_SAME: Final = 0.3  # IoU from which a suggestion is about a label
_WELL: Final = 0.7  # IoU from which both agree


@dataclass(frozen=True, slots=True)
class ToLabel:
    """An image that nobody reviewed. `value`: how much a look at it is worth, beside the others."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Suspect:
    """A label that is probably wrong. `value`: how probably, 0 to 1; `box`: the label, or what is missing."""

    name: str
    problem: Problem
    value: float
    box: Box


def next_to_label(images: Iterable[ImageBoxes]) -> list[ToLabel]:
    """Return the images that nobody reviewed or accepted in an audit, the one first whose look is worth most.

    A box is worth the uncertainty of its score, 4 s (1 - s): so images with many and doubtful boxes come first. An
    image is worth the less, the more of its anime were reviewed, accepted or come before it: divided by the root of one
    more.
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
        ToLabel(one.name, one.value / sqrt(1 + known[group] + place))
        for group, ones in waiting.items()
        for place, one in enumerate(sorted(ones, key=_best_first))
    ]
    return sorted(ranked, key=_best_first)


def suspects(images: Sequence[ImageBoxes]) -> list[Suspect]:
    """Return the labels of reviewed images that the model contradicts, the most probable error first.

    - missing: a suggestion without a label;
    - superfluous: a label without a suggestion;
    - misplaced: a label that its suggestion overlaps by less than .7;
    - other class: a label whose suggestion, with a probability, has another class.

    A value is the probability that the person erred and not the model, where one label in fifty is wrong. How often the
    model errs is taken from all reviewed images: how many labels it misses, how many of its suggestions of such a score
    meet none, how rarely it overlaps a label so little, how often a class that is so probable is another one.
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
    """Return the suggestion of each label that has one, by the label's index; the best suggestions choose first."""
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
        elif (told := compared_classes(box, suggestion)) is not None and not told[1]:
            yield Suspect(image.name, "other class", model.other_class(told[0]), box)
    taken = {id(box) for box in pairs.values()}
    for suggestion in image.certain:
        if id(suggestion) not in taken and all(iou(suggestion, box) < _SAME for box in image.labeled):
            yield Suspect(image.name, "missing", model.missing(score_of(suggestion)), suggestion)
