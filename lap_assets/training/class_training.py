"""Learning a classifier of crops from the classes that people gave to boxes: seconds for a few hundred boxes.

Belongs here: which boxes teach, the fit, and how the result is judged. The numbers of a crop are in
`models.tiny.box_features`, the file in `models.tiny.classifier`. Nothing is left to chance: the same boxes make the
same weights.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.box import Box, clipped
from lap_assets.core.progress import Progress
from lap_assets.labels.annotations import LabeledImage
from lap_assets.labels.image_sizes import find_image
from lap_assets.models.tiny.box_features import blocks, both_sides
from lap_assets.models.tiny.classifier import BoxClassifier, ClassifierFile, ClassWeights, Numbers, softmax
from lap_assets.models.tiny.crop_features import crop_of
from lap_assets.models.types import Target
from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits, open_upright

LEAST: Final = 8
"""The least boxes of a class for learning it."""
MOST: Final = 4000
"""At most about this many boxes are used, from images evenly spread by name, so that memory stays below 1 GB."""
PENALTIES: Final = (1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5)
"""The choices for the factor of the squared weights, relative to the mean loss per box."""
_UNCHOSEN: Final = 1e-3  # where no box chooses
_FLOOR: Final = 0.05  # a feature varies at least by this share of its block's: so a nearly constant one counts little
_LEAST_LIKELY: Final = 1e-6


@dataclass(frozen=True, slots=True)
class ClassedCrop:
    """A box with a class: the image's name, the features of its crop and of the crop's mirror image, the class."""

    name: str
    features: NDArray[np.float32]
    class_id: int


@dataclass(frozen=True, slots=True)
class TrainedClasses:
    """The classifier, and how many of the held-out boxes it classified correctly."""

    numbers: ClassWeights
    described: ClassifierFile
    right: int
    judged: int

    @property
    def helps(self) -> bool:
        """Whether at least half of the held-out boxes were correct: wrong suggestions cost more than none."""
        return 2 * self.right >= self.judged


def classed_crops(
    images: Sequence[LabeledImage], folder: Path, progress: Progress, limits: Limits = DEFAULT_LIMITS
) -> tuple[ClassedCrop, ...]:
    """Return the boxes of reviewed `images` whose class has at least `LEAST` boxes, ordered by image name."""
    counts = Counter(box.class_id for image in images for box in image.boxes if _teaches(box))
    learned = {number for number, count in counts.items() if number is not None and count >= LEAST}
    taught = {image.name: [box for box in image.boxes if _teaches(box) and box.class_id in learned] for image in images}
    names = sorted(name for name, boxes in taught.items() if boxes)
    names = names[:: math.ceil(sum(map(len, taught.values())) / MOST) or 1]
    found: list[ClassedCrop] = []
    with progress.task("measuring boxes with classes", len(names)) as advance:
        for name in names:
            if (path := find_image(folder, name)) is not None:
                found += _crops(name, open_upright(path, limits).convert("RGB"), taught[name])
            advance(1)
    return tuple(found)


def _crops(name: str, picture: Image.Image, boxes: Sequence[Box]) -> Iterator[ClassedCrop]:
    for box in boxes:
        if box.class_id is not None and clipped(box.corners, *picture.size) is not None:
            yield ClassedCrop(name, both_sides(crop_of(picture, box)), box.class_id)


def _teaches(box: Box) -> bool:
    return box.class_id is not None and not box.ignore and not box.crowd


def trained_classes(
    crops: Sequence[ClassedCrop], choosing: Collection[str], judging: Collection[str], target: Target
) -> TrainedClasses | None:
    """Fit a classifier to crops, choose its penalty on the images in `choosing`, and judge it on those in `judging`.

    The final fit includes the crops that chose the penalty. None if there are fewer than two classes to learn.
    """
    judged = [crop for crop in crops if crop.name in judging]
    chosen_by = [crop for crop in crops if crop.name in choosing and crop.name not in judging]
    learned = [crop for crop in crops if crop.name not in judging and crop.name not in choosing]
    if not _classes_of(learned):
        learned, chosen_by = [*learned, *chosen_by], []
    classes = _classes_of(learned)
    if not classes:
        return None
    chosen_by = [crop for crop in chosen_by if crop.class_id in classes]
    penalty = _best_penalty(learned, chosen_by, classes) if chosen_by else _UNCHOSEN
    teaching = [*learned, *chosen_by]
    numbers = _fits(teaching, classes)(penalty)
    described = ClassifierFile(target, classes, {"penalty": penalty, "boxes": len(teaching)})
    told = BoxClassifier(numbers, described).of_features(crop.features for crop in judged)
    right = sum(one.class_id == crop.class_id for one, crop in zip(told, judged, strict=True))
    return TrainedClasses(numbers, described, right, len(judged))


def _classes_of(crops: Sequence[ClassedCrop]) -> tuple[int, ...]:
    classes = tuple(sorted({crop.class_id for crop in crops}))
    return classes if len(classes) > 1 else ()


def _best_penalty(learned: Sequence[ClassedCrop], others: Sequence[ClassedCrop], classes: tuple[int, ...]) -> float:
    """Return the penalty under which the classes of other boxes are most likely, so probabilities are calibrated."""
    places = [classes.index(crop.class_id) for crop in others]
    features = np.stack([crop.features for crop in others])
    fit = _fits(learned, classes)

    def doubt(penalty: float) -> float:
        likely = fit(penalty).probabilities(features).mean(axis=1)[np.arange(len(places)), places]
        return float(-np.log(np.maximum(likely, _LEAST_LIKELY)).mean())

    return min(PENALTIES, key=doubt)


def _fits(crops: Sequence[ClassedCrop], classes: tuple[int, ...]) -> Callable[[float], ClassWeights]:
    """Return a function that fits the regression to crops and their mirror images under a penalty."""
    features = np.concatenate([crop.features for crop in crops]).astype(np.float64)
    places = np.repeat([classes.index(crop.class_id) for crop in crops], 2)
    mean, scale = features.mean(axis=0), _scale(features)
    design = (features - mean) * scale
    axes = np.eye(design.shape[1])
    if len(design) < design.shape[1]:  # the best weights lie among the rows: fewer unknowns, the same optimum
        axes = np.linalg.svd(design, full_matrices=False)[2].T
    design = design @ axes

    def fit(penalty: float) -> ClassWeights:
        weights, bias = fit_classes(design, places, len(classes), penalty)
        return ClassWeights(mean, scale, axes @ weights, bias)

    return fit


def _scale(features: Numbers) -> Numbers:
    """Return factors that give each feature unit variance, and each block its weight regardless of its length."""
    scale, start = np.empty(features.shape[1]), 0
    for _, count, weight in blocks():
        block = features[:, start : start + count]
        varies = block.std(axis=0) + _FLOOR * block.std() + 1e-6
        scale[start : start + count] = weight / (varies * np.sqrt(count))
        start += count
    scale /= np.sqrt(sum(weight**2 for _, _, weight in blocks()))
    return scale


def fit_classes(design: Numbers, places: NDArray[np.int64], count: int, penalty: float) -> tuple[Numbers, Numbers]:
    """Return the most probable weights of a multinomial logistic regression, found by scipy's L-BFGS-B.

    Args:
        design: features, shape (n, k).
        places: the class of each row, 0 to `count` - 1, shape (n,).
        penalty: by how much half the sum of squared weights counts beside the mean loss.

    Returns:
        Weights (k, count) and bias (count,); the bias is not penalized.
    """
    from scipy.optimize import minimize

    width, is_class = design.shape[1], np.eye(count)[places]

    def loss(flat: Numbers) -> tuple[float, Numbers]:
        both = flat.reshape(width + 1, count)
        shares = softmax(design @ both[:width] + both[width])
        likely = np.maximum((shares * is_class).sum(axis=1), 1e-300)
        off = (shares - is_class) / len(design)
        slope = np.vstack([design.T @ off + penalty * both[:width], off.sum(axis=0)])
        return float(-np.log(likely).mean() + penalty / 2 * (both[:width] ** 2).sum()), slope.ravel()

    options = {"maxiter": 300, "ftol": 1e-9, "gtol": 1e-6}
    found = minimize(loss, np.zeros((width + 1) * count), jac=True, method="L-BFGS-B", options=options)
    both = np.asarray(found.x, np.float64).reshape(width + 1, count)
    return both[:width], both[width]
