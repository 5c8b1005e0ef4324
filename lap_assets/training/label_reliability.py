"""How far a model's word counts against a person's label: what it finds, misses and mistakes on reviewed images.

Belongs here: an image's labels and suggestions, and the probability that a contradiction is the person's error. Which
labels are contradicted is in `label_queue`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self

from lap_assets.core.box import Box, iou
from lap_assets.core.labels.suggested_classes import CLASS_PROBABILITY

FAINT: Final = 0.05
"""The lowest score that counts. An image on which a model finds nothing is as uncertain as one box of this score."""
_WRONG: Final = 0.02  # of labels, before anything is known
_NEAR: Final = 25  # suggestions of lower and of higher score that a suggestion is compared with


@dataclass(frozen=True, slots=True)
class ImageBoxes:
    """One image: what people drew, whether they vouch for it, and what a model suggests (boxes with scores).

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
    """Return a suggestion's score; one without is certain."""
    return 1.0 if box.score is None else box.score


@dataclass(frozen=True, slots=True)
class ModelReliability:
    """How a model fared on reviewed images. `scores`: of all suggestions, rising, and whether each `met` a label."""

    misses: float
    scores: Sequence[float]
    met: Sequence[bool]
    overlaps: Sequence[float]  # of labels and their suggestions, rising
    probabilities: Sequence[float]  # of suggested classes of classified labels, rising
    alike: Sequence[bool]  # whether each is the label's

    @classmethod
    def measured(cls, images: Sequence[ImageBoxes], matched: Sequence[Mapping[int, Box]]) -> Self:
        """From reviewed images and, for each, the suggestions that are about a label, by its index."""
        labels = sum(len(image.labeled) for image in images)
        taken = {id(box) for pairs in matched for box in pairs.values()}
        judged = sorted((score_of(box), id(box) in taken) for image in images for box in image.certain)
        overlaps = (iou(image.labeled[index], box) for image, pairs in zip(images, matched, strict=True)
                    for index, box in pairs.items())  # fmt: skip
        classed = (compared_classes(image.labeled[index], box) for image, pairs in zip(images, matched, strict=True)
                   for index, box in pairs.items())  # fmt: skip
        missed = labels - sum(map(len, matched))
        told = sorted(one for one in classed if one is not None)
        return cls(_share(missed, labels), *_columns(judged), sorted(overlaps), *_columns(told))

    def superfluous(self) -> float:
        """Return the probability that a label without a suggestion is a person's error."""
        return _blame(self.misses)

    def misplaced(self, overlap: float) -> float:
        """Return the same of a label that its suggestion overlaps by that IoU."""
        return _blame(_share(bisect_right(self.overlaps, overlap), len(self.overlaps)))

    def missing(self, score: float) -> float:
        """Return the same of a suggestion of that score without a label."""
        real = _near(self.scores, self.met, score)
        return _blame((1 - real) / real)

    def other_class(self, probability: float) -> float:
        """Return the same of a label of another class than the suggested one, which is that probable."""
        return _blame(1 - _near(self.probabilities, self.alike, probability))


def _near(values: Sequence[float], is_right: Sequence[bool], value: float) -> float:
    """Return the share that is right among those with values near by."""
    near = is_right[max(0, bisect_left(values, value) - _NEAR) : bisect_right(values, value) + _NEAR]
    return 1 - _share(len(near) - sum(near), len(near))


def compared_classes(label: Box, suggestion: Box) -> tuple[float, bool] | None:
    """How probable the suggested class is, and whether it is the label's; None where either has none."""
    probability = dict(suggestion.attributes).get(CLASS_PROBABILITY)
    if label.class_id is None or not isinstance(probability, float):
        return None
    return probability, label.class_id == suggestion.class_id


def _columns(judged: Sequence[tuple[float, bool]]) -> tuple[list[float], list[bool]]:
    return [score for score, _ in judged], [met for _, met in judged]


def _share(part: int, whole: int) -> float:
    """Return a share that few cases do not make certain (Laplace)."""
    return (part + 1) / (whole + 2)


def _blame(model_errs: float) -> float:
    """Return the probability that a contradiction is the person's error, by how often the model makes it."""
    return round(_WRONG / (_WRONG + model_errs), 4)
