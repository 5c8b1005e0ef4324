"""What to label next, and which labels are probably wrong: both from what a model suggests and what people drew.

Belongs here: the two orders, from boxes alone. Reading label files and writing `review/labels_queue.csv` is a command's
matter. The model should not have learned the labels that it is to doubt.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal, Self

from lap_assets.core.box import Box, iou
from lap_assets.training.held_out import group_of

Problem = Literal["missing", "superfluous", "misplaced"]
FAINT: Final = 0.05
"""The lowest score that counts. An image on which a model finds nothing is as uncertain as one box of this score."""
_SAME: Final = 0.3  # IoU from which a suggestion is about a label
_WELL: Final = 0.7  # IoU from which both agree
_WRONG: Final = 0.02  # of labels, before anything is known
_NEAR: Final = 25  # suggestions of lower and of higher score that a suggestion is compared with


@dataclass(frozen=True, slots=True)
class ImageBoxes:
    """One image: what people drew, whether they vouch for it, and what a model suggests (boxes with scores)."""

    name: str
    labeled: Sequence[Box] = ()
    suggested: Sequence[Box] = ()
    is_reviewed: bool = False

    @property
    def certain(self) -> list[Box]:
        """The suggestions that count, best first."""
        counted = (box for box in self.suggested if score_of(box) >= FAINT)
        return sorted(counted, key=lambda box: (-score_of(box), box.corners))


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


def score_of(box: Box) -> float:
    """A suggestion's score; one without is certain."""
    return 1.0 if box.score is None else box.score


def next_to_label(images: Iterable[ImageBoxes]) -> list[ToLabel]:
    """The unreviewed images, the one first whose look is worth most.

    A box is worth the uncertainty of its score, 4 s (1 - s): so images with many and doubtful boxes come first. An
    image is worth the less, the more of its anime were reviewed or come before it: divided by the root of one more.
    """
    waiting: defaultdict[str, list[ToLabel]] = defaultdict(list)
    known: defaultdict[str, int] = defaultdict(int)
    for image in images:
        group = group_of(image.name)
        if image.is_reviewed:
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
    """The labels of reviewed images that the model contradicts, the most probable error first.

    - missing: a suggestion without a label;
    - superfluous: a label without a suggestion;
    - misplaced: a label that its suggestion overlaps by less than .7.

    A value is the probability that the person erred and not the model, where one label in fifty is wrong. How often the
    model errs is taken from all reviewed images: how many labels it misses, how many of its suggestions of such a score
    meet none, how rarely it overlaps a label so little.
    """
    reviewed = [image for image in images if image.is_reviewed]
    matched = [_matched(image) for image in reviewed]
    model = _Reliability.measured(reviewed, matched)
    found = [one for image, pairs in zip(reviewed, matched, strict=True) for one in _contradicted(image, pairs, model)]
    return sorted(found, key=lambda one: (-one.value, one.name, one.box.corners))


@dataclass(frozen=True, slots=True)
class _Reliability:
    """How a model fared on reviewed images. `scores`: of all suggestions, rising, and whether each `met` a label."""

    misses: float
    scores: Sequence[float]
    met: Sequence[bool]
    overlaps: Sequence[float]  # of labels and their suggestions, rising

    @classmethod
    def measured(cls, images: Sequence[ImageBoxes], matched: Sequence[Mapping[int, Box]]) -> Self:
        labels = sum(len(image.labeled) for image in images)
        taken = {id(box) for pairs in matched for box in pairs.values()}
        judged = sorted((score_of(box), id(box) in taken) for image in images for box in image.certain)
        overlaps = (iou(image.labeled[index], box) for image, pairs in zip(images, matched, strict=True)
                    for index, box in pairs.items())  # fmt: skip
        missed = labels - sum(map(len, matched))
        return cls(_share(missed, labels), *_columns(judged), sorted(overlaps))

    def superfluous(self) -> float:
        return _blame(self.misses)

    def misplaced(self, overlap: float) -> float:
        return _blame(_share(bisect_right(self.overlaps, overlap), len(self.overlaps)))

    def missing(self, score: float) -> float:
        place = bisect_right(self.scores, score)
        near = self.met[max(0, place - _NEAR) : place + _NEAR]
        real = 1 - _share(len(near) - sum(near), len(near))
        return _blame((1 - real) / real)


def _columns(judged: Sequence[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [score for score, _ in judged], [met for _, met in judged]


def _share(part: int, whole: int) -> float:
    """A share that few cases do not make certain (Laplace)."""
    return (part + 1) / (whole + 2)


def _blame(model_errs: float) -> float:
    """The probability that a contradiction is the person's error, by how often the model makes it."""
    return round(_WRONG / (_WRONG + model_errs), 4)


def _uncertainty(image: ImageBoxes) -> float:
    scores = [score_of(box) for box in image.certain] or [FAINT]
    return sum(4 * score * (1 - score) for score in scores)


def _best_first(one: ToLabel) -> tuple[float, str]:
    return -one.value, one.name


def _matched(image: ImageBoxes) -> dict[int, Box]:
    """The suggestion of each label that has one, by the label's index; the best suggestions choose first."""
    pairs: dict[int, Box] = {}
    for suggestion in image.certain:
        overlaps = {index: iou(suggestion, box) for index, box in enumerate(image.labeled) if index not in pairs}
        index = max(overlaps, key=lambda index: overlaps[index], default=None)
        if index is not None and overlaps[index] >= _SAME:
            pairs[index] = suggestion
    return pairs


def _contradicted(image: ImageBoxes, pairs: Mapping[int, Box], model: _Reliability) -> Iterator[Suspect]:
    for index, box in enumerate(image.labeled):
        if box.ignore or box.crowd:
            continue
        suggestion = pairs.get(index)
        if suggestion is None:
            yield Suspect(image.name, "superfluous", model.superfluous(), box)
        elif (overlap := iou(suggestion, box)) < _WELL:
            yield Suspect(image.name, "misplaced", model.misplaced(overlap), box)
    taken = {id(box) for box in pairs.values()}
    for suggestion in image.certain:
        if id(suggestion) not in taken and all(iou(suggestion, box) < _SAME for box in image.labeled):
            yield Suspect(image.name, "missing", model.missing(score_of(suggestion)), suggestion)
