"""Models: weight files, embedders, detectors, upscalers, with the same results as the original programs. No Dagster.

torch, torchvision, timm and spandrel are imported inside the functions that use them. Other packages can add models:
see `ModelSpec` and `plugins`.
"""

from pathlib import Path

from lap_assets.models.spec_types import ModelSpec, PackageWeights, ShippedFiles, WeightFile
from lap_assets.models.types import Boxes, Detector, Embedder, Target, Upscaler, Vector

__all__ = [
    "Boxes", "Detector", "Embedder", "ModelSpec", "PackageWeights", "ShippedFiles", "Target", "Upscaler", "Vector",
    "WeightFile", "load_detector", "load_embedder", "load_upscaler",
]  # fmt: skip


def load_embedder(name: str, *, weights: Path | None = None, device: str | None = None) -> Embedder:
    """Load an embedder: "animesion-vit-l16", "sscd", "lap-tiny", or "timm:" and the name of a timm model.

    `weights`: the folder of weight files (default: the one in `LAP_HOME`); `device`: torch's name of the device
    (default: "cuda" if available, else "cpu").

    Raises:
        InputError: there is no such embedder.
        SettingsError: the device cannot be used.
        WeightsError: its file is missing, wrong or truncated; the message names it and the command that fetches it.
        PluginError: it comes from another package and cannot be loaded.
    """
    from lap_assets.models.loaders import load

    embedder: Embedder = load("embedder", name, weights, device)
    return embedder


def load_detector(
    name: str, *, of: Target | None = None, weights: Path | None = None, device: str | None = None
) -> Detector:
    """Load a detector: "hysts-faster-rcnn", "hysts-yolov3", "grapeot-yolov3", "lap-tiny", …; the path of a file that
    `lap train` wrote; or "onnx:FILE" for a YOLO in an ONNX file.

    `of`: the target, for names with both ("lap-tiny": faces by default).

    Raises:
        InputError: there is no such detector, or it has another target.
        SettingsError, WeightsError, PluginError: as in `load_embedder`.
        NotReady: it is in an ONNX file, and onnxruntime is not installed.
    """
    from lap_assets.models.loaders import load, target_of

    detector: Detector = load(of or target_of(name), name, weights, device)
    return detector


def load_upscaler(name: str, *, weights: Path | None = None, device: str | None = None) -> Upscaler:
    """Load an upscaler: "realesrgan-anime-6b" or "lanczos".

    Raises:
        InputError: there is no such upscaler.
        SettingsError, WeightsError, PluginError: as in `load_embedder`.
    """
    from lap_assets.models.loaders import load

    upscaler: Upscaler = load("upscaler", name, weights, device)
    return upscaler
