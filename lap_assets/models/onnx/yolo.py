"""Any YOLO in an ONNX file as a detector, named `onnx:FILE`. It returns ultralytics' boxes with a score above .05."""

from functools import partial
from pathlib import Path
from typing import Final

from PIL import Image

from lap_assets.core.errors import InputError, WeightsError
from lap_assets.models.onnx.heads import suppressed
from lap_assets.models.onnx.letterbox import Boxed, letterboxed
from lap_assets.models.onnx.network import YoloNetwork, described_file, with_area
from lap_assets.models.spec_types import ModelSpec, ShippedFiles
from lap_assets.models.types import Boxes, Detector, Target

PREFIX: Final = "onnx:"
_LEAST_SCORE: Final = 0.05


class OnnxYolo(Detector):
    """A YOLO in an ONNX file; if it has several classes, only those named after the target count."""

    is_concurrent = True

    def __init__(self, network: YoloNetwork, target: Target) -> None:
        self.name, self.target, self.megabytes = network.path.stem, target, network.megabytes
        self._network = network

    def prepare(self, picture: Image.Image) -> Boxed:
        """Return the picture at the network's size."""
        described = self._network.described
        return letterboxed(picture, described.size, described.stride if described.is_open else None)

    def run(self, batch: list[Boxed]) -> list[Boxes]:
        """Return the boxes on each picture."""
        return [self._found(one) for one in batch]

    def _found(self, one: Boxed) -> Boxes:
        corners, scores = suppressed(self._network.candidates(one.pixels, _LEAST_SCORE), self._network.head)
        return with_area(one.back(corners), scores)


def is_onnx_name(name: str) -> bool:
    """Return whether a model's name is that of an ONNX file."""
    return name.startswith(PREFIX)


def onnx_spec(target: Target, name: str) -> ModelSpec:
    """Return the spec of an ONNX file (`onnx:FILE`); the file is read, not run.

    Raises:
        InputError: there is no such file, it is of another kind, or it has another target.
    """
    path = Path(name.removeprefix(PREFIX)).expanduser().absolute()
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    found = path.stat()
    try:
        described_file(path, found.st_size, found.st_mtime_ns).classes_of(target)
    except InputError as error:
        raise InputError(f"{path} {error}") from None
    except WeightsError as error:
        raise InputError(str(error)) from None
    return ModelSpec(
        task=target, name=path.stem, loader=partial(load, target=target), weights=ShippedFiles((path,)),
        needs_torch=False, needs_onnx=True,
    )  # fmt: skip


def load(path: Path, _device: str, *, target: Target) -> OnnxYolo:
    """Load the detector in an ONNX file.

    Raises:
        WeightsError: it is not a YOLO, or onnxruntime rejects it.
        NotReady: onnxruntime is not installed.
    """
    return OnnxYolo(YoloNetwork(path, target), target)
