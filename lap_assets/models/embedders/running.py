"""Running a network over decoded pictures of one size: normalization, and transfer to the device and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lap_assets.models.types import Vector

if TYPE_CHECKING:
    from torch import Tensor, nn

Pixels = NDArray[np.uint8]
"""Shape (height, width, 3)."""


@dataclass(frozen=True, slots=True)
class Levels:
    """The normalization of a network's input: `(x - mean) / deviation`, x from 0 to 255, for each of R, G, B."""

    mean: tuple[float, float, float]
    deviation: tuple[float, float, float]

    @classmethod
    def of_unit(cls, mean: Sequence[float], deviation: Sequence[float]) -> "Levels":
        """Convert a mean and a deviation for x from 0 to 1."""
        red, green, blue = (255 * one for one in mean)
        of_red, of_green, of_blue = (255 * one for one in deviation)
        return cls((red, green, blue), (of_red, of_green, of_blue))


IMAGENET = Levels.of_unit((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


class Runner:
    """A network on its device. On a GPU it runs in bfloat16, on the CPU in float32 like the original.

    `network`: from pictures (n, 3, height, width) to vectors (n, dimensions).
    """

    def __init__(self, network: "nn.Module", levels: Levels, device: str) -> None:
        import torch

        self._device = torch.device(device)
        self._on_gpu = self._device.type == "cuda"
        placed: Any = network.eval().to(self._device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._network: nn.Module = placed
        self._mean = torch.tensor(levels.mean, device=self._device)
        self._deviation = torch.tensor(levels.deviation, device=self._device)

    def vectors(self, pictures: Sequence[Pixels]) -> list[Vector]:
        """Return a vector for each of the pictures, which have one size."""
        import torch

        with torch.inference_mode(), torch.autocast(self._device.type, torch.bfloat16, enabled=self._on_gpu):
            numbers: Tensor = self._network(self._numbers(pictures))
        return list(numbers.float().cpu().numpy())

    def _numbers(self, pictures: Sequence[Pixels]) -> "Tensor":
        """Return the normalized input, (n, 3, height, width), with channels last in memory."""
        import torch

        levels = torch.from_numpy(np.stack(pictures))
        if self._on_gpu:
            levels = levels.pin_memory().to(self._device, non_blocking=True)
        return ((levels.float() - self._mean) / self._deviation).permute(0, 3, 1, 2)
