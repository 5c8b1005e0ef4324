"""Loading a model by its task and name: the device is checked first, then the weights, then the model is built."""

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

_TITLES: Final[dict[Task, str]] = {
    "embedder": "an embedder", "faces": "a face detector", "heads": "a head detector", "upscaler": "an upscaler",
}  # fmt: skip


def load(task: Task, name: str, weights: Path | None, device: str | None) -> Any:
    """Load a model. `weights`: the folder of weights (default: the one in `LAP_HOME`); `device`: default: the best.

    Raises:
        InputError: there is no such model; the message lists the known names.
        SettingsError: the device cannot be used.
        WeightsError: its file is missing, wrong or truncated; the message names it and the command that fetches it.
        PluginError: another package's model cannot be loaded.
    """
    try:
        spec = find_spec(task, name)
    except InputError as error:
        raise InputError(f"{name!r} is not {_TITLES[task]}; {error}") from None
    if spec is None:
        raise InputError(f"'none' is not {_TITLES[task]} that can be loaded")
    checked_device = chosen_device(device) if spec.needs_torch else "cpu"
    path = _path(spec, home_from_environment().weights if weights is None else weights)
    return _loaded(spec, path, checked_device)


def target_of(name: str) -> Target:
    """Return the target of a detector: faces, unless it only finds heads."""
    for target in ("faces", "heads"):
        try:
            if find_spec(target, name):
                return target
        except InputError:
            continue
    return "faces"


def _path(spec: ModelSpec, folder: Path) -> Path:
    """Return the path for the model's loader."""
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
        reason = " ".join(str(error).split())
        raise PluginError(
            f"model {spec.name!r} cannot be loaded ({type(error).__name__}: {reason}); it comes from {spec.origin}"
        ) from error


def _loader(spec: ModelSpec) -> Any:
    return resolve_name(spec.loader) if isinstance(spec.loader, str) else spec.loader
