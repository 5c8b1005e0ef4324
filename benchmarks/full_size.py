"""Every model at full size: with its weights if available, else with random weights, which take as long.

deepghs' networks are defined only by their files, so they are measured with those alone, like any `onnx:FILE`. hysts'
files from the hub hold the same networks as the old ones.

Building models to measure belongs here. With random weights, their results mean nothing.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from lap_assets.core.errors import NotReady, WeightsError
from lap_assets.models import load_detector, load_embedder, load_upscaler
from lap_assets.models.onnx.yolo import is_onnx_name
from lap_assets.models.types import Detector, Embedder, Upscaler

Model = Embedder | Detector | Upscaler
NAMES: Final = (
    "animesion-vit-l16", "sscd", "lap-tiny", "hysts-faster-rcnn", "hysts-yolov3", "lap-tiny faces", "grapeot-yolov3",
    "lap-tiny heads", "deepghs-face-v1.4-s", "deepghs-face-v1.4-n", "deepghs-head-v2.0-s", "realesrgan-anime-6b",
)  # fmt: skip


def full_size(name: str, weights: Path, device: str) -> tuple[Model | None, str]:
    """Return a model (of `NAMES`, or `onnx:FILE`) and a note if its weights are random; None and why if unavailable."""
    try:
        return _with_weights(name, weights, device), ""
    except WeightsError as error:
        return (_RANDOM[name](device), "random weights") if name in _RANDOM else (None, str(error))
    except NotReady as error:
        return None, str(error)


def _with_weights(name: str, weights: Path, device: str) -> Model:
    if name == "realesrgan-anime-6b":
        return load_upscaler(name, weights=weights, device=device)
    if name in ("animesion-vit-l16", "sscd", "lap-tiny"):
        return load_embedder(name, weights=weights, device=device)
    if is_onnx_name(name):
        return load_detector(name, weights=weights, device=device)
    plain, _, target = name.partition(" ")
    return load_detector(plain, of="heads" if target == "heads" else None, weights=weights, device=device)


def _animesion(device: str) -> Model:
    from lap_assets.models.compat import ready_torchvision
    from lap_assets.models.embedders.animesion import LEVELS, NAME
    from lap_assets.models.embedders.squeezed import SqueezedEmbedder

    ready_torchvision()
    from timm.models.vision_transformer import VisionTransformer

    network = VisionTransformer(img_size=128, embed_dim=1024, depth=24, num_heads=16, num_classes=0)
    return SqueezedEmbedder(NAME, network, 1024, (128, 128), LEVELS, device)


def _sscd(device: str) -> Model:
    from lap_assets.models.embedders.sscd import Sscd, sscd_network

    return Sscd(sscd_network(512), 512, device)


def _faster_rcnn(device: str) -> Model:
    from lap_assets.models.detectors.faster_rcnn import FasterRcnn, rcnn_network

    return FasterRcnn(_randomly(rcnn_network()), device)


def _hysts_yolo(device: str) -> Model:
    from lap_assets.models.detectors.yolo import HystsYolo, yolov3_network

    return HystsYolo(_randomly(yolov3_network(608)), device)


def _grapeot_yolo(device: str) -> Model:
    from lap_assets.models.detectors.yolo import GrapeotYolo, yolov3_network

    return GrapeotYolo(_randomly(yolov3_network(512)), device)


def _real_esrgan(device: str) -> Model:
    import torch

    from lap_assets.models.compat import ready_torchvision
    from lap_assets.models.upscalers.real_esrgan import RealEsrgan, file_shapes

    ready_torchvision()
    from spandrel.architectures.ESRGAN import ESRGANArch  # type: ignore[import-untyped]

    state = {key: torch.randn(shape) * 0.02 for key, shape in file_shapes(64, 6).items()}
    return RealEsrgan(ESRGANArch().load(state).model, device)


def _randomly(network: Any) -> Any:
    """Fill an empty network: neutral norms, small random weights, so that few boxes pass any threshold."""
    import torch

    filled = network.to_empty(device="cpu")
    for key, value in filled.state_dict().items():
        neutral = 1.0 if key.endswith("running_var") or (value.ndim == 1 and key.endswith("weight")) else 0.0
        with torch.no_grad():
            if value.ndim > 1:
                value.normal_(0, (1 / value[0].numel()) ** 0.5)  # sums of residuals must not overflow
            else:
                value.fill_(neutral)
    return filled


_RANDOM: Final[Mapping[str, Callable[[str], Model]]] = {
    "animesion-vit-l16": _animesion, "sscd": _sscd, "hysts-faster-rcnn": _faster_rcnn, "hysts-yolov3": _hysts_yolo,
    "grapeot-yolov3": _grapeot_yolo, "realesrgan-anime-6b": _real_esrgan,
}  # fmt: skip
