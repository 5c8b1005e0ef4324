"""Any timm model as an embedder, "timm:" and its name: without the classifier, on uncropped pictures."""

import logging
from pathlib import Path
from typing import Any, Final

from PIL import Image

from lap_assets.core.errors import InputError, WeightsError
from lap_assets.models.embedders.running import Levels
from lap_assets.models.embedders.squeezed import SqueezedEmbedder

_RESAMPLING: Final = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
    "nearest": Image.Resampling.NEAREST,
}


def load(name: str, file: Path, device: str) -> SqueezedEmbedder:
    """Load timm's model `name`, with the mean, deviation, size and resampling that timm lists for it.

    Its weights come from `file` if it exists, else from timm's own download. The picture is squeezed to the size,
    although timm would crop it, because the edges of a poster matter for finding copies.

    Raises:
        InputError: timm has no model of that name.
        WeightsError: the weights cannot be downloaded or do not fit; the message says where to save them.
    """
    from lap_assets.models.compat import ready_torchvision

    ready_torchvision()
    import timm
    from timm.data.config import resolve_model_data_config

    if not timm.is_model(name):
        near = timm.list_models(f"*{name.partition('.')[0]}*")[:3]
        raise InputError(
            f"timm {timm.__version__} has no model {name!r}" + (f"; similar names: {', '.join(near)}" if near else "")
        )
    network = _network(name, file)
    config = resolve_model_data_config(network)  # type: ignore[no-untyped-call]
    _, high, wide = config["input_size"]
    return SqueezedEmbedder(
        f"timm:{name}", network, network.num_features, (wide, high),
        Levels.of_unit(config["mean"], config["std"]), device,
        _RESAMPLING.get(config["interpolation"], Image.Resampling.BICUBIC),
    )  # fmt: skip


def _network(name: str, file: Path) -> Any:
    import timm

    own: dict[str, Any] = {"pretrained_cfg_overlay": {"file": str(file)}} if file.is_file() else {}
    logging.getLogger("timm").setLevel(logging.ERROR)
    try:
        return timm.create_model(name, pretrained=True, num_classes=0, **own)
    except Exception as error:  # timm, its hub and the network each raise their own exceptions
        reason = " ".join(str(error).split())[:160]
        if own:
            raise WeightsError(f"{file} does not have the weights of timm's {name} ({reason})") from None
        raise WeightsError(
            f"the weights of timm's {name} cannot be downloaded ({reason}); save them as {file} yourself, or connect"
            " to the internet"
        ) from None
