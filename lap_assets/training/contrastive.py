"""Training of lap-tiny's embedder: vectors of copies of a picture move together, of other pictures apart.

InfoNCE over both views of every picture (Chen et al. 2020), with the entropy term that lets one threshold fit all
pictures (Pizzi et al. 2022, "SSCD"). Each picture's sibling is in the batch as a hard negative. Every batch depends
only on seed and step, so a stopped run resumes with the same result.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.progress import Progress
from lap_assets.replica.seeds import seed_of
from lap_assets.training.bank import opened_bank
from lap_assets.training.batches import Arrays, Batches
from lap_assets.training.copies import faint_copy, heavy_copy
from lap_assets.training.loop import Course, mixed_precision, trained

if TYPE_CHECKING:
    from torch import Tensor, nn

_TEMPERATURE: Final = 0.05
_ENTROPY: Final = 0.5  # weight of the entropy term


@dataclass(frozen=True, slots=True)
class ContrastivePlan:
    """Plan of one training. `pairs`: pictures per step, each in two views; `side`: of the network's input, in px."""

    steps: int = 960
    pairs: int = 160
    side: int = 128
    seed: int = 1
    peak_rate: float = 1.5e-3
    weight_decay: float = 0.04


class _ContrastiveViews(Batches):
    """Batches of `pairs` pictures of the bank in whole families, as faint and as heavy copies."""

    def __init__(self, bank: Path, plan: ContrastivePlan) -> None:
        self._bank, self._plan = bank, plan

    def batch(self, step: int) -> Arrays:
        """Return faint copies and heavy copies, each (pairs, side, side, 3) uint8."""
        rng = np.random.default_rng(seed_of("views", self._plan.seed, step))
        bank = opened_bank(self._bank)
        families = rng.choice(len(bank) // 2, self._plan.pairs // 2, replace=False)
        rows = np.stack((2 * families, 2 * families + 1), axis=1).ravel()
        pictures = [Image.fromarray(bank[row]) for row in rows]
        side = self._plan.side
        return (
            np.stack([faint_copy(picture, rng, side) for picture in pictures]),
            np.stack([heavy_copy(picture, rng, side) for picture in pictures]),
        )


def train_embedder(
    build: "Callable[[], nn.Module]", bank: Path, plan: ContrastivePlan, folder: Path, progress: Progress
) -> "nn.Module":
    """Train the network of `build` on the pictures of the file `bank`; checkpoints go into `folder`."""

    def loss_of(network: "nn.Module", batch: Arrays, device: str) -> "Tensor":

        from lap_assets.models.tiny.network import as_gray

        faint, heavy = batch
        both = as_input(np.concatenate((faint, heavy)), device)
        with mixed_precision(device):
            vectors = network(as_gray(both))
        return contrastive_loss(vectors.float())

    course = Course(plan.steps, plan.seed, plan.peak_rate, plan.weight_decay, clip=1.0)
    views = _ContrastiveViews(bank, plan)
    return trained("training the embedder", build, views, loss_of, course, folder / "embedder.pt", progress)


def contrastive_loss(vectors: "Tensor") -> "Tensor":
    """Return InfoNCE plus the entropy term for unit vectors (2n, d); rows i and n + i show the same picture."""
    import torch

    number = len(vectors) // 2
    alike = vectors @ vectors.T
    itself = torch.eye(2 * number, dtype=torch.bool, device=vectors.device)
    partner = torch.arange(2 * number, device=vectors.device).roll(number)
    info = torch.nn.functional.cross_entropy(alike.masked_fill(itself, -2.0) / _TEMPERATURE, partner)
    others = alike.masked_fill(itself | itself.roll(number, 0), -2.0)
    nearest = (2 - 2 * others.max(dim=1).values).clamp(min=1e-4).sqrt()
    return info - _ENTROPY * nearest.log().mean()


def as_input(pictures: "NDArray[np.generic]", device: str) -> "Tensor":
    """Convert pictures (n, h, w, 3) uint8 to the network's input (n, 3, h, w), from -1 to 1."""
    import torch

    numbers = torch.from_numpy(pictures).to(device).permute(0, 3, 1, 2)
    return (numbers.float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)
