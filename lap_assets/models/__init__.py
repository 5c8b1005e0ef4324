"""Models: weight files, embedders, detectors, the upscaler; each gives what the original gave. No tables, no Dagster.

torch, torchvision, timm and spandrel are imported inside the functions that use them.
"""

from pathlib import Path

from lap_assets.models.types import Detector, Embedder, Target, Upscaler


def load_embedder(name: str, *, weights: Path | None = None, device: str | None = None) -> Embedder:
    """The embedder of that name: "animesion-vit-l16", "sscd", "lap-tiny", or "timm:" and a timm model's name.

    `weights`: the folder of weight files (the settings' home's, where None); `device`: torch's name for it ("cuda"
    where there is one, else "cpu").

    Raises:
        ValueError: there is no such embedder.
        WeightsError: its file is missing, wrong or cut; the message names it and the command that fetches it.
    """
    from lap_assets.models.catalog import embedder

    return embedder(name, weights, device)


def load_detector(
    name: str, *, of: Target | None = None, weights: Path | None = None, device: str | None = None
) -> Detector:
    """The detector of that name: "hysts-faster-rcnn", "hysts-yolov3", "grapeot-yolov3" or "lap-tiny".

    `of` says what it shall find where a name offers both ("lap-tiny": faces, unless told otherwise).

    Raises:
        ValueError: there is no such detector, or it does not find that.
        WeightsError: as in `load_embedder`.
    """
    from lap_assets.models.catalog import detector

    return detector(name, of, weights, device)


def load_upscaler(name: str, *, weights: Path | None = None, device: str | None = None) -> Upscaler:
    """The upscaler of that name: "realesrgan-anime-6b" or "lanczos".

    Raises:
        ValueError: there is no such upscaler.
        WeightsError: as in `load_embedder`.
    """
    from lap_assets.models.catalog import upscaler

    return upscaler(name, weights, device)
