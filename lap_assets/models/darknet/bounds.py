"""Limits on a network's size, so that an untrusted detector file cannot exhaust memory. No torch.

YOLOv3 at 608 px, the largest network in LAP, has 62 million numbers and layers of 12 million outputs.
"""

import math
from collections.abc import Mapping
from typing import Final

from lap_assets.models.darknet.cfg import Block

MOST_LAYERS: Final = 1_000
MOST_NUMBERS: Final = 500_000_000
"""Weights of all layers together; 2 GB."""
MOST_OUTPUTS: Final = 1 << 27
"""Outputs of one layer for one picture; 512 MB."""
_MOST_ANCHORS: Final = 100
_LARGEST_ANCHOR: Final = 1e5  # px

_RANGES: Final[Mapping[str, Mapping[str, tuple[int, int]]]] = {
    "net": {"width": (1, 8192), "height": (1, 8192), "channels": (1, 64)},
    "convolutional": {"filters": (1, 65_536), "size": (1, 63), "stride": (1, 32), "padding": (0, 63)},
    "upsample": {"stride": (1, 32)},
    "yolo": {"classes": (1, 10_000)},
}


def check_options(block: Block) -> None:
    """Check the numbers of one section.

    Raises:
        CfgError: a number is out of range; the message names the line.
    """
    for key, (least, most) in _RANGES.get(block.section, {}).items():
        if key in block.options and not least <= block.integer(key) <= most:
            raise block.error(key, f"{key}={block.text(key)}: expected {least:,} to {most:,}")
    if block.section == "yolo":
        anchors = block.floats("anchors")
        if len(anchors) > 2 * _MOST_ANCHORS or any(not 0 < side <= _LARGEST_ANCHOR for side in anchors):
            raise block.error("anchors", f"expected up to {_MOST_ANCHORS} pairs of anchors, in px")


class Budget:
    """The size of a network's layers so far, checked against the limits."""

    def __init__(self, area: int) -> None:
        """Start with no layers. `area`: of the input in px²."""
        self._area, self._numbers = area, 0

    def take_weights(self, block: Block, inputs: int) -> None:
        """Count the weights of a convolution with that many input channels.

        Raises:
            CfgError: the network would have more than `MOST_NUMBERS`.
        """
        self._numbers += inputs * block.integer("filters") * block.integer("size", 1) ** 2
        if self._numbers > MOST_NUMBERS:
            raise block.error("filters", f"the network has more than {MOST_NUMBERS:,} numbers")

    def check_output(self, block: Block, channels: int, stride: int) -> None:
        """Check the size of a layer's output.

        Raises:
            CfgError: more than `MOST_OUTPUTS` numbers per picture, or a map larger than the input.
        """
        if stride < 1:
            raise block.error("stride", "the layer enlarges beyond the network's input")
        if channels * math.ceil(self._area / stride**2) > MOST_OUTPUTS:
            raise block.error(None, f"[{block.section}] returns more than {MOST_OUTPUTS:,} numbers for a picture")
