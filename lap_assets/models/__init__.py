"""Models: weight files, embedders, detectors, upscalers; each returns what the original did. No Dagster.

torch, torchvision, timm and spandrel are imported inside the functions that use them. Other packages add models: see
`ModelSpec` and `plugins`.
"""

from pathlib import Path

from lap_assets.models.spec_types import ModelSpec, PackageWeights, ShippedFiles, WeightFile
from lap_assets.models.types import Boxes, Detector, Embedder, Target, Upscaler, Vector

__all__ = [
    "Boxes", "Detector", "Embedder", "ModelSpec", "PackageWeights", "ShippedFiles", "Target", "Upscaler", "Vector",
    "WeightFile", "load_detector", "load_embedder", "load_upscaler",
]  # fmt: skip


def load_embedder(name: str, *, weights: Path | None = None, device: str | None = None) -> Embedder:
    """The embedder of that name: "animesion-vit-l16", "sscd", "lap-tiny", or "timm:" and a timm model's name.

    `weights`: the folder of weight files (that of `LAP_HOME`, where None); `device`: torch's name for it ("cuda"
    where there is one, else "cpu").

    Raises:
        InputError: there is no such embedder.
        SettingsError: the device cannot be used.
        WeightsError: its file is missing, wrong or cut; the message names it and the command that fetches it.
        PluginError: it comes from another package, and cannot be loaded.
    """
    from lap_assets.models.loaders import load

    embedder: Embedder = load("embedder", name, weights, device)
    return embedder


def load_detector(
    name: str, *, of: Target | None = None, weights: Path | None = None, device: str | None = None
) -> Detector:
    """The detector of that name: "hysts-faster-rcnn", "hysts-yolov3", "grapeot-yolov3", "lap-tiny", …; that of a file
    which `lap train` wrote, by its path; or any YOLO in an ONNX file, as "onnx:FILE".

    `of`: what it finds, where a name offers both ("lap-tiny": faces by default).

    Raises:
        InputError: there is no such detector, or it does not find that.
        SettingsError, WeightsError, PluginError: as in `load_embedder`.
        NotReady: it is in an ONNX file, and there is no onnxruntime.
    """
    from lap_assets.models.loaders import load, target_of

    detector: Detector = load(of or target_of(name), name, weights, device)
    return detector


def load_upscaler(name: str, *, weights: Path | None = None, device: str | None = None) -> Upscaler:
    """The upscaler of that name: "realesrgan-anime-6b" or "lanczos".

    Raises:
        InputError: there is no such upscaler.
        SettingsError, WeightsError, PluginError: as in `load_embedder`.
    """
    from lap_assets.models.loaders import load

    upscaler: Upscaler = load("upscaler", name, weights, device)
    return upscaler
