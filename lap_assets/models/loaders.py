"""Loads a model by its task and name: the device is checked first, then the weights, then the model is built."""

from pathlib import Path
from pkgutil import resolve_name
from typing import Any, Final

from lap_assets.core.errors import InputError, LapError, PluginError
from lap_assets.core.home import home_from_environment
from lap_assets.models.devices import chosen_device
from lap_assets.models.spec_types import ModelSpec, PackageWeights, ShippedFiles, Task, WeightFile
from lap_assets.models.specs import find_spec
from lap_assets.models.types import Target
from lap_assets.models.weights import weight_file

_WORDS: Final[dict[Task, str]] = {
    "embedder": "an embedder", "faces": "a face detector", "heads": "a head detector", "upscaler": "an upscaler",
}  # fmt: skip


def load(task: Task, name: str, weights: Path | None, device: str | None) -> Any:
    """The model. `weights`: the folder of weights, that of `LAP_HOME` where None; `device`: None takes the best.

    Raises:
        InputError: there is no such model; the message names those that there are.
        SettingsError: the device cannot be used.
        WeightsError: its file is missing, wrong or cut; the message names it and the command that fetches it.
        PluginError: another package's model cannot be loaded.
    """
    try:
        spec = find_spec(task, name)
    except InputError as error:
        raise InputError(f"{name!r} is not {_WORDS[task]}; {error}") from None
    if spec is None:
        raise InputError(f"'none' is not {_WORDS[task]} that can be loaded")
    place = chosen_device(device) if spec.needs_torch else "cpu"
    path = _path(spec, home_from_environment().weights if weights is None else weights)
    return _loaded(spec, path, place)


def target_of(name: str) -> Target:
    """What a detector of that name finds: faces, unless it finds heads alone."""
    for target in ("faces", "heads"):
        try:
            if find_spec(target, name):
                return target
        except InputError:
            continue
    return "faces"


def _path(spec: ModelSpec, folder: Path) -> Path:
    """What the model's loader is called with."""
    match spec.weights:
        case WeightFile() as entry:
            return weight_file(entry, folder)
        case ShippedFiles(paths):
            return paths[0]
        case PackageWeights(file):
            return folder / file
        case None:
            return folder


def _loaded(spec: ModelSpec, path: Path, device: str) -> Any:
    if not spec.origin:
        return _loader(spec)(path, device)
    try:
        return _loader(spec)(path, device)
    except LapError:
        raise
    except Exception as error:  # another package's code: it may raise anything
        said = " ".join(str(error).split())
        raise PluginError(
            f"model {spec.name!r} cannot be loaded ({type(error).__name__}: {said}); it comes from {spec.origin}"
        ) from error


def _loader(spec: ModelSpec) -> Any:
    return resolve_name(spec.loader) if isinstance(spec.loader, str) else spec.loader
