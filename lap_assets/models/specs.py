"""Looking up a model's name: among LAP's own (`spec_table`), those of other packages (`plugins`), or as a file."""

from collections.abc import Mapping
from re import fullmatch
from typing import Final

from lap_assets.core.errors import InputError, SettingsError
from lap_assets.models.onnx.yolo import is_onnx_name, onnx_spec
from lap_assets.models.plugins import plugin_specs
from lap_assets.models.spec_table import SPECS
from lap_assets.models.spec_types import NONE, Choices, ModelSpec, Task, chosen_names, variable
from lap_assets.models.timm_spec import timm_spec
from lap_assets.models.tiny.trained import file_spec, is_file_name

_PATTERNS: Final[Mapping[Task, tuple[str, ...]]] = {
    "embedder": ("timm:NAME",), "faces": ("onnx:FILE",), "heads": ("onnx:FILE",),
}  # fmt: skip
_TAKEN: Final = frozenset((spec.task, spec.name) for spec in SPECS)


def find_spec(task: Task, name: str) -> ModelSpec | None:
    """Return the model of a name, a detector file (`….safetensors`, written by `lap train`), or an ONNX file
    (`onnx:FILE`); None for "none".

    Raises:
        InputError: there is no such model; the message lists the known names.
        PluginError: another package's entry point is invalid.
    """
    if name == NONE:
        return None
    if task == "embedder" and (timm := fullmatch(r"timm:([A-Za-z0-9][A-Za-z0-9_.-]*)", name)):
        return timm_spec(timm[1])
    if task in ("faces", "heads") and is_onnx_name(name):
        return onnx_spec(task, name)
    if is_file_name(name):
        return file_spec(task, name)
    for spec in SPECS if (task, name) in _TAKEN else plugin_specs(_TAKEN):
        if (spec.task, spec.name) == (task, name):
            return spec
    raise InputError(f"expected one of: {', '.join(model_names(task))}")


def all_specs() -> tuple[ModelSpec, ...]:
    """Return LAP's own models, then those of other packages."""
    return (*SPECS, *plugin_specs(_TAKEN))


def model_names(task: Task) -> list[str]:
    """Return the names for that task, with "timm:NAME" for timm's models, "onnx:FILE" for YOLOs, and "none" last."""
    names = [spec.name for spec in all_specs() if spec.task == task]
    return [*names, *_PATTERNS.get(task, ()), NONE]


def check_choice(task: Task, name: str) -> None:
    """Check that a setting names an existing model.

    Raises:
        SettingsError: it does not; the message has the variable and the known names.
        PluginError: another package's entry point is invalid.
    """
    try:
        find_spec(task, name)
    except InputError as error:
        raise SettingsError(f"{variable(task)}={name!r}: {error}") from None


def check_choices(choices: Choices) -> None:
    """Run `check_choice` for each task."""
    for task, name in chosen_names(choices).items():
        check_choice(task, name)
