"""Reliability of a model compared with a person's labels: hits, misses and mistakes on reviewed images.

An image's labels and suggestions, and the probability that a contradiction is the person's error, belong here.
`label_queue` finds the contradicted labels.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from lap_assets.core.box import Box, iou
from lap_assets.core.labels.suggested_classes import CLASS_PROBABILITY

FAINT: Final = 0.05
"""The lowest score that counts. An image without suggestions is as uncertain as one box with this score."""
_WRONG: Final = 0.02  # prior share of wrong labels
_NEAR: Final = 25  # number of suggestions with lower, and with higher, scores to compare a suggestion with


@dataclass(frozen=True, slots=True)
class ImageBoxes:
    """One image: people's boxes, a model's suggestions (boxes with scores), and the state of the review.

    `is_begun`: people have worked on it, reviewed or not. `is_audited`: it was accepted with others in an audit.
    """

    name: str
    labeled: Sequence[Box] = ()
    suggested: Sequence[Box] = ()
    is_reviewed: bool = False
    is_begun: bool = False
    is_audited: bool = False

    @property
    def certain(self) -> list[Box]:
        """The suggestions that count, best first."""
        counted = (box for box in self.suggested if score_of(box) >= FAINT)
        return sorted(counted, key=lambda box: (-score_of(box), box.corners))


def score_of(box: Box) -> float:
    """Return a suggestion's score; 1 without one."""
    return 1.0 if box.score is None else box.score


@dataclass(frozen=True, slots=True)
class ModelReliability:
    """Performance of a model on reviewed images. `scores`: of all suggestions, ascending; `met`: which match."""

    misses: float
    scores: Sequence[float]
    met: Sequence[bool]
    overlaps: Sequence[float]  # of labels and their suggestions, ascending
    probabilities: Sequence[float]  # of suggested classes of classified labels, ascending
    alike: Sequence[bool]  # whether each suggested class is the label's

    @classmethod
    def measured(cls, images: Sequence[ImageBoxes], matched: Sequence[Mapping[int, Box]]) -> Self:
        """Measure a model on reviewed images; `matched`: for each image, suggestions by the index of their label."""
        labels = sum(len(image.labeled) for image in images)
        taken = {id(box) for pairs in matched for box in pairs.values()}
        judged = sorted((score_of(box), id(box) in taken) for image in images for box in image.certain)
        overlaps = (iou(image.labeled[index], box) for image, pairs in zip(images, matched, strict=True)
                    for index, box in pairs.items())  # fmt: skip
        classed = (compared_classes(image.labeled[index], box) for image, pairs in zip(images, matched, strict=True)
                   for index, box in pairs.items())  # fmt: skip
        missed = labels - sum(map(len, matched))
        compared = sorted(one for one in classed if one is not None)
        return cls(_share(missed, labels), *_columns(judged), sorted(overlaps), *_columns(compared))

    def superfluous(self) -> float:
        """Return the probability that a label without a suggestion is a person's error."""
        return _blame(self.misses)

    def misplaced(self, overlap: float) -> float:
        """Return the probability of a person's error for a label with this IoU with its suggestion."""
        return _blame(_share(bisect_right(self.overlaps, overlap), len(self.overlaps)))

    def missing(self, score: float) -> float:
        """Return the probability of a person's error for a suggestion with this score and no label."""
        real = _near(self.scores, self.met, score)
        return _blame((1 - real) / real)

    def other_class(self, probability: float) -> float:
        """Return the probability of a person's error for a label whose suggestion has another class so probable."""
        return _blame(1 - _near(self.probabilities, self.alike, probability))


def _near(values: Sequence[float], is_right: Sequence[bool], value: float) -> float:
    """Return the share of right answers among those with similar values."""
    near = is_right[max(0, bisect_left(values, value) - _NEAR) : bisect_right(values, value) + _NEAR]
    return 1 - _share(len(near) - sum(near), len(near))


def compared_classes(label: Box, suggestion: Box) -> tuple[float, bool] | None:
    """Return the suggested class's probability and whether it is the label's class; None if either lacks a class."""
    probability = dict(suggestion.attributes).get(CLASS_PROBABILITY)
    if label.class_id is None or not isinstance(probability, float):
        return None
    return probability, label.class_id == suggestion.class_id


def _columns(judged: Sequence[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [score for score, _ in judged], [met for _, met in judged]


def _share(part: int, whole: int) -> float:
    """Return a share with Laplace smoothing, so that few cases do not yield certainty."""
    return (part + 1) / (whole + 2)


def _blame(model_errs: float) -> float:
    """Return the probability that a contradiction is the person's error, given the model's error rate."""
    return round(_WRONG / (_WRONG + model_errs), 4)
