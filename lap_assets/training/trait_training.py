"""Training of the trait network (hair, clothes, turn of the head and others) on figures in random styles.

Each batch depends only on the seed and the step, so a stopped run resumes as if it had not been stopped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from lap_assets.core.progress import Progress
from lap_assets.replica.seeds import seed_of
from lap_assets.training.batches import Arrays, Batches
from lap_assets.training.crop_views import crop_view
from lap_assets.training.figure_bank import FigureBank
from lap_assets.training.loop import Course, trained
from lap_assets.training.traits import TRAITS, mirrored_row

if TYPE_CHECKING:
    from torch import Tensor, nn

    from lap_assets.models.tiny.trait_network import TraitNetwork, TraitShape

_SMOOTHING: Final = 0.05
_DIMENSIONS: Final = 128
_EASY: Final = 1000  # steps until most views are changed: training progresses faster on plain views first
_CHANGED: Final = 0.7
_SHIPPED: Final = Path(__file__).parents[1] / "models" / "tiny" / "faces.safetensors"


@dataclass(frozen=True, slots=True)
class TraitPlan:
    """Parameters of one training. `crops`: views per step."""

    steps: int = 4500
    crops: int = 64
    seed: int = 1
    peak_rate: float = 2e-3
    weight_decay: float = 0.05


def trait_shape() -> "TraitShape":
    """Return the shape of the network."""
    from lap_assets.models.tiny.trait_network import TraitShape

    return TraitShape(_DIMENSIONS, tuple(len(trait.values) for trait in TRAITS))


class _CropViews(Batches):
    def __init__(self, bank: FigureBank, plan: TraitPlan) -> None:
        self._bank, self._plan = bank, plan

    def batch(self, step: int) -> Arrays:
        """Return views and their traits."""
        from lap_assets.models.tiny.trait_network import SEEN

        rng = np.random.default_rng(seed_of("crops", self._plan.seed, step))
        pictures, traits = self._bank.opened()
        places = rng.choice(len(pictures), self._plan.crops, replace=len(pictures) < self._plan.crops)
        flips = rng.random(len(places)) < 0.5
        made = zip(places.tolist(), flips.tolist(), strict=True)
        changed = _CHANGED * min(1.0, step / _EASY)
        views = [crop_view(pictures[place], rng, SEEN, mirrored=flip, changed=changed) for place, flip in made]
        rows = [
            mirrored_row(traits[place]) if flip else traits[place] for place, flip in zip(places, flips, strict=True)
        ]
        return np.stack(views), np.stack(rows)


def train_traits(bank: FigureBank, plan: TraitPlan, folder: Path, progress: Progress) -> "TraitNetwork":
    """Train the network on the crops of `bank`; checkpoints go into `folder`."""
    from lap_assets.models.tiny.trait_network import TraitNetwork, as_crops

    def loss_of(network: "nn.Module", batch: Arrays, device: str) -> "Tensor":
        import torch

        pixels, rows = (torch.from_numpy(part).to(device) for part in batch)
        _, scores = network(as_crops(pixels))
        return trait_loss(cast(TraitNetwork, network).by_trait(scores), rows.long())

    course = Course(plan.steps, plan.seed, plan.peak_rate, plan.weight_decay, clip=5.0)
    network = trained(
        "training the trait network", started, _CropViews(bank, plan), loss_of, course, folder / "traits.pt", progress
    )
    return cast(TraitNetwork, network.cpu())


def started() -> "TraitNetwork":
    """Return the network with the trunk of lap-tiny's detectors, and the rest initialized at random."""
    from lap_assets.models.state_dicts import load_checkpoint
    from lap_assets.models.tiny.trait_network import Convolved, TraitNetwork

    network = TraitNetwork(trait_shape())
    parts = [part for part in network.trunk.modules() if isinstance(part, Convolved)]
    shipped = load_checkpoint(_SHIPPED)
    layers = sorted({int(key.split(".")[1]) for key in shipped})
    for part, layer in zip(parts, layers, strict=False):
        own = part.state_dict()
        taken = {key: shipped[f"layers.{layer}.{key}"].float() for key in own if not key.endswith("batches_tracked")}
        part.load_state_dict({**own, **taken})
    return network


def trait_loss(scores: "Sequence[Tensor]", rows: "Tensor") -> "Tensor":
    """Return the weighted sum of the traits' cross entropies. `scores`: (n, values) of each; `rows`: (n, traits)."""
    import torch
    from torch.nn import functional

    total = torch.zeros((), device=rows.device)
    for trait, one, right in zip(TRAITS, scores, rows.T, strict=True):
        total = total + trait.weight * functional.cross_entropy(one, right, label_smoothing=_SMOOTHING)
    return total
