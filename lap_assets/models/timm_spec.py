"""The spec of any model of timm's, made when its name is looked up. Nothing heavy here."""

from pathlib import Path
from typing import Any

from lap_assets.models.spec_types import ModelSpec, PackageWeights


def timm_spec(name: str) -> ModelSpec:
    """An embedder. Its weights are timm's download, or a file that a person put there."""

    def load(file: Path, device: str) -> Any:
        from lap_assets.models.embedders import timm_models

        return timm_models.load(name, file, device)

    weights = PackageWeights(f"timm/{name}.safetensors", "timm")
    return ModelSpec(task="embedder", name=f"timm:{name}", loader=load, weights=weights, method=2)
