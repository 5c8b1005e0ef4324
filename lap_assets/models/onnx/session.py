"""Running an ONNX model: onnxruntime on the CPU, one thread per picture: a result depends only on its picture."""

from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.core.errors import NotReady, WeightsError
from lap_assets.models.computing import available_megabytes

if TYPE_CHECKING:
    from lap_assets.models.onnx.heads import Floats
    from lap_assets.models.onnx.yolo_texts import YoloFile

INSTALL: Final = "pip install 'lap-assets[onnx]'"
_SHARE: Final = 0.75  # of the memory available when the first model is loaded
_LEAST_MEMORY: Final = 2 * 2**30
_AS_REQUESTED: Final = 1  # onnxruntime's arena grows by the requested amount, not by powers of two
_FATAL: Final = 4  # onnxruntime's log level; errors are exceptions, so they need not be logged too
_lock = Lock()


class OnnxSession:
    """A loaded model. May be run from several threads at once."""

    def __init__(self, path: Path, content: bytes, described: "YoloFile") -> None:
        """Load the model; raises `WeightsError` if onnxruntime rejects it, `NotReady` without onnxruntime."""
        self._path, self._input, self._is_half = path, described.input, described.is_half
        runtime = _runtime()
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = _FATAL
        options.add_session_config_entry("session.use_env_allocators", "1")
        self._refusals = _refusals()
        try:
            self._session = runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except self._refusals as error:
            raise WeightsError(f"{path}: onnxruntime {runtime.__version__} cannot load it: {_text_of(error)}") from None
        self._outputs = [one.name for one in self._session.get_outputs() if len(one.shape or ()) in (0, 3)]
        shapes = [list(one.shape or ()) for one in self._session.get_outputs()]
        if len(self._outputs) != 1 or any(len(shape) == 4 for shape in shapes):  # four: masks of a segmentation
            raise WeightsError(f"{path}: its outputs have the shapes {str(shapes)[1:-1][:200]}; expected one of boxes")

    def run(self, pixels: NDArray[np.uint8]) -> "Floats":
        """Return the network's output for one RGB picture (height, width, 3).

        Raises:
            WeightsError: it fails on the picture.
        """
        picture = np.ascontiguousarray(pixels.transpose(2, 0, 1)[None]).astype(np.float32) / np.float32(255)
        given = picture.astype(np.float16) if self._is_half else picture
        try:
            (output,) = self._session.run(self._outputs, {self._input: given})
        except self._refusals as error:
            raise WeightsError(f"{self._path}: it fails on a picture: {_text_of(error)}") from None
        if not isinstance(output, np.ndarray) or output.dtype.kind != "f":
            raise WeightsError(f"{self._path}: its output does not consist of floating-point numbers")
        return output.astype(np.float32)


def _runtime() -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise NotReady([f"a detector in an ONNX file needs onnxruntime ({_text_of(error)}): {INSTALL}"]) from None
    onnxruntime.set_default_logger_severity(_FATAL)
    with _lock:
        _bound_memory(onnxruntime)
    return onnxruntime


@cache
def _bound_memory(runtime: Any) -> None:
    """Limit the memory of all sessions of this process: a small file may request any amount while it runs."""
    available = available_megabytes()
    most = max(_LEAST_MEMORY, int((available or 0) * _SHARE) * 2**20)
    memory = runtime.OrtMemoryInfo("Cpu", runtime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, runtime.OrtMemType.DEFAULT)
    runtime.create_and_register_allocator(memory, runtime.OrtArenaCfg(most, _AS_REQUESTED, -1, -1))


def _refusals() -> tuple[type[Exception], ...]:
    """Return the exceptions that onnxruntime raises; its own classes have no common base except `Exception`."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    own = [one for one in vars(state).values() if isinstance(one, type) and issubclass(one, Exception)]
    return (*own, RuntimeError, ValueError, MemoryError)


def _text_of(error: Exception) -> str:
    words = " ".join(str(error).split())
    if "bfc_arena" in words:
        return "it takes more memory than is available"
    return words[:200] or type(error).__name__
