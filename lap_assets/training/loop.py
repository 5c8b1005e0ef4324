"""The training loop that all trainings share: batches, optimizer steps, checkpoints."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lap_assets.core.progress import Progress
from lap_assets.training.batches import Arrays, Batches
from lap_assets.training.checkpoints import resumed, save
from lap_assets.training.schedule import EVERY, learning_rate

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Course:
    """Length and learning rate of a training. `clip`: the largest norm of a gradient that is not scaled down."""

    steps: int
    seed: int
    peak_rate: float
    weight_decay: float
    clip: float


def mixed_precision(device: str) -> "torch.autocast":
    """Return a context that computes in bfloat16 where that is faster: on a GPU, or a CPU with AVX-512.

    Other CPUs imitate it, which takes six times as long as float32.
    """
    import torch

    has_bfloat16 = device != "cpu" or torch.backends.cpu.get_cpu_capability() == "AVX512"
    return torch.autocast(device, torch.bfloat16, enabled=has_bfloat16)


def trained(
    title: str,
    build: "Callable[[], nn.Module]",
    batches: Batches,
    loss_of: "Callable[[nn.Module, Arrays, str], Tensor]",
    course: Course,
    checkpoint: Path,
    progress: Progress,
) -> "nn.Module":
    """Train the network that `build` returns; resume from `checkpoint` if it exists.

    `loss_of` returns a batch's loss for the network, on the named device: the GPU if there is one.
    """
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(course.seed)
    network: nn.Module = build().to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.AdamW(network.parameters(), course.peak_rate, weight_decay=course.weight_decay)
    state = {"network": network, "optimizer": optimizer}
    start = resumed(checkpoint, state)
    network.train()
    with progress.task(title, course.steps) as advance, closing(batches.from_step(start, course.steps)) as made:
        advance(start)
        for step, batch in enumerate(made, start):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(step, course.steps, course.peak_rate)
            loss = loss_of(network, batch, device)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), course.clip)
            optimizer.step()
            advance(1)
            if (step + 1) % EVERY == 0 or step + 1 == course.steps:
                save(checkpoint, state, step + 1, loss.item())
    return network.eval()
