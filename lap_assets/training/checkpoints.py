"""Checkpoints: everything needed to resume a training, in one file that is replaced atomically."""

from pathlib import Path
from typing import Any

from lap_assets.core.files import replacing


def resumed(checkpoint: Path, state: dict[str, Any]) -> int:
    """Load networks and optimizer from the file, if it exists; return the step to resume at."""
    import torch

    if not checkpoint.exists():
        return 0
    kept = torch.load(checkpoint, weights_only=True, map_location="cpu")
    for name, holder in state.items():
        holder.load_state_dict(kept[name])
    return int(kept["step"])


def save(checkpoint: Path, state: dict[str, Any], step: int, loss: float) -> None:
    """Write networks and optimizer after `step` steps; `loss`: of the last step."""
    import torch

    with replacing(checkpoint) as beside:
        held = {name: holder.state_dict() for name, holder in state.items()}
        torch.save({**held, "step": step, "loss": loss}, beside)
