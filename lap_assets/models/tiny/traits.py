"""Features of crops from the trait network: hair, clothes, eyes and others; MODEL_CARD.md has its scores.

Belongs here: the network's file, and features of crops. The network is in `trait_network`, its training in
`training.trait_training`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.errors import WeightsError
from lap_assets.core.reading import open_regular
from lap_assets.models.tiny.crop_features import Crop
from lap_assets.models.tiny.trained import read_note

if TYPE_CHECKING:
    from lap_assets.models.tiny.trait_network import TraitNetwork

SHIPPED: Final = Path(__file__).with_name("traits.safetensors")
KIND: Final = "lap-traits 1"
_AT_ONCE: Final = 32  # crops


@dataclass(frozen=True, slots=True)
class TraitFile:
    """The note in a trait network's file. `traits`: the names of each trait's values; `digest`: of the file's bytes.

    A classifier that was learned on another network is recognized by the digest.
    """

    dimensions: int
    traits: Mapping[str, tuple[str, ...]]
    digest: str

    @property
    def blocks(self) -> tuple[tuple[str, int], ...]:
        """The groups of numbers in `TraitReader.numbers`, in order: name and length.

        Each trait occurs twice: the logarithms of its values' probabilities, then the probabilities.
        """
        counts = tuple((name, len(values)) for name, values in self.traits.items())
        return (("vector", self.dimensions), *counts, *counts)


class TraitReader:
    """Runs a trait network on crops, on the CPU."""

    def __init__(self, network: "TraitNetwork") -> None:
        self._network = network.eval()

    def numbers(self, crops: Sequence[Crop]) -> NDArray[np.float32]:
        """Return the features of each crop, as described by `TraitFile.blocks`; shape (n, features)."""
        import torch

        from lap_assets.models.tiny.trait_network import SEEN, as_crops

        found: list[NDArray[np.float32]] = []
        for start in range(0, len(crops), _AT_ONCE):
            small = np.stack([_resized(crop, SEEN) for crop in crops[start : start + _AT_ONCE]])
            with torch.inference_mode():
                vectors, scores = self._network(as_crops(torch.from_numpy(small)))
                likely = [one.log_softmax(dim=1) for one in self._network.by_trait(scores)]
                found.append(torch.cat((vectors, *likely, *(one.exp() for one in likely)), dim=1).numpy())
        return np.concatenate(found)


def _resized(crop: Crop, side: int) -> Crop:
    return np.asarray(Image.fromarray(crop).resize((side, side), Image.Resampling.BILINEAR))


@lru_cache(maxsize=2)
def read_trait_file(path: Path = SHIPPED) -> TraitFile:
    """Return the note in a file, without torch.

    Raises:
        WeightsError: it cannot be read, or is not a file of a trait network.
    """
    match read_note(path):
        case {"kind": "lap-traits 1", "dimensions": int(dimensions), "traits": list() as traits} if dimensions > 0:
            named = dict(_named(traits))
            if len(named) == len(traits) > 0:
                with open_regular(path) as opened:
                    return TraitFile(dimensions, named, sha256(opened.read()).hexdigest()[:16])
    raise WeightsError(f"{path} is not a trait network that `lap train traits` wrote")


def _named(traits: list[object]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for trait in traits:
        match trait:
            case [str(name), [_, *_] as values]:
                texts = tuple(value for value in values if isinstance(value, str))
                if len(texts) == len(values):
                    yield name, texts


@lru_cache(maxsize=2)
def load_traits(path: Path = SHIPPED) -> TraitReader:
    """Return the reader of a file, the shipped one or one that `lap train traits` wrote.

    Raises:
        WeightsError: the file is missing, cut, or does not hold this network.
    """
    from lap_assets.models.state_dicts import check_state, load_checkpoint
    from lap_assets.models.tiny.trait_network import TraitNetwork, TraitShape

    described = read_trait_file(path)
    network = TraitNetwork(TraitShape(described.dimensions, tuple(len(one) for one in described.traits.values())))
    state, own = load_checkpoint(path), network.state_dict()
    check_state(path, network, state)
    network.load_state_dict({**own, **{key: value.to(own[key].dtype) for key, value in state.items()}})
    return TraitReader(network)
