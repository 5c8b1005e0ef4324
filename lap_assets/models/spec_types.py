"""The description of a model before it is loaded: task, loader, weights, version. Only light dataclasses.

The table of models is in `spec_table`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Protocol

Task = Literal["embedder", "faces", "heads", "upscaler"]
NONE: Final = "none"
FIELDS: Final[Mapping[Task, str]] = {
    "embedder": "embedder", "faces": "face_detector", "heads": "head_detector", "upscaler": "upscaler",
}  # fmt: skip
"""The settings field with the model of each task; the environment variable is `LAP_` and the field in upper case."""


def variable(task: Task) -> str:
    """Return the environment variable with the model of that task."""
    return f"LAP_{FIELDS[task].upper()}"


class Choices(Protocol):
    """The models in the settings."""

    @property
    def embedder(self) -> str:
        """The model for vectors of posters."""

    @property
    def face_detector(self) -> str:
        """The model for faces."""

    @property
    def head_detector(self) -> str:
        """The model for heads."""

    @property
    def upscaler(self) -> str:
        """The model for small posters."""


def chosen_names(choices: Choices) -> dict[Task, str]:
    """Return the name of the model in the settings for each task."""
    return {task: str(getattr(choices, field)) for task, field in FIELDS.items()}


@dataclass(frozen=True, slots=True)
class WeightFile:
    """A file that `lap weights` fetches into the folder of weights.

    Attributes:
        key: Its name in `lap weights`: the name of the model that needs it.
        file: Its name in the folder of weights.
        url: Where it is published.
        megabytes: Its approximate size, for messages.
        licence: As stated by its publisher.
        purpose: What it is for.
        sha256: The published checksum; None if none is published; then the first downloaded file counts.
        sizes: The possible sizes in bytes; empty if unknown.
    """

    key: str
    file: str
    url: str
    megabytes: int
    licence: str
    purpose: str
    sha256: str | None = None
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ShippedFiles:
    """The paths of files that come with a package."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class PackageWeights:
    """Weights that a package downloads by itself, unless a person has saved `file` in the folder of weights."""

    file: str
    package: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """One model for one task.

    Attributes:
        task: "embedder", "faces", "heads" or "upscaler": the setting that can name it.
        name: Its name in the setting: letters, digits, `-`, `_` and `.`.
        loader: Called with a path and torch's name of the device ("cpu", "cuda", …), returns the model: an `Embedder`,
            a `Detector` whose `target` is the task, or an `Upscaler`. Or its location, as "package.module:attribute",
            imported only when the model is loaded. The path is that of the weights (of a `WeightFile`: checked; of
            `ShippedFiles`: the first; of `PackageWeights`: possibly missing), else the folder of weights.
        weights: The source of its weights; None if it needs none or fetches them by itself.
        method: Part of the version; increase it whenever the code computes different results from the same weights.
        needs_torch: Whether it runs on torch, and so on a GPU if there is one.
        needs_onnx: Whether it runs on onnxruntime, which is an extra.
        origin: A description of the package that added it; empty for LAP's own.
    """

    task: Task
    name: str
    loader: str | Callable[[Path, str], Any]
    weights: WeightFile | ShippedFiles | PackageWeights | None = None
    method: int = 1
    needs_torch: bool = True
    needs_onnx: bool = False
    origin: str = ""
