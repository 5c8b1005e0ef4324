"""Classifier files: the class of a face or head, learned by `lap train` from the classes that people gave.

Belongs here: the file, and predicting classes from crops. The features of a crop are in `box_features`, training in
`training.class_training`. As a detector file it is one safetensors file with a JSON text in its header, and holds no
code.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.box import Box
from lap_assets.core.errors import WeightsError
from lap_assets.core.files import write_bytes
from lap_assets.models.tiny.box_features import both_sides, feature_count
from lap_assets.models.tiny.crop_features import crop_of
from lap_assets.models.tiny.trained import note_of, read_note
from lap_assets.models.tiny.traits import read_trait_file
from lap_assets.models.types import Target

_KIND: Final = "lap-classifier 3"

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ClassifierFile:
    """The note in a classifier file. `classes`: class numbers in the order of the regression's outputs."""

    target: Target
    classes: tuple[int, ...]
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ClassWeights:
    """A multinomial logistic regression on standardized features.

    `mean`, `scale`: of each of the n features, shape (n,); `weights`: (n, classes); `bias`: (classes,).
    """

    mean: Numbers
    scale: Numbers
    weights: Numbers
    bias: Numbers

    def probabilities(self, features: NDArray[np.float32]) -> Numbers:
        """Return the probability of each class for features (m, n): shape (m, classes)."""
        return softmax(((features - self.mean) * self.scale) @ self.weights + self.bias)


@dataclass(frozen=True, slots=True)
class PredictedClass:
    """A box's most probable class, and its probability, 0 to 1."""

    class_id: int
    probability: float


def softmax(scores: Numbers) -> Numbers:
    """Return the probabilities of scores along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Numbers = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def classifier_beside(detector: Path) -> Path:
    """Return the path of the classifier trained with a detector file: `trained-faces.classes.safetensors`."""
    return detector.with_name(f"{detector.stem}.classes{detector.suffix}")


class BoxClassifier:
    """Predicts the classes of boxes on pictures."""

    def __init__(self, numbers: ClassWeights, described: ClassifierFile) -> None:
        self.described = described
        self._numbers = numbers

    def predict(self, picture: Image.Image, boxes: Sequence[Box]) -> list[PredictedClass]:
        """Return the class of each box, from its crop and the crop's mirror image."""
        return self.of_features(both_sides(crop_of(picture, box)) for box in boxes)

    def of_features(self, features: Iterable[NDArray[np.float32]]) -> list[PredictedClass]:
        """Return the class of each crop, from its features by `both_sides`."""
        found: list[PredictedClass] = []
        for both in features:
            row = self._numbers.probabilities(both).mean(axis=0)
            place = int(row.argmax())
            found.append(PredictedClass(self.described.classes[place], round(float(row[place]), 4)))
        return found


def write_classifier(numbers: ClassWeights, path: Path, described: ClassifierFile) -> None:
    """Write the regression as a classifier file, atomically."""
    from safetensors.numpy import save

    note = note_of(kind=_KIND, target=described.target, classes=list(described.classes), about=dict(described.about),
                   traits=read_trait_file().digest)  # fmt: skip
    arrays = {name: np.ascontiguousarray(getattr(numbers, name), np.float64) for name in _shapes(described)}
    write_bytes(path, save(arrays, note))


def load_classifier(path: Path, target: Target) -> BoxClassifier:
    """Load the classifier of a file.

    Raises:
        WeightsError: the file is not a classifier for this target, or its numbers do not fit.
    """
    from lap_assets.models.state_dicts import check_state, load_checkpoint

    described = read_classifier(path)
    if described.target != target:
        raise WeightsError(f"{path} tells classes of {described.target}, not of {target}")
    state = load_checkpoint(path)
    check_state(path, _shapes(described), state)
    if any(not value.is_floating_point() or not bool(value.isfinite().all()) for value in state.values()):
        raise WeightsError(f"{path} holds numbers that are not finite: its training failed")
    return BoxClassifier(ClassWeights(**{name: value.double().numpy() for name, value in state.items()}), described)


def _shapes(described: ClassifierFile) -> dict[str, tuple[int, ...]]:
    features, count = feature_count(), len(described.classes)
    return {"mean": (features,), "scale": (features,), "weights": (features, count), "bias": (count,)}


def read_classifier(path: Path) -> ClassifierFile:
    """Return the note in a classifier file.

    Raises:
        WeightsError: it cannot be read, is not a classifier file, or was learned on other features than today's.
    """
    note = read_note(path)
    match note:
        case {
            "kind": "lap-classifier 3", "target": "faces" | "heads" as target, "classes": [int(), int(), *_] as classes,
            "about": dict() as about, "traits": str(traits),
        } if len(set(classes)) == len(classes) and all(type(one) is int for one in classes):  # fmt: skip
            if traits == read_trait_file().digest:
                return ClassifierFile(target, tuple(classes), about)
            raise _other_version(path, target)
        case {"kind": "lap-classifier 1" | "lap-classifier 2", "target": "faces" | "heads" as target}:
            raise _other_version(path, target)
    raise WeightsError(f"{path} is not a classifier that `lap train faces` or `lap train heads` wrote")


def _other_version(path: Path, target: Target) -> WeightsError:
    return WeightsError(
        f"{path} is a classifier of another version; make it again with `lap train {target}`, or remove it"
    )
