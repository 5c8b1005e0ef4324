"""A classifier of crops from the classes that people gave to boxes. Some minutes for a few hundred boxes.

Belongs here: which boxes teach, the loop, and how the result is judged. The network and its file are in
`models.tiny.classifier`. Arithmetic is float32: the same boxes, seed and number of threads make the same weights.
"""

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.box import Box, clipped
from lap_assets.core.progress import Progress
from lap_assets.labels.annotations import LabeledImage
from lap_assets.labels.image_sizes import find_image
from lap_assets.models.tiny.classifier import SIDE, BoxClassifier, ClassifierFile, Crop, crop_of
from lap_assets.models.types import Target
from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits, open_upright
from lap_assets.replica.seeds import seed_of

if TYPE_CHECKING:
    from lap_assets.models.tiny.crop_network import CropNetwork

LEAST: Final = 8
"""Boxes of a class from which it is learned."""
_SEEN: Final = 80  # px of a crop's side as kept: views are parts of it
_RISE: Final = 0.2  # of the steps
_SMOOTH: Final = 0.05
_LEAST_PART: Final = 0.72  # of a crop's side, in a view


@dataclass(frozen=True, slots=True)
class ClassedCrop:
    """A box with a class: its image's name, its crop, its class."""

    name: str
    pixels: Crop
    class_id: int


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """One training. `crops`: views a step."""

    target: Target
    steps: int = 240
    crops: int = 48
    seed: int = 1
    peak_rate: float = 2e-3
    weight_decay: float = 0.05


@dataclass(frozen=True, slots=True)
class TrainedClasses:
    """The classifier, and how many of so many held-out boxes it told right."""

    network: "CropNetwork"
    described: ClassifierFile
    right: int
    judged: int


def classed_crops(
    images: Sequence[LabeledImage], folder: Path, limits: Limits = DEFAULT_LIMITS
) -> tuple[ClassedCrop, ...]:
    """The boxes of reviewed `images` that have a class which `LEAST` boxes or more have, by the names of images."""
    counts = Counter(box.class_id for image in images for box in image.boxes if _teaches(box))
    learned = {number for number, count in counts.items() if number is not None and count >= LEAST}
    found: list[ClassedCrop] = []
    for image in sorted(images, key=lambda image: image.name):
        boxes = [box for box in image.boxes if _teaches(box) and box.class_id in learned]
        path = find_image(folder, image.name) if boxes else None
        if path is None:
            continue
        picture = open_upright(path, limits).convert("RGB")
        found.extend(
            ClassedCrop(image.name, crop_of(picture, box, _SEEN), box.class_id)
            for box in boxes
            if box.class_id is not None and clipped(box.corners, *picture.size) is not None
        )
    return tuple(found)


def _teaches(box: Box) -> bool:
    return box.class_id is not None and not box.ignore and not box.crowd


def trained_classes(
    crops: Sequence[ClassedCrop],
    judging: Collection[str],
    plan: ClassPlan,
    progress: Progress,
    *,
    device: str = "cpu",
) -> TrainedClasses | None:
    """Trains on crops, and judges on those of the images named in `judging`; None where there are no two classes."""
    learned = [crop for crop in crops if crop.name not in judging]
    judged = [crop for crop in crops if crop.name in judging]
    classes = tuple(sorted({crop.class_id for crop in learned}))
    if len(classes) < 2:
        return None
    network = _trained(learned, classes, plan, progress, device)
    described = ClassifierFile(plan.target, classes, {"seed": plan.seed, "steps": plan.steps, "boxes": len(learned)})
    told = BoxClassifier(network, described, device).of_crops(_whole(crop.pixels) for crop in judged)
    right = sum(one.class_id == crop.class_id for one, crop in zip(told, judged, strict=True))
    return TrainedClasses(network.cpu(), described, right, len(judged))


def _trained(
    crops: Sequence[ClassedCrop], classes: tuple[int, ...], plan: ClassPlan, progress: Progress, device: str
) -> "CropNetwork":
    import torch
    from torch.nn import functional

    from lap_assets.models.tiny.crop_network import CropNetwork

    with torch.random.fork_rng():  # where dropout takes its chance from, too
        torch.manual_seed(seed_of("classes", plan.seed))
        network = CropNetwork(len(classes)).to(device).train()
        optimizer = torch.optim.AdamW(network.parameters(), plan.peak_rate, weight_decay=plan.weight_decay)
        numbers = np.array([classes.index(crop.class_id) for crop in crops])
        with progress.task(f"learning classes of {plan.target}", plan.steps) as advance:
            for step in range(plan.steps):
                pixels, chosen = _views(crops, numbers, plan, step)
                for group in optimizer.param_groups:
                    group["lr"] = plan.peak_rate * _rate(step, plan.steps)
                scores = network(torch.from_numpy(pixels).to(device).permute(0, 3, 1, 2) / 255 - 0.5)
                wanted = torch.from_numpy(chosen).to(device)
                loss = functional.cross_entropy(scores, wanted, label_smoothing=_SMOOTH)
                optimizer.zero_grad(set_to_none=True)
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
                advance(1)
    return network.eval()


def _rate(step: int, steps: int) -> float:
    rise = max(1, round(_RISE * steps))
    if step < rise:
        return (step + 1) / rise
    return (1 + math.cos(math.pi * (step + 1 - rise) / (steps + 1 - rise))) / 2


def _views(
    crops: Sequence[ClassedCrop], numbers: NDArray[np.int64], plan: ClassPlan, step: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The crops of one step, (n, SIDE, SIDE, 3) in 0 … 255, rare classes a little more often; and their classes."""
    rng = np.random.default_rng(seed_of("class views", plan.seed, step))
    weights = (1 / np.sqrt(np.bincount(numbers)))[numbers]
    chosen = rng.choice(len(crops), plan.crops, p=weights / weights.sum())
    return np.stack([_view(crops[place].pixels, rng) for place in chosen]), numbers[chosen]


def _view(pixels: Crop, rng: np.random.Generator) -> NDArray[np.float32]:
    part = rng.uniform(_LEAST_PART, 1) * _SEEN
    left, top = rng.uniform(0, _SEEN - part, 2)
    picture = Image.fromarray(pixels)
    seen = picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR, box=(left, top, left + part, top + part))
    view = np.asarray(seen).astype(np.float32)
    if rng.random() < 0.5:
        view = view[:, ::-1]
    if rng.random() < 0.6:
        grey = view.mean(axis=2, keepdims=True)
        view = grey + (view - grey) * rng.uniform(0.4, 1.4)
        view = (view - 128) * rng.uniform(0.7, 1.3) + 128 + rng.normal(0, 15)
        view = view * rng.uniform(0.85, 1.15, 3)
    return np.ascontiguousarray(view.clip(0, 255).astype(np.float32))


def _whole(pixels: Crop) -> Crop:
    return np.asarray(Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BILINEAR))
