"""lap-tiny's embedder: a small network for near-duplicates, shipped beside this file; MODEL_CARD.md has its scores."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lap_assets.core.errors import WeightsError
from lap_assets.models.embedders.running import Levels
from lap_assets.models.embedders.squeezed import SqueezedEmbedder
from lap_assets.models.state_dicts import check_state, load_checkpoint

if TYPE_CHECKING:
    from lap_assets.models.tiny.network import TinyEmbedding

LEVELS: Final = Levels((127.5, 127.5, 127.5), (127.5, 127.5, 127.5))


def load(file: Path, device: str) -> SqueezedEmbedder:
    """Load the shipped embedder, or one that `lap train embedder` wrote.

    Raises:
        WeightsError: the file is missing, truncated, or of another network.
    """
    return embedder_of(_read(file), device)


def embedder_of(embedding: "TinyEmbedding", device: str) -> SqueezedEmbedder:
    """Return the embedder of a trained network."""
    from lap_assets.models.tiny.network import SEEN

    return SqueezedEmbedder("lap-tiny", embedding, embedding.even.out_features, (SEEN, SEEN), LEVELS, device)


def _read(file: Path) -> "TinyEmbedding":
    from safetensors import SafetensorError, safe_open

    from lap_assets.models.compat import ready_torchvision

    ready_torchvision()
    from lap_assets.models.tiny.network import Shape, TinyEmbedding, TinyNetwork

    state = load_checkpoint(file)
    try:
        with safe_open(file, "pt") as opened:
            about = json.loads((opened.metadata() or {}).get("shape", "null"))
    except (SafetensorError, ValueError) as error:  # not a safetensors file, or not JSON
        raise WeightsError(f"{file} does not describe its network ({error}): it is not this model's file") from None
    match about:
        case {"widths": [int(), int(), int(), int()] as widths, "blocks": int(blocks), "heads": int(heads),
              "dimensions": int(dimensions)}:  # fmt: skip
            embedding = TinyEmbedding(TinyNetwork(Shape(tuple(widths), blocks, heads, dimensions)))
        case _:
            raise WeightsError(f"{file} does not describe its network: it is not this model's file")
    check_state(file, embedding, state)
    own = embedding.state_dict()
    embedding.load_state_dict({**own, **{key: value.to(own[key].dtype) for key, value in state.items()}})
    return embedding
