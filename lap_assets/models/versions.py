"""Which models there are, and a short text for each that changes when what it says may change. Nothing heavy here."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from re import fullmatch
from typing import Final, Literal

from lap_assets.core.files import sha256_of
from lap_assets.models.registry import registered
from lap_assets.models.weights import current_sha256, recorded_sha256

Kind = Literal["embedder", "faces", "heads", "upscaler"]
NONE: Final = "none"
TIMM: Final = "timm:"
_TINY: Final = Path(__file__).parent / "tiny"
_TIMM_METHOD: Final = 1
_DIGITS: Final = 12  # of a sha256


@dataclass(frozen=True, slots=True)
class _Model:
    """`method`: raised whenever our own code makes other numbers of the same weights."""

    method: int
    needs: Literal["weights", "shipped", "nothing"] = "weights"
    shipped: tuple[str, ...] = ()


_MODELS: Final[Mapping[Kind, Mapping[str, _Model]]] = {
    "embedder": {
        "animesion-vit-l16": _Model(1),
        "sscd": _Model(1),
        "lap-tiny": _Model(1, "shipped", ("embedder.safetensors",)),
    },
    "faces": {
        "hysts-faster-rcnn": _Model(1),
        "hysts-yolov3": _Model(1),
        "lap-tiny": _Model(1, "shipped", ("faces.cfg", "faces.safetensors")),
    },
    "heads": {
        "grapeot-yolov3": _Model(1),
        "lap-tiny": _Model(1, "shipped", ("heads.cfg", "heads.safetensors")),
    },
    "upscaler": {
        "realesrgan-anime-6b": _Model(1),
        "lanczos": _Model(1, "nothing"),
    },
}


def known_names(kind: Kind) -> list[str]:
    """The names of that kind, "none" last; for embedders also "timm:NAME", which stands for any of timm's."""
    return [*_MODELS[kind], *(["timm:NAME"] if kind == "embedder" else []), NONE]


def check_name(kind: Kind, name: str) -> None:
    """Refuses what is no model of that kind.

    Raises:
        ValueError: one line with the names that there are.
    """
    if name == NONE or name in _MODELS[kind] or (kind == "embedder" and timm_name(name)):
        return
    *names, last = known_names(kind)
    raise ValueError(f"takes {', '.join(names)} or {last}")


def timm_name(name: str) -> str | None:
    """What timm calls the model that "timm:NAME" means; None for any other name."""
    found = fullmatch(rf"{TIMM}([A-Za-z0-9][A-Za-z0-9_.-]*)", name)
    return found[1] if found else None


def timm_file(name: str) -> str:
    """Where the weights of timm's model lie below the folder of weights, if a person put them there."""
    return f"timm/{name}.safetensors"


def weights_needed(kind: Kind, name: str) -> str | None:
    """The key of the registered file that a model needs; None where it needs none."""
    model = _MODELS[kind].get(name)
    return name if model is not None and model.needs == "weights" else None


def model_version(kind: Kind, name: str, weights_folder: Path) -> str:
    """Changes exactly when the model, its weights, or what we do with it changes; "none" for none.

    Weights without a published sha256 count by the recorded one; "unrecorded" while there is no file.

    Raises:
        ValueError: there is no such model.
        WeightsError: the record of the folder cannot be read.
    """
    check_name(kind, name)
    if name == NONE:
        return NONE
    if timm := timm_name(name):
        found = current_sha256(timm_file(timm), weights_folder)
        return _joined(name, _TIMM_METHOD, found[:_DIGITS] if found else f"timm-{version('timm')}")
    model = _MODELS[kind][name]
    if model.needs == "nothing":
        return _joined(name, model.method)
    if model.needs == "shipped":
        return _joined(name, model.method, _shipped(model.shipped))
    entry = registered(name)
    found = entry.sha256 or recorded_sha256(entry.file, weights_folder)
    return _joined(name, model.method, found[:_DIGITS] if found else "unrecorded")


def _joined(name: str, method: int, *weights: str) -> str:
    return " ".join((name, f"v{method}", *weights))


@cache
def _shipped(files: tuple[str, ...]) -> str:
    """The digests of files in the package, read once a process."""
    return "+".join(sha256_of(_TINY / file)[:_DIGITS] if (_TINY / file).is_file() else "absent" for file in files)
