"""Whitening of the embedder's vectors after training: the weights of lap-tiny's last, fixed layer.

Principal axes with large variance are shortened, the others lengthened (Jégou and Chum 2012), by a power between none
and full whitening. It is fitted on the training pictures, so it needs no others.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

from lap_assets.core.progress import Progress
from lap_assets.models.tiny.embedder import LEVELS
from lap_assets.training.bank import opened_bank

if TYPE_CHECKING:
    from torch import Tensor

    from lap_assets.models.tiny.network import TinyEmbedding

_PICTURES: Final = 2048
_POWER: Final = 0.7  # 0 keeps the axes, 1 makes all equally long
_LEAST: Final = 1e-5  # lower limit of an axis's variance
_AT_A_TIME: Final = 64


def even_out(embedding: "TinyEmbedding", bank: Path, progress: Progress) -> None:
    """Set the last layer of `embedding` from evenly spaced pictures of the file `bank`."""
    import torch

    pictures = opened_bank(bank)
    rows = np.linspace(0, len(pictures) - 1, min(_PICTURES, len(pictures))).astype(int)
    found: list[Tensor] = []
    with torch.inference_mode(), progress.task("evening out", len(rows)) as advance:
        for start in range(0, len(rows), _AT_A_TIME):
            some = rows[start : start + _AT_A_TIME]
            found.append(embedding.of_views(_seen(pictures[some])))
            advance(len(some))
    weight, bias = whitening(torch.cat(found), _POWER)
    embedding.even.load_state_dict({"weight": weight, "bias": bias})


def whitening(vectors: "Tensor", power: float) -> "tuple[Tensor, Tensor]":
    """Return weight (d, d) and bias (d) of the layer that whitens vectors like these (n, d) along their own axes."""
    import torch

    middle = vectors.double().mean(dim=0)
    spread, axes = torch.linalg.eigh(torch.cov((vectors.double() - middle).T))
    weight = (axes * spread.clamp(min=_LEAST) ** (-power / 2)).T
    scale = weight.norm(dim=1).max()  # the longest row gets length 1, within the range of half precision
    return (weight / scale).float(), (-(weight @ middle) / scale).float()


def _seen(pictures: "np.ndarray[Any, np.dtype[np.uint8]]") -> "Tensor":
    import torch

    from lap_assets.models.tiny.network import SEEN

    squares = [np.asarray(Image.fromarray(one).resize((SEEN, SEEN), Image.Resampling.BILINEAR)) for one in pictures]
    levels = torch.from_numpy(np.stack(squares)).permute(0, 3, 1, 2).float()
    return (levels - LEVELS.mean[0]) / LEVELS.deviation[0]
