"""lap-tiny's embedder: a small network shipped beside this file, for near-duplicates; MODEL_CARD.md has its figures."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.models.kinds import Embedder, Vector

if TYPE_CHECKING:
    from lap_assets.models.tiny.network import TinyNetwork

FILE: Final = Path(__file__).with_name("embedder.safetensors")
SIDE: Final = 128  # px a side of the square that every picture is squeezed into


class TinyEmbedder(Embedder):
    """The vector is the sum of those of the picture and its mirror image, so mirroring changes nothing; length 1."""

    name = "lap-tiny"
    batch_size = 32

    def __init__(self, network: "TinyNetwork", device: str | None = None) -> None:
        import torch

        self._device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self._network: TinyNetwork = network.eval().to(self._device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.dimensions = network.head.out_features

    @classmethod
    def load(cls, device: str | None = None, file: Path = FILE) -> "TinyEmbedder":
        """The shipped embedder, or one that `lap train embedder` wrote.

        Raises:
            WeightsError: the file is missing, cut, or does not hold this network.
        """
        return cls(_read_network(file), device)

    def prepare(self, picture: Image.Image) -> NDArray[Any]:
        """The picture squeezed into a square: shape (SIDE, SIDE, 3), uint8."""
        return np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0))

    def run(self, batch: list[NDArray[Any]]) -> list[Vector]:
        """A vector for each."""
        import torch

        squares = torch.from_numpy(np.stack(batch)).to(self._device, non_blocking=True).permute(0, 3, 1, 2)
        pictures = (squares.float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)
        with torch.inference_mode():
            both = self._network(pictures) + self._network(pictures.flip(3))
            return list(torch.nn.functional.normalize(both, dim=-1).cpu().numpy())


def _read_network(file: Path) -> "TinyNetwork":
    from safetensors import SafetensorError, safe_open

    from lap_assets.models.compat import ready_torchvision
    from lap_assets.models.state_dicts import WeightsError, check_state, load_checkpoint

    ready_torchvision()
    from lap_assets.models.tiny.network import Shape, TinyNetwork

    state = load_checkpoint(file)
    try:
        with safe_open(file, "pt") as opened:
            about = json.loads((opened.metadata() or {})["shape"])
        network = TinyNetwork(Shape(**{**about, "widths": tuple(about["widths"])}))
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise WeightsError(f"{file}: it does not say which shape its network has ({error})") from None
    check_state(file, network, state)
    own = network.state_dict()
    network.load_state_dict({**own, **{key: value.to(own[key].dtype) for key, value in state.items()}})
    return network
