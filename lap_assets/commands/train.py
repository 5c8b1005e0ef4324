"""`lap train`: retrain lap-tiny from random seeds. A stopped training resumes."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from lap_assets.core.progress import Progress


@dataclass(frozen=True, slots=True)
class Training:
    """Options of a training: folders, seed and size; `steps=None` uses those of the shipped files."""

    work: Path
    out: Path
    seed: int
    steps: int | None
    pictures: int


def train_embedder_files(training: Training, progress: Progress) -> Path:
    """Draw the pictures, train the embedder, write `embedder.safetensors`, and return its path."""
    from lap_assets.models.compat import ready_torchvision
    from lap_assets.training.bank import BankPlan, drawn_bank
    from lap_assets.training.contrastive import ContrastivePlan, train_embedder
    from lap_assets.training.export import write_embedder
    from lap_assets.training.whitening import even_out

    ready_torchvision()
    from lap_assets.models.tiny.network import Shape, TinyEmbedding, TinyNetwork

    training.work.mkdir(parents=True, exist_ok=True)
    bank = drawn_bank(BankPlan(training.pictures, training.seed), training.work, progress)
    plan = ContrastivePlan(seed=training.seed, **({"steps": training.steps} if training.steps else {}))
    network = train_embedder(lambda: TinyNetwork(Shape()), bank, plan, training.work, progress)
    embedding = TinyEmbedding(cast(TinyNetwork, network.cpu())).eval()
    even_out(embedding, bank, progress)
    write_embedder(embedding, Shape(), training.out / "embedder.safetensors")
    return training.out / "embedder.safetensors"


def train_detector_files(training: Training, progress: Progress) -> Path:
    """Draw the posters, train both detectors together, write `faces` and `heads`, and return the folder."""
    from lap_assets.training.detection import DetectionPlan, train_detectors
    from lap_assets.training.export import write_detectors
    from lap_assets.training.poster_views import PosterBank

    training.work.mkdir(parents=True, exist_ok=True)
    bank = PosterBank(training.pictures, training.seed, training.work).drawn(progress)
    plan = DetectionPlan(seed=training.seed, **({"steps": training.steps} if training.steps else {}))
    write_detectors(train_detectors(bank, plan, training.work, progress), training.out)
    return training.out


def train_trait_file(training: Training, progress: Progress) -> Path:
    """Draw the figures, train the trait network, write `traits.safetensors`, and return its path."""
    from lap_assets.training.export import write_traits
    from lap_assets.training.figure_bank import FigureBank
    from lap_assets.training.trait_training import TraitPlan, train_traits

    training.work.mkdir(parents=True, exist_ok=True)
    bank = FigureBank(training.pictures, training.seed, training.work).drawn(progress)
    plan = TraitPlan(seed=training.seed, **({"steps": training.steps} if training.steps else {}))
    write_traits(train_traits(bank, plan, training.work, progress), training.out / "traits.safetensors")
    return training.out / "traits.safetensors"
