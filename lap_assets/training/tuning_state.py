"""Checkpoint of a training from people's labels: one safetensors file beside the result, replaced after each look.

It holds the network, the optimizer's moments, the weights of the best look, and all looks; nothing in it can run code.
A checkpoint from other labels, settings or another start is kept until the first look replaces it.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lap_assets.core.errors import WeightsError
from lap_assets.core.files import write_bytes
from lap_assets.models.tiny.trained import filled, note_of, plain_state, read_note
from lap_assets.training.examples import Example
from lap_assets.training.held_out import Parts
from lap_assets.training.looks import Look

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from lap_assets.models.darknet.module import Darknet

_KIND: Final = "lap-training 1"
_NETWORK, _BEST, _OPTIMIZER = "network.", "best.", "optimizer."


def fingerprint(parts: Parts, network: "nn.Module", plan: Any) -> str:
    """Return a digest of everything that determines the result: images, boxes, start network, plan (a dataclass)."""
    digest = sha256(json.dumps(asdict(plan), sort_keys=True).encode())
    for part in (parts.learned, parts.choosing):
        digest.update(b"part")
        for example in part:
            _add(digest, example)
    for key, value in sorted(plain_state(network).items()):
        digest.update(key.encode())
        digest.update(value.numpy().tobytes())
    return digest.hexdigest()


def _add(digest: Any, example: Example) -> None:
    for piece in (example.name.encode(), example.body, example.boxes.tobytes()):
        digest.update(len(piece).to_bytes(8, "little"))
        digest.update(piece)


class TuningState:
    """The checkpoint at a path for the training with a fingerprint. `note`: why an older one was not resumed."""

    def __init__(self, path: Path, training: str) -> None:
        self.path, self.note = path, ""
        self._training = training
        self._best: dict[str, Tensor] = {}
        self._best_step = -1

    def resume(self, network: "Darknet", optimizer: "torch.optim.Optimizer") -> list[Look]:
        """Load network and optimizer from the checkpoint; return the looks so far, empty for a new training."""
        if not self.path.exists():
            return []
        try:
            return self._resume(network, optimizer)
        except (WeightsError, ValueError, KeyError, TypeError) as error:
            self.note = f"{self.path} cannot be resumed ({error}): the training starts over"
            return []

    def _resume(self, network: "Darknet", optimizer: "torch.optim.Optimizer") -> list[Look]:
        from lap_assets.models.state_dicts import load_checkpoint

        note = read_note(self.path)
        if note.get("kind") != _KIND or note.get("training") != self._training:
            raise WeightsError("it is from other labels or settings")
        looks = [Look(**look) for look in note["looks"]]
        held = load_checkpoint(self.path)
        moments = _moments(held)
        own = optimizer.state_dict()
        best = _below(held, _BEST)
        filled(network, self.path, _below(held, _NETWORK))
        optimizer.load_state_dict({"state": moments, "param_groups": own["param_groups"]})
        self._best, self._best_step = best, int(note["best"])
        return looks

    def keep(self, network: "Darknet", optimizer: "torch.optim.Optimizer", looks: Sequence[Look]) -> None:
        """Write the checkpoint after a look; if it is the best look so far, remember its weights as the result."""
        from safetensors.torch import save

        best = max(looks, key=lambda look: (look.ap50, look.step))
        state = plain_state(network)
        if best.step == looks[-1].step:
            self._best, self._best_step = state, best.step
        held = {_NETWORK + key: value for key, value in state.items()}
        held |= {_BEST + key: value.clone() for key, value in self._best.items()}
        for number, moments in optimizer.state_dict()["state"].items():
            for name, value in moments.items():
                held[f"{_OPTIMIZER}{number}.{name}"] = value.detach().cpu().contiguous().clone()
        looks_so_far = [asdict(look) for look in looks]
        note = note_of(kind=_KIND, training=self._training, best=self._best_step, looks=looks_so_far)
        write_bytes(self.path, save(held, note))

    def restore_best(self, network: "Darknet") -> None:
        """Load the weights of the best look into the network."""
        filled(network, self.path, self._best)

    def remove(self) -> None:
        """Remove the checkpoint after the training."""
        self.path.unlink(missing_ok=True)


def _below(held: "dict[str, Tensor]", start: str) -> "dict[str, Tensor]":
    return {key.removeprefix(start): value for key, value in held.items() if key.startswith(start)}


def _moments(held: "dict[str, Tensor]") -> "dict[int, dict[str, Tensor]]":
    moments: dict[int, dict[str, Tensor]] = {}
    for key, value in _below(held, _OPTIMIZER).items():
        number, _, name = key.partition(".")
        moments.setdefault(int(number), {})[name] = value
    return moments
