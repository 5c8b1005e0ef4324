"""The spec of any timm model, created when its name is looked up. No heavy imports here."""

from pathlib import Path
from typing import Any

from lap_assets.models.spec_types import ModelSpec, PackageWeights


def timm_spec(name: str) -> ModelSpec:
    """Return an embedder's spec. Its weights are downloaded by timm, or are a file that a person saved."""

    def load(file: Path, device: str) -> Any:
        from lap_assets.models.embedders import timm_models

        return timm_models.load(name, file, device)

    weights = PackageWeights(f"timm/{name}.safetensors", "timm")
    return ModelSpec(task="embedder", name=f"timm:{name}", loader=load, weights=weights, method=2)
