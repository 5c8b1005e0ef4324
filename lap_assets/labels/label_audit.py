"""Audits of suggestions: a random sample of the images that a model is sure about, and the bound from its review.

Belongs here: drawing the sample, comparing saved boxes with suggestions, the bound, and the images that are accepted
together (the tier `audited`). Storing audits in a home is in `label_audit_file`.
"""

import random
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from lap_assets.core.box import Box
from lap_assets.core.estimates import bound_on_rate
from lap_assets.core.verdicts.lines import new_id, now
from lap_assets.labels.matching import Flags, iou, xywh

CONFIDENCE: Final = 0.95
MET: Final = 0.5
"""The least IoU at which a saved box matches a suggested one."""


@dataclass(frozen=True, slots=True)
class SureImage:
    """An image, its content, and the boxes suggested for it, in px of the image."""

    name: str
    sha256: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class SampleResult:
    """The result of reviewing a sample.

    Attributes:
        answered, waiting: Reviewed and unreviewed images of the sample.
        wrong: Reviewed images whose suggestions were wrong.
        left: Images outside the sample that nobody has worked on.
        wrong_at_most: The bound on wrong images among `left`, with `CONFIDENCE`; None while images of the sample wait.
    """

    answered: int
    waiting: int
    wrong: int
    left: int
    wrong_at_most: int | None

    @property
    def share(self) -> float:
        """The bound as a share of `left`; 1 if the bound is unknown, 0 if no images are left."""
        if self.wrong_at_most is None:
            return 1.0
        return self.wrong_at_most / self.left if self.left else 0.0


@dataclass(frozen=True, slots=True)
class LabelAudit:
    """A sample of images whose boxes all have at least `least_score`, and a class probability of `least_class`.

    Attributes:
        model: The model that suggested the boxes.
        population: The number of images that the sample was drawn from.
        images: These images with their suggestions; only the sample once another audit has replaced this one.
        sample: Names of the images for a person to review, in random order.
        earlier: The number of samples drawn before and not accepted.
        accepted: When the others were accepted; None if they were not.
    """

    id: str
    drawn: str
    model: str
    least_score: float
    least_class: float
    population: int
    images: tuple[SureImage, ...]
    sample: tuple[str, ...]
    earlier: int
    result: SampleResult
    accepted: str | None = None

    @property
    def others(self) -> list[SureImage]:
        """The images outside the sample."""
        chosen = set(self.sample)
        return [image for image in self.images if image.name not in chosen]

    def judged(
        self, reviewed: Mapping[str, Sequence[Box]], begun: Collection[str], contents: Mapping[str, str]
    ) -> Self:
        """Return the audit with the result of what people have saved.

        Images that have changed or will be removed count neither in the sample nor outside it.

        Args:
            reviewed: The boxes of reviewed images. begun: Images that people have worked on, reviewed or not.
            contents: The sha256 of each image of the dataset.
        """
        unchanged = {image.name: image for image in self.images if contents.get(image.name) == image.sha256}
        asked = [unchanged[name] for name in self.sample if name in unchanged]
        answered = [image for image in asked if image.name in reviewed]
        wrong = sum(not agree(image.boxes, reviewed[image.name]) for image in answered)
        left = sum(image.name in unchanged and image.name not in begun for image in self.others)
        bound = None
        if len(answered) == len(asked):
            found = int(bound_on_rate(wrong, len(answered), CONFIDENCE) * self.population)
            bound = min(left, max(0, found - wrong))
        return replace(self, result=SampleResult(len(answered), len(asked) - len(answered), wrong, left, bound))

    def shortened(self) -> Self:
        """Return the audit without the images outside its sample, unless they were accepted."""
        if self.accepted is not None:
            return self
        chosen = set(self.sample)
        return replace(self, images=tuple(image for image in self.images if image.name in chosen))

    def __str__(self) -> str:
        result = self.result
        drawn_from = f"{self.population:,} images of which {self.model} is sure (every score from {self.least_score:g})"
        sample = f"{_ordinal(self.earlier)}random sample of {result.answered + result.waiting:,}"
        if result.wrong_at_most is None:
            return f"{result.answered:,} of a {sample} from {drawn_from} are reviewed"
        return (
            f"of {drawn_from}, {result.wrong:,} of a {sample} were wrong: at most {result.wrong_at_most:,} of the "
            f"{result.left:,} others are ({CONFIDENCE:.0%} confidence)"
        )


@dataclass(frozen=True, slots=True)
class Sureness:
    """When a model is sure about an image: each score is at least `score`, each class probability at least `class_`."""

    score: float = 0.9
    class_: float = 0.8


def draw_label_audit(
    images: Sequence[SureImage], sureness: Sureness, model: str, size: int, *, earlier: int = 0, seed: int | None = None
) -> LabelAudit:
    """Draw an unreviewed random sample of `size` images, or of all if there are fewer."""
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    chosen = chance.sample([image.name for image in images], min(size, len(images)))
    result = SampleResult(0, len(chosen), 0, len(images) - len(chosen), None)
    return LabelAudit(
        new_id(), now(), model, sureness.score, sureness.class_, len(images), tuple(images), tuple(chosen), earlier,
        result,
    )  # fmt: skip


def agree(suggested: Sequence[Box], saved: Sequence[Box]) -> bool:
    """Return whether saved and suggested boxes match one to one (IoU from `MET`, and the class if suggested)."""
    if len(suggested) != len(saved):
        return False
    options = [np.flatnonzero(row).tolist() for row in _met(suggested, saved)]
    owner: dict[int, int] = {}
    return all(_give(start, options, owner) for start in range(len(options)))


def _met(suggested: Sequence[Box], saved: Sequence[Box]) -> Flags:
    """Return which saved boxes may match which suggested ones: shape (suggested, saved)."""
    corners, others = (np.array([box.corners for box in boxes]).reshape(-1, 4) for boxes in (suggested, saved))
    classes, given = ([-1 if box.class_id is None else box.class_id for box in boxes] for boxes in (suggested, saved))
    suggested_class = np.array(classes)[:, None]
    is_same = (corners[:, None] == others[None]).all(axis=-1)
    is_near: Flags = iou(xywh(corners), xywh(others)) >= MET
    is_met: Flags = (is_near | is_same) & ((suggested_class < 0) | (suggested_class == np.array(given)[None]))
    return is_met


def _give(start: int, options: Sequence[Sequence[int]], owner: dict[int, int]) -> bool:
    """Match a suggestion to a saved box, rematching others if needed (a shortest augmenting path)."""
    waiting, came_from = deque([start]), dict[int, int]()
    while waiting:
        suggestion = waiting.popleft()
        for index in options[suggestion]:
            if index in came_from:
                continue
            came_from[index] = suggestion
            if index in owner:
                waiting.append(owner[index])
                continue
            _pass_on(index, start, came_from, owner)
            return True
    return False


def _pass_on(index: int, start: int, came_from: Mapping[int, int], owner: dict[int, int]) -> None:
    previous = {suggestion: held for held, suggestion in owner.items()}
    while True:
        suggestion = came_from[index]
        owner[index] = suggestion
        if suggestion == start:
            return
        index = previous[suggestion]


def _ordinal(earlier: int) -> str:
    return f"further (after {earlier:,}) " if earlier else ""
