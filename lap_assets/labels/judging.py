"""Judging detections by true labels, image by image: which images and boxes count, and the mistakes."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError
from lap_assets.labels.annotations import Annotations, LabeledImage, area_of
from lap_assets.labels.evaluation import Scores, evaluate
from lap_assets.labels.matching import AREAS, THRESHOLDS, PictureBoxes, judge

_ALL: Final = (AREAS["all"],)


@dataclass(frozen=True, slots=True)
class Mistakes:
    """One image's mistakes at an IoU of 0.5, among detections with a score of `Report.cut` or more.

    `missed`: true boxes without a matching detection; `wrong`: detections that match no true box, best first.
    """

    image: LabeledImage
    missed: tuple[Box, ...]
    wrong: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The scores, the numbers behind them, and the mistakes.

    Attributes:
        images: The number of judged images.
        detections: The number of detections on them.
        unreviewed: Images left out because no person has reviewed them.
        undetected: Judged images missing from the detections; they count as having none.
        unknown: Images of the detections missing from the truth; they are left out.
        cut: The score threshold with the best F1 at an IoU of 0.5.
        mistakes: Images with mistakes, those with the most first.
    """

    scores: Scores
    images: int
    detections: int
    unreviewed: int
    undetected: int
    unknown: int
    cut: float | None
    mistakes: tuple[Mistakes, ...]


def judge_labels(
    truth: Annotations, detections: Annotations, *, by_class: bool = False, with_unreviewed: bool = False
) -> Report:
    """Judge `detections` by `truth`.

    Images that are unreviewed according to the truth are left out unless `with_unreviewed`, because a detection there
    cannot be called a mistake. `by_class`: classes must match by name; otherwise they are ignored.

    Raises:
        InputError: a detection has no score.
    """
    found = _by_name(truth, detections)
    judged = [replace(image, boxes=_sorted(image.boxes, truth)) for image in truth.images
              if with_unreviewed or image.reviewed is not False]  # fmt: skip
    pairs = [(image, found.get(image.name, ())) for image in judged]
    for image, boxes in pairs:
        if any(box.score is None for box in boxes):
            raise InputError(f"{image.name}: a detection without a score cannot be judged")
    known = {image.name for image in truth.images}
    cut = _best_cut([_picture(boxes, image.boxes) for image, boxes in pairs])
    mistakes = [one for image, boxes in pairs if (one := _mistakes(image, boxes, cut)) is not None]
    return Report(
        evaluate(_by_class(pairs, truth, detections) if by_class else [[_picture(b, i.boxes) for i, b in pairs]]),
        images=len(judged),
        detections=sum(len(boxes) for _, boxes in pairs),
        unreviewed=len(truth.images) - len(judged),
        undetected=sum(image.name not in found for image in judged),
        unknown=sum(name not in known for name in found),
        cut=cut,
        mistakes=tuple(sorted(mistakes, key=lambda one: (-len(one.missed) - len(one.wrong), one.image.name))),
    )


def _by_name(truth: Annotations, detections: Annotations) -> dict[str, tuple[Box, ...]]:
    """Return the detections by the truth's names, which may be in another Unicode form (NFC or NFD)."""
    own = {image.name for image in truth.images}
    forms = {unicodedata.normalize("NFC", name): name for name in own}
    found = {image.name: _sorted(image.boxes, detections) for image in detections.images}
    for name in found.keys() - own:
        other = forms.get(unicodedata.normalize("NFC", name))
        if other is not None and other not in found:
            found[other] = found.pop(name)
    return found


def shared_names(truth: Annotations, detections: Annotations) -> set[str]:
    """Return the images of the truth that the detections include."""
    return {image.name for image in truth.images}.intersection(_by_name(truth, detections))


def _by_class(
    pairs: list[tuple[LabeledImage, tuple[Box, ...]]], truth: Annotations, detections: Annotations
) -> Iterator[list[PictureBoxes]]:
    """Yield the pictures of each class of the truth or the detections."""
    true_names, found_names = truth.names(), detections.names()
    for name in sorted({*true_names.values(), *found_names.values()}):

        def is_it(box: Box, labels: Annotations, names: dict[int, str], name: str = name) -> bool:
            return names.get(labels.id_of(box)) == name

        yield [
            _picture(
                tuple(box for box in boxes if is_it(box, detections, found_names)),
                tuple(box for box in image.boxes if is_it(box, truth, true_names)),
            )
            for image, boxes in pairs
        ]


def _picture(found: tuple[Box, ...], true: tuple[Box, ...]) -> PictureBoxes:
    """Return the boxes of one picture as arrays."""
    return PictureBoxes(
        _xywh(found), np.array([box.score for box in found], np.float64), _xywh(true),
        np.array([box.ignore for box in true], bool), np.array([box.crowd for box in true], bool),
        np.array([area_of(box) for box in true], np.float64),
    )  # fmt: skip


def _sorted(boxes: tuple[Box, ...], labels: Annotations) -> tuple[Box, ...]:
    """Sort by class: of equal scores, the lower category comes first, as in pycocotools without classes."""
    return tuple(sorted(boxes, key=labels.id_of))


def _xywh(boxes: tuple[Box, ...]) -> NDArray[np.float64]:
    return np.array([(box.xmin, box.ymin, box.width, box.height) for box in boxes], np.float64).reshape(-1, 4)


def _best_cut(pictures: list[PictureBoxes]) -> float | None:
    judged = [judge(picture, _ALL, THRESHOLDS[:1])[0] for picture in pictures]
    total = sum(one.total for one in judged)
    if not total or not any(one.scores.size for one in judged):
        return None
    scores = np.concatenate([one.scores for one in judged])
    hits = np.concatenate([one.hits[0] for one in judged])
    counted = hits | ~np.concatenate([one.passed_over[0] for one in judged])
    order = np.argsort(-scores, kind="stable")
    right, total_found = np.cumsum(hits[order]), np.cumsum(counted[order])
    last_of_equals = np.append(np.diff(scores[order]) != 0, True)
    f1 = np.where(last_of_equals, 2 * right / (total_found + total), -1.0)
    return float(scores[order][int(f1.argmax())])


def _mistakes(image: LabeledImage, boxes: tuple[Box, ...], cut: float | None) -> Mistakes | None:
    above = (box for box in boxes if (box.score or 0) >= (cut or 0))
    shown = sorted(above, key=lambda box: -(box.score or 0))
    true = image.boxes
    picture = _picture(tuple(shown), true)
    (one,) = judge(picture, _ALL, THRESHOLDS[:1])
    counted = zip(shown, one.hits[0], one.passed_over[0], strict=False)  # only the best hundred count
    wrong = tuple(box for box, hit, over in counted if not hit and not over)
    to_find = ~(picture.ignore | picture.crowd)
    missed = tuple(box for index, box in enumerate(true) if to_find[index] and index not in one.taken[0])
    return Mistakes(image, missed, wrong) if missed or wrong else None
