"""Checking whether the chosen models could be loaded: weights, PyTorch, onnxruntime, the device.

No model is loaded, and no file is read completely.
"""

from collections.abc import Collection, Iterator, Sequence
from importlib.util import find_spec as find_module
from pathlib import Path

from lap_assets.core.errors import SettingsError
from lap_assets.models.devices import chosen_device
from lap_assets.models.spec_types import Choices, ModelSpec, ShippedFiles, Task, WeightFile, chosen_names, variable
from lap_assets.models.specs import find_spec
from lap_assets.models.weights import weights_state


def model_problems(choices: Choices, tasks: Collection[Task], folder: Path, device: str | None) -> list[str]:
    """Return a line for each missing requirement of the models of these tasks, with what to do.

    `folder`: of weights. `device`: as in the settings; None: the best.
    """
    chosen = [
        (f"{variable(task)}={spec.name}", f"{variable(task)}=none continues without it", spec)
        for task, name in chosen_names(choices).items()
        if task in tasks and (spec := find_spec(task, name)) is not None
    ]
    return spec_problems(chosen, folder, device)


def spec_problems(chosen: Sequence[tuple[str, str, ModelSpec]], folder: Path, device: str | None) -> list[str]:
    """Return a line for each missing requirement. `chosen`: where each model is chosen, how to do without, its spec."""
    problems = [line for choice, without, spec in chosen for line in _weights_problems(choice, without, spec, folder)]
    if any(spec.needs_torch for _, _, spec in chosen):
        problems += _torch_problems(device)
    if any(spec.needs_onnx for _, _, spec in chosen) and find_module("onnxruntime") is None:
        problems.append("detectors in ONNX files need onnxruntime: pip install 'lap-assets[onnx]'")
    return problems


def _weights_problems(choice: str, without: str, spec: ModelSpec, folder: Path) -> Iterator[str]:
    if isinstance(spec.weights, WeightFile):
        state, entry = weights_state(spec.weights, folder), spec.weights
        if state.state == "missing":
            yield (
                f"{choice}: {state.path} is missing; `lap weights fetch {entry.key}` downloads it (about"
                f" {entry.megabytes} MB), {without}"
            )
        elif state.problem:
            yield f"{choice}: {state.problem}; delete it and run `lap weights fetch {entry.key}`, {without}"
    elif isinstance(spec.weights, ShippedFiles):
        for path in spec.weights.paths:
            if not path.is_file():
                yield f"{choice}: {path} is missing; install LAP again, {without}"


def _torch_problems(device: str | None) -> list[str]:
    if find_module("torch") is None:
        return ["the models need torch: pip install 'lap-assets[cpu]', or [gpu] for a machine with CUDA"]
    if device in (None, "cpu"):
        return []  # these always work, so torch need not be imported
    try:
        chosen_device(device)
    except SettingsError as error:
        return [f"LAP_DEVICE={device}: {error}"]
    return []
