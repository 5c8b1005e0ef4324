"""What LAP knows of a model before it is loaded: task, loader, weights, version. Light dataclasses, no work.

The table of models is `specs.py`.
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
"""The field of the settings that names the model of each task; `LAP_` and the field is the variable."""


def variable(task: Task) -> str:
    """The environment variable that names the model of that task."""
    return f"LAP_{FIELDS[task].upper()}"


class Choices(Protocol):
    """The models that the settings name."""

    @property
    def embedder(self) -> str:
        """For vectors of posters."""

    @property
    def face_detector(self) -> str:
        """For faces."""

    @property
    def head_detector(self) -> str:
        """For heads."""

    @property
    def upscaler(self) -> str:
        """For small posters."""


def chosen_names(choices: Choices) -> dict[Task, str]:
    """The name of the model that the settings choose for each task."""
    return {task: str(getattr(choices, field)) for task, field in FIELDS.items()}


@dataclass(frozen=True, slots=True)
class WeightFile:
    """A file that `lap weights` fetches into the folder of weights.

    Attributes:
        key: Its name in `lap weights`: that of the model that needs it.
        file: Its name in the folder of weights.
        url: Where it is published.
        megabytes: About how large it is, for people.
        licence: As its publisher states it.
        purpose: What it is for.
        sha256: The published one; None if none is published: then the first downloaded one counts.
        sizes: The bytes that it can have; empty where they are not known.
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
    """Files that come with a package, by their paths."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class PackageWeights:
    """Weights that a package downloads by itself, unless a person has put `file` into the folder of weights."""

    file: str
    package: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSpec:
    """One model for one task.

    Attributes:
        task: "embedder", "faces", "heads" or "upscaler": which setting can name it.
        name: As the setting names it: letters, digits, `-`, `_` and `.`.
        loader: Called with a path and torch's name of the device ("cpu", "cuda", …), returns the model: an `Embedder`,
            a `Detector` whose `target` is the task, or an `Upscaler`. Or where it is, as "package.module:attribute",
            imported only when the model is loaded. The path is that of the weights (checked, of a `WeightFile`; the
            first of `ShippedFiles`; maybe missing, of `PackageWeights`), else the folder of weights.
        weights: Where its numbers come from; None where it needs none, or fetches them by itself.
        method: To be raised whenever the code makes different results from the same weights; part of the version.
        needs_torch: Whether it runs on torch, and so on a GPU where there is one.
        needs_onnx: Whether it runs on onnxruntime, which is an extra.
        origin: The package that added it, in words; empty for LAP's own.
    """

    task: Task
    name: str
    loader: str | Callable[[Path, str], Any]
    weights: WeightFile | ShippedFiles | PackageWeights | None = None
    method: int = 1
    needs_torch: bool = True
    needs_onnx: bool = False
    origin: str = ""
