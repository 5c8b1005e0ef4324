"""Reading weights files safely, and checking their keys and shapes against a model."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from zipfile import ZIP_STORED, BadZipFile, ZipFile, is_zipfile

from lap_assets.core.errors import FileError, WeightsError
from lap_assets.core.reading import open_regular

if TYPE_CHECKING:
    from torch import Tensor, nn

_MOST_NAMES = 64 * 2**20  # bytes of a torch file's pickle, which holds names and shapes, not the numbers
_NESTED = ("state_dict", "params_ema", "params", "model")  # keys of the weights in checkpoints with other content


def load_checkpoint(path: Path) -> "dict[str, Tensor]":
    """Return the tensors of a checkpoint, on the CPU: of a safetensors file (by suffix), or safely of a torch file.

    If a checkpoint has other content too, only its weights are returned ("state_dict", "params_ema", …).

    Raises:
        WeightsError: the file is missing, truncated, or of another format.
    """
    try:
        open_regular(path).close()
    except FileNotFoundError:
        raise WeightsError(f"{path} is missing") from None
    except FileError as error:
        raise WeightsError(str(error)) from None
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror}") from None
    content = _safetensors(path) if path.suffix == ".safetensors" else _torch_file(path)
    for key in _NESTED:
        if isinstance(content, Mapping) and isinstance(content.get(key), Mapping):
            content = content[key]
            break
    if not isinstance(content, Mapping):
        raise WeightsError(
            f"{path} contains {type(content).__name__} instead of named tensors: this is not the expected file"
        )
    return _tensors(path, content)


def check_state(path: Path, expected: "nn.Module | Mapping[str, Sequence[int]]", state: "Mapping[str, Tensor]") -> None:
    """Check all keys and shapes of `state` against a model, or against shapes.

    Batch counters (`num_batches_tracked`) may be missing, because running a model does not use them.

    Raises:
        WeightsError: a key is missing, has another shape, or is unexpected; the message names the file and the key.
    """
    shapes = expected if isinstance(expected, Mapping) else _shapes(expected)
    for key, shape in shapes.items():
        if key not in state:
            if key.endswith("num_batches_tracked"):
                continue
            raise WeightsError(f"{path} has no {key}: it is not this model's file, or a different version of it")
        if tuple(state[key].shape) != tuple(shape):
            raise WeightsError(f"{path}: {key} has shape {tuple(state[key].shape)}, expected {tuple(shape)}")
    for key in state:
        if key not in shapes and not key.endswith("num_batches_tracked"):
            raise WeightsError(f"{path} has {key}, which is not part of this model")


def _shapes(model: "nn.Module") -> dict[str, tuple[int, ...]]:
    return {key: tuple(value.shape) for key, value in model.state_dict().items()}


def _safetensors(path: Path) -> Any:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise _unreadable(path, error) from None


def _torch_file(path: Path) -> Any:
    """Read only tensors and plain values. Other objects in the file are replaced by objects without effect."""
    import torch
    from torch.serialization import get_unsafe_globals_in_checkpoint, safe_globals

    try:
        if packed := is_archive(path) and _packed_entry(path):
            raise WeightsError(f"{path}: {packed}")
        ignored = get_unsafe_globals_in_checkpoint(path) if is_archive(path) else []
        with safe_globals([(_Ignored, name) for name in ignored]):
            return torch.load(path, map_location="cpu", weights_only=True)
    except WeightsError:
        raise
    except Exception as error:  # only torch's code runs here, and a damaged file may raise anything
        raise _unreadable(path, error) from None


def _packed_entry(path: Path) -> str | None:
    """Return a problem if an entry of a torch file is compressed or too large; torch does not compress."""
    with ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.compress_type != ZIP_STORED or entry.file_size > entry.compress_size:
                return f"{entry.filename!r} in it is compressed, which torch never does; this is not a weights file"
            if entry.filename.endswith(".pkl") and entry.file_size > _MOST_NAMES:
                return f"{entry.filename!r} in it has {entry.file_size:,} bytes, more than {_MOST_NAMES:,}"
    return None


def is_archive(path: Path) -> bool:
    """Return whether a file is a complete zip archive, like torch's newer files."""
    try:
        return is_zipfile(path)
    except BadZipFile:
        return False


class _Ignored:
    """In place of any object in a checkpoint other than tensors and plain values: accepts anything, does nothing."""

    def __new__(cls, *_: object, **__: object) -> Self:
        return super().__new__(cls)

    def __setstate__(self, _: object) -> None:
        """Ignore the state."""


def _unreadable(path: Path, error: Exception) -> WeightsError:
    reason = " ".join(str(error).split())
    if reason.startswith("Weights only load failed"):  # torch's message advises unsafe loading
        reason = "it contains more than tensors, or none"
    reason = reason[:160]
    return WeightsError(f"{path} cannot be read as weights: it is cut short, or not a weights file ({reason})")


def _tensors(path: Path, content: "Mapping[Any, Any]") -> "dict[str, Tensor]":
    import torch

    for key, value in content.items():
        if not isinstance(key, str) or not isinstance(value, torch.Tensor):
            raise WeightsError(
                f"{path}: {key} is {type(value).__name__} instead of a tensor: this is not the expected file"
            )
    return dict(content)
