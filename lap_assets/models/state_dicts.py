"""Reads weights files safely and compares them with what a model needs. What the numbers mean is not known here."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from zipfile import ZIP_STORED, BadZipFile, ZipFile, is_zipfile

from lap_assets.core.errors import FileError, WeightsError
from lap_assets.core.reading import open_regular

if TYPE_CHECKING:
    from torch import Tensor, nn

_MOST_NAMES = 64 * 2**20  # bytes of a torch file's pickle: names and shapes, not numbers
_NESTED = ("state_dict", "params_ema", "params", "model")  # where checkpoints keep the weights among other things


def load_checkpoint(path: Path) -> "dict[str, Tensor]":
    """The tensors of a checkpoint, on the CPU: a safetensors file by its suffix, else a torch file without pickles.

    Where a checkpoint keeps its weights beside other things, the weights are returned ("state_dict", "params_ema", …).

    Raises:
        WeightsError: the file is missing, cut short, or of another format.
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
            f"{path} does not contain named tensors but {type(content).__name__}: this is not the expected file"
        )
    return _tensors(path, content)


def check_state(path: Path, expected: "nn.Module | Mapping[str, Sequence[int]]", state: "Mapping[str, Tensor]") -> None:
    """Checks every key and shape of `state` against a model's, or against shapes.

    Batch counters (`num_batches_tracked`) may be missing: they are not used when a model runs.

    Raises:
        WeightsError: the first key that is missing, of another shape, or not expected; the message names the file.
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
            raise WeightsError(f"{path} holds {key}, which this model does not have")


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
    """Tensors and plain values alone are read. What trainers keep beside them becomes something without effect."""
    import torch
    from torch.serialization import get_unsafe_globals_in_checkpoint, safe_globals

    try:
        if packed := is_archive(path) and _packed_entry(path):
            raise WeightsError(f"{path}: {packed}")
        strangers = get_unsafe_globals_in_checkpoint(path) if is_archive(path) else []
        with safe_globals([(_Stranger, name) for name in strangers]):
            return torch.load(path, map_location="cpu", weights_only=True)
    except WeightsError:
        raise
    except Exception as error:  # foreign code alone: a damaged file may raise anything there
        raise _unreadable(path, error) from None


def _packed_entry(path: Path) -> str | None:
    """What in a torch file unpacks to more than the file holds: torch packs nothing."""
    with ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.compress_type != ZIP_STORED or entry.file_size > entry.compress_size:
                return f"{entry.filename!r} in it is packed, which torch never does; this is not a weights file"
            if entry.filename.endswith(".pkl") and entry.file_size > _MOST_NAMES:
                return f"{entry.filename!r} in it has {entry.file_size:,} bytes, more than {_MOST_NAMES:,}"
    return None


def is_archive(path: Path) -> bool:
    """Whether a file is a whole zip, as torch's newer files are."""
    try:
        return is_zipfile(path)
    except BadZipFile:
        return False


class _Stranger:
    """Stands for whatever a checkpoint names that is neither tensor nor plain value: takes anything, does nothing."""

    def __new__(cls, *_: object, **__: object) -> Self:
        return super().__new__(cls)

    def __setstate__(self, _: object) -> None:
        """Forgets it."""


def _unreadable(path: Path, error: Exception) -> WeightsError:
    said = " ".join(str(error).split())
    if said.startswith("Weights only load failed"):  # torch then advises to load it unsafely
        said = "it contains more than tensors, or none"
    said = said[:160]
    return WeightsError(f"{path} cannot be read as weights: it is cut short, or not a weights file ({said})")


def _tensors(path: Path, content: "Mapping[Any, Any]") -> "dict[str, Tensor]":
    import torch

    for key, value in content.items():
        if not isinstance(key, str) or not isinstance(value, torch.Tensor):
            raise WeightsError(
                f"{path}: {key} is not a tensor but {type(value).__name__}: this is not the expected file"
            )
    return dict(content)
