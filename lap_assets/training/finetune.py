"""Train a detector from people's labels: fine-tune lap-tiny's network and keep the weights of the best look.

The training loop belongs here. It measures the network on the choosing part before the first step and at regular
intervals; the weights of the best look are the result, so on those images it is never worse than its start. The
learning rate follows one cycle (Smith and Topin 2018). Arithmetic on the CPU is float32: equal images, seed and number
of threads yield equal weights, even if the training was interrupted.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from lap_assets.core.errors import Stopped
from lap_assets.core.progress import Progress
from lap_assets.models.types import Target
from lap_assets.training.batches import Arrays
from lap_assets.training.detection import single_loss
from lap_assets.training.example_views import batch
from lap_assets.training.examples import Example
from lap_assets.training.held_out import Parts
from lap_assets.training.looks import Look, looked
from lap_assets.training.tuning_state import TuningState

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from lap_assets.models.darknet.module import Darknet

_RISE: Final = 0.2  # share of the steps until the rate reaches its peak
_FROM: Final = 25.0  # peak rate divided by the rate of the first step
_CLIP: Final = 10.0
_MANY: Final = 20
_FALSE: Final = 0.05  # false suggestions per box


@dataclass(frozen=True, slots=True)
class TuningPlan:
    """One training. `pictures`: views per step; `every`: steps between looks; `patience`: looks without a gain."""

    target: Target
    steps: int = 400
    pictures: int = 16
    seed: int = 1
    peak_rate: float = 1e-3
    weight_decay: float = 0.02
    every: int = 50
    patience: int = 4


@dataclass(frozen=True, slots=True)
class Tuned:
    """The network with the weights of the best look, and all looks, the first before any step."""

    network: "Darknet"
    looks: tuple[Look, ...]

    @property
    def best(self) -> Look:
        """The look that was kept."""
        return best_of(self.looks)


def rate(step: int, steps: int, peak: float) -> float:
    """Return the learning rate of a step (from 0): a rise and a fall as half cosines."""
    rise = max(1, round(_RISE * steps))
    if step < rise:
        return peak * (1 / _FROM + (1 - 1 / _FROM) * (1 - math.cos(math.pi * (step + 1) / rise)) / 2)
    return peak * (1 + math.cos(math.pi * (step + 1 - rise) / (steps + 1 - rise))) / 2


def best_of(looks: Sequence[Look]) -> Look:
    """Return the look with the best AP50; of equal ones the latest, which has learned more."""
    return max(looks, key=lambda look: (look.ap50, look.step))


def is_over(looks: Sequence[Look], plan: TuningPlan) -> bool:
    """Return whether to stop: all steps done, no gain in the second half for `patience` looks, or nothing left to gain.

    In the first half the rate is high, and weights settle only when it falls. Nothing is left to gain after two
    consecutive perfect looks beyond the start.
    """
    if len(looks) > 2 and all(is_perfect(look) for look in looks[-2:]):
        return True
    now, first_best = looks[-1].step, max(looks, key=lambda look: (look.ap50, -look.step)).step
    is_late = now >= plan.steps / 2
    return now >= plan.steps or (is_late and now - first_best >= plan.patience * plan.every)


def is_perfect(look: Look) -> bool:
    """Return whether a look finds all of `_MANY` or more boxes, ranked first, with hardly any false suggestions."""
    is_clean = look.false <= _FALSE * look.boxes
    return look.boxes >= _MANY and look.found == look.boxes and look.ap50 > 0.999 and is_clean


def tuned(
    network: "Darknet",
    parts: Parts,
    plan: TuningPlan,
    state: TuningState,
    progress: Progress,
    *,
    device: str = "cpu",
    is_stopping: Callable[[], bool] = lambda: False,
) -> Tuned:
    """Train `network` on the learned part and measure it on the choosing part; `state` resumes and saves it.

    Raises:
        Stopped: `is_stopping` returned True; the checkpoint holds the training up to the last look.
    """
    import torch

    network = network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
    optimizer = torch.optim.AdamW(network.parameters(), plan.peak_rate, weight_decay=plan.weight_decay)
    looks = state.resume(network, optimizer)
    see = partial(looked, examples=parts.choosing, target=plan.target, device=device)
    if not looks:
        looks = [see(network, 0)]
        state.keep(network, optimizer, looks)
    with progress.task(f"learning {plan.target}", plan.steps) as advance:
        advance(looks[-1].step)
        while not is_over(looks, plan):
            start = looks[-1].step
            end = min(start + plan.every, plan.steps)
            network.train()
            for step, views in _views(parts.learned, plan, network.size[0], start, end):
                if is_stopping():
                    raise Stopped(f"stopped after {step} of {plan.steps} steps; the same command resumes")
                _step(network, optimizer, views, rate(step, plan.steps, plan.peak_rate), device)
                advance(1)
            looks.append(see(network, end))
            state.keep(network, optimizer, looks)
    state.restore_best(network)
    return Tuned(network.eval().cpu(), tuple(looks))


def _step(
    network: "Darknet", optimizer: "torch.optim.Optimizer", views: Arrays, learning_rate: float, device: str
) -> None:
    import torch

    for group in optimizer.param_groups:
        group["lr"] = learning_rate
    pixels, boxes = (torch.from_numpy(part).to(device) for part in views)
    numbers: Tensor = pixels.permute(0, 3, 1, 2).float() / 255
    with torch.autocast(device.partition(":")[0], torch.bfloat16, enabled=device != "cpu"):
        outputs = network(numbers.contiguous(memory_format=torch.channels_last))
    loss = single_loss([output.float() for output in outputs], network.heads, boxes)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(network.parameters(), _CLIP)
    optimizer.step()


def _views(
    examples: Sequence[Example], plan: TuningPlan, side: int, start: int, end: int
) -> Iterator[tuple[int, Arrays]]:
    """Yield the steps `start` … `end` - 1 with their views; a thread computes the next step's views meanwhile."""
    make = partial(batch, examples, plan.pictures, side, plan.seed)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(make, start)
        for step in range(start, end):
            views = waiting.result()
            if step + 1 < end:
                waiting = pool.submit(make, step + 1)
            yield step, views
