"""Names to models: which class, which file. What each of them does is in its own file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from lap_assets.models.devices import chosen_device
from lap_assets.models.types import Detector, Embedder, Target, Upscaler
from lap_assets.models.versions import NONE, Kind, check_name, timm_name
from lap_assets.models.weights import weight_file

_TINY: Final = "lap-tiny"


def embedder(name: str, weights: Path | None, device: str | None) -> Embedder:
    """As `load_embedder` says."""
    _check("embedder", name)
    place = chosen_device(device)
    if timm := timm_name(name):
        from lap_assets.models.embedders import timm_models

        return timm_models.load(timm, _folder(weights), place)
    return _EMBEDDERS[name](weights, place)


def detector(name: str, of: Target | None, weights: Path | None, device: str | None) -> Detector:
    """As `load_detector` says."""
    targets = [target for target in ("faces", "heads") if (target, name) in _DETECTORS]
    target: Target = of or ("heads" if targets == ["heads"] else "faces")
    _check(target, name)
    return _DETECTORS[target, name](weights, chosen_device(device))


def upscaler(name: str, weights: Path | None, device: str | None) -> Upscaler:
    """As `load_upscaler` says."""
    _check("upscaler", name)
    return _UPSCALERS[name](weights, chosen_device(device))


def _check(kind: Kind, name: str) -> None:
    try:
        check_name(kind, name)
    except ValueError as error:
        raise ValueError(f"{name!r} is no {_WORDS[kind]}: it {error}") from None
    if name == NONE:
        raise ValueError(f"'none' is no {_WORDS[kind]} that can be loaded")


def _folder(weights: Path | None) -> Path:
    if weights is not None:
        return weights
    from lap_assets.core.home import Home
    from lap_assets.settings import Settings

    return Home(Settings.load().home.absolute()).weights


def _animesion(weights: Path | None, device: str) -> Embedder:
    from lap_assets.models.embedders import animesion

    return animesion.load(weight_file(animesion.NAME, _folder(weights)), device)


def _sscd(weights: Path | None, device: str) -> Embedder:
    from lap_assets.models.embedders.sscd import Sscd

    return Sscd.load(weight_file(Sscd.name, _folder(weights)), device)


def _tiny_embedder(_: Path | None, device: str) -> Embedder:
    from lap_assets.models.tiny.embedder import load

    return load(device)


def _faster_rcnn(weights: Path | None, device: str) -> Detector:
    from lap_assets.models.detectors.faster_rcnn import FasterRcnn

    return FasterRcnn.load(weight_file(FasterRcnn.name, _folder(weights)), device)


def _hysts_yolo(weights: Path | None, device: str) -> Detector:
    from lap_assets.models.detectors.yolo import HystsYolo

    return HystsYolo.load(weight_file(HystsYolo.name, _folder(weights)), device)


def _grapeot_yolo(weights: Path | None, device: str) -> Detector:
    from lap_assets.models.detectors.yolo import GrapeotYolo

    return GrapeotYolo.load(weight_file(GrapeotYolo.name, _folder(weights)), device)


def _tiny_faces(_: Path | None, device: str) -> Detector:
    from lap_assets.models.tiny.detector import TinyDetector

    return TinyDetector.load("faces", device)


def _tiny_heads(_: Path | None, device: str) -> Detector:
    from lap_assets.models.tiny.detector import TinyDetector

    return TinyDetector.load("heads", device)


def _real_esrgan(weights: Path | None, device: str) -> Upscaler:
    from lap_assets.models.upscalers.real_esrgan import RealEsrgan

    return RealEsrgan.load(weight_file(RealEsrgan.name, _folder(weights)), device)


def _lanczos(_: Path | None, __: str) -> Upscaler:
    from lap_assets.models.upscalers.lanczos import Lanczos

    return Lanczos()


_WORDS: Final[Mapping[Kind, str]] = {
    "embedder": "embedder", "faces": "detector of faces", "heads": "detector of heads", "upscaler": "upscaler",
}  # fmt: skip
_EMBEDDERS: Final[Mapping[str, Callable[[Path | None, str], Embedder]]] = {
    "animesion-vit-l16": _animesion,
    "sscd": _sscd,
    _TINY: _tiny_embedder,
}
_DETECTORS: Final[Mapping[tuple[str, str], Callable[[Path | None, str], Detector]]] = {
    ("faces", "hysts-faster-rcnn"): _faster_rcnn,
    ("faces", "hysts-yolov3"): _hysts_yolo,
    ("faces", _TINY): _tiny_faces,
    ("heads", "grapeot-yolov3"): _grapeot_yolo,
    ("heads", _TINY): _tiny_heads,
}
_UPSCALERS: Final[Mapping[str, Callable[[Path | None, str], Upscaler]]] = {
    "realesrgan-anime-6b": _real_esrgan,
    "lanczos": _lanczos,
}
