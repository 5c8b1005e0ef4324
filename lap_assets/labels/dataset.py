"""A release as a torch `Dataset`, in the layout of torchvision's detection models.

Importing it imports torch, so nothing that the graph loads may import it; it is for training code.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.utils.data import Dataset

from lap_assets.core.box import Box
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats import read_labels
from lap_assets.models.batching import read_picture
from lap_assets.models.compat import ready_torchvision

__all__ = ["LapDataset"]

ready_torchvision()  # makes torchvision importable beside any torch

Target = dict[str, torch.Tensor]
Sample = tuple[torch.Tensor, Target]


class LapDataset(Dataset[Sample]):
    """Images (float, 3 × height × width, 0 to 1) and their boxes.

    A target has `boxes` (n, 4: x0 y0 x1 y1 in px, float), `labels` (n, from 1; 0 is the background), `image_id`,
    `area` and `iscrowd`. Ignored boxes, crowds, and boxes without width or height are left out.

    Args:
        root: A release's folder.
        kind: "faces" or "heads".
        split: "train", "val" or "test"; None for all images.
        classes: Whether to use classes; otherwise every box has the label 1.
        reviewed: Whether to use only images that a person has reviewed.
        least_score: A machine's boxes with a lower score are left out.
        transform: Changes an image and its target together.

    Raises:
        LabelFileError: the labels are missing or invalid.
    """

    def __init__(
        self,
        root: str | Path,
        kind: str = "faces",
        split: str | None = "train",
        *,
        classes: bool = False,
        reviewed: bool = False,
        least_score: float = 0.0,
        transform: Callable[[torch.Tensor, Target], Sample] | None = None,
    ) -> None:
        labels = read_labels(Path(root) / "coco" / (f"{kind}_{split}.json" if split else f"{kind}.json"))
        self._take(Path(root), labels, classes=classes, reviewed=reviewed, least_score=least_score, transform=transform)

    @classmethod
    def of(cls, images: str | Path, labels: Annotations, **options: Any) -> "LapDataset":
        """Create a dataset from labels of any format (`lap_assets.labels.formats.read_labels`) and a folder of images.

        `options`: `classes`, `reviewed`, `least_score` and `transform`, as in the class.
        """
        dataset = cls.__new__(cls)
        defaults = {"classes": False, "reviewed": False, "least_score": 0.0, "transform": None}
        dataset._take(Path(images), labels, **{**defaults, **options})
        return dataset

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> Sample:
        image = self.images[index]
        pixels = np.asarray(read_picture(self._root / image.name)).copy()
        picture = torch.from_numpy(pixels).permute(2, 0, 1).float() / 255
        target = self._target(image, index)
        return self._transform(picture, target) if self._transform else (picture, target)

    @staticmethod
    def batch(samples: Sequence[Sample]) -> tuple[tuple[torch.Tensor, ...], tuple[Target, ...]]:
        """Collate samples into tuples, because images differ in size: a DataLoader's `collate_fn`."""
        pictures, targets = zip(*samples, strict=True)
        return pictures, targets

    def _take(
        self,
        root: Path,
        labels: Annotations,
        *,
        classes: bool,
        reviewed: bool,
        least_score: float,
        transform: Callable[[torch.Tensor, Target], Sample] | None,
    ) -> None:
        def is_used(box: Box) -> bool:
            is_plain = not box.ignore and not box.crowd and box.width > 0 and box.height > 0
            return is_plain and (box.score is None or box.score >= least_score)

        kept = labels.only(lambda image: bool(image.reviewed)) if reviewed else labels
        names = labels.names()
        self.images: tuple[LabeledImage, ...] = kept.with_boxes(is_used).images
        self.categories = ["background", *names.values()] if classes else ["background", labels.thing]
        """The name of each label."""
        self._label_of: dict[int | None, int] = {None: 1}
        if classes:
            self._label_of |= {number: index for index, number in enumerate(names, 1)}
        self._root, self._transform = root, transform

    def _target(self, image: LabeledImage, index: int) -> Target:
        boxes = torch.tensor([box.corners for box in image.boxes], dtype=torch.float32).reshape(-1, 4)
        labels = [self._label_of.get(box.class_id, 1) for box in image.boxes]
        return {
            "boxes": boxes,
            "labels": torch.tensor(labels, dtype=torch.int64),
            "image_id": torch.tensor(index),
            "area": (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]),
            "iscrowd": torch.zeros(len(boxes), dtype=torch.int64),
        }
