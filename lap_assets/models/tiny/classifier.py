"""Classifier files: which class a face or head is, learned from people's classes by `lap train`.

Belongs here: the file, crops, and telling classes. Training is in `training.class_training`. As a detector file it is
one safetensors file with a JSON text in its header, and holds no code.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.box import Box
from lap_assets.core.errors import WeightsError
from lap_assets.core.files import write_bytes
from lap_assets.models.tiny.trained import note_of, plain_state, read_note
from lap_assets.models.types import Target

if TYPE_CHECKING:
    from lap_assets.models.tiny.crop_network import CropNetwork

SIDE: Final = 64
"""Px of a crop's side as the network sees it."""
AROUND: Final = 2.2
"""A crop's side by the longer one of the box: hair and what is worn tell as much as the face."""
_KIND: Final = "lap-classifier 1"
_BATCH: Final = 64

Crop = NDArray[np.uint8]
"""Shape (side, side, 3)."""


@dataclass(frozen=True, slots=True)
class ClassifierFile:
    """What a classifier file says of itself. `classes`: the numbers in the order of the network's outputs."""

    target: Target
    classes: tuple[int, ...]
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ToldClass:
    """A box's most probable class, and its probability, 0 to 1."""

    class_id: int
    probability: float


def classifier_beside(detector: Path) -> Path:
    """Where the classifier lies that was trained with a detector file: `trained-faces.classes.safetensors`."""
    return detector.with_name(f"{detector.stem}.classes{detector.suffix}")


def crop_of(picture: Image.Image, box: Box, side: int = SIDE) -> Crop:
    """The square around a box, shape (side, side, 3); what lies beyond the picture is black."""
    reach = max(box.width, box.height, 2) * AROUND / 2
    across, down = (box.xmin + box.xmax) / 2, (box.ymin + box.ymax) / 2 - 0.1 * reach  # hair is above the face
    corners = tuple(round(value) for value in (across - reach, down - reach, across + reach, down + reach))
    part = picture.crop(corners)  # type: ignore[arg-type]
    return np.asarray(part.resize((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0).convert("RGB"))


class BoxClassifier:
    """Tells the classes of boxes on pictures."""

    def __init__(self, network: "CropNetwork", described: ClassifierFile, device: str) -> None:
        self.described = described
        self._network, self._device = network.eval().to(device), device

    def told(self, picture: Image.Image, boxes: Sequence[Box]) -> list[ToldClass]:
        """The class of each box."""
        return self.of_crops(crop_of(picture, box) for box in boxes)

    def of_crops(self, crops: Iterable[Crop]) -> list[ToldClass]:
        """The class of each crop of `SIDE` px; a crop and its mirror image are seen."""
        import torch

        held = list(crops)
        found: list[ToldClass] = []
        for start in range(0, len(held), _BATCH):
            numbers = torch.from_numpy(np.stack(held[start : start + _BATCH])).to(self._device)
            pixels = numbers.permute(0, 3, 1, 2).float() / 255 - 0.5
            with torch.inference_mode():
                both = [self._network(one).softmax(dim=1) for one in (pixels, pixels.flip(3))]
            probabilities = ((both[0] + both[1]) / 2).cpu().numpy()
            for row in probabilities:
                place = int(row.argmax())
                found.append(ToldClass(self.described.classes[place], round(float(row[place]), 4)))
        return found


def write_classifier(network: "CropNetwork", path: Path, described: ClassifierFile) -> None:
    """Writes the network as a classifier file, in one step."""
    from safetensors.torch import save

    note = note_of(kind=_KIND, target=described.target, classes=list(described.classes), about=dict(described.about))
    write_bytes(path, save(plain_state(network), note))


def load_classifier(path: Path, target: Target, device: str) -> BoxClassifier:
    """The classifier of a file.

    Raises:
        WeightsError: the file is not a classifier for this target, or its numbers do not fit.
    """
    from lap_assets.models.state_dicts import check_state, load_checkpoint
    from lap_assets.models.tiny.crop_network import CropNetwork

    described = read_classifier(path)
    if described.target != target:
        raise WeightsError(f"{path} tells classes of {described.target}, not of {target}")
    network, state = CropNetwork(len(described.classes)), load_checkpoint(path)
    own = network.state_dict()
    check_state(path, {key: tuple(own[key].shape) for key in plain_state(network)}, state)
    if any(not bool(value.isfinite().all()) for value in state.values()):
        raise WeightsError(f"{path} holds numbers that are not finite: its training failed")
    network.load_state_dict({**own, **state})
    return BoxClassifier(network, described, device)


def read_classifier(path: Path) -> ClassifierFile:
    """What a classifier file says of itself.

    Raises:
        WeightsError: it cannot be read, or is not a classifier file.
    """
    match read_note(path):
        case {
            "kind": "lap-classifier 1", "target": "faces" | "heads" as target, "classes": [int(), int(), *_] as classes,
            "about": dict() as about,
        } if len(set(classes)) == len(classes) and all(type(one) is int for one in classes):  # fmt: skip
            return ClassifierFile(target, tuple(classes), about)
    raise WeightsError(f"{path} is not a classifier that `lap train faces` or `lap train heads` wrote")
