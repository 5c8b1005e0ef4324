"""Reading and writing Darknet's weights files."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.core.errors import WeightsError
from lap_assets.core.reading import open_regular

if TYPE_CHECKING:
    from torch import Tensor

    from lap_assets.models.darknet.module import Convolution, Darknet

_LONGEST_HEADER: Final = 20  # bytes
_VERSION_BYTES: Final = 12  # major, minor, revision: three 32-bit integers; then the number of pictures seen


def convolutions(network: "Darknet") -> Iterator[tuple[int, "Convolution"]]:
    """Yield the network's convolutions with their layers' numbers, in the order of a weights file."""
    from lap_assets.models.darknet.module import Convolution

    for number, layer in enumerate(network.layers):
        if isinstance(layer, Convolution):
            yield number, layer


def read_weights(path: Path, network: "Darknet") -> None:
    """Fill the network from a weights file.

    For each convolution, the file has the normalization's bias, scale, running mean and variance if it is normalized,
    else its own bias; then its weights (`load_convolutional_weights` in Darknet's parser.c).

    Raises:
        FileError: it is not a regular file.
        WeightsError: the file cannot be read, or has more or fewer numbers than the network.
    """
    import torch

    targets = [target for _, layer in convolutions(network) for target in _in_file_order(layer)]
    expected = sum(target.numel() for target in targets)
    content = _content(path, expected)
    numbers = content[_header_bytes(content, path) :]
    if numbers.size != 4 * expected:
        raise _misfit(path, numbers.size, expected)
    source, start = torch.from_numpy(numbers.view("<f4").astype(np.float32)), 0
    with torch.no_grad():
        for target in targets:
            target.copy_(source[start : start + target.numel()].view_as(target))
            start += target.numel()


def write_weights(path: Path, network: "Darknet") -> None:
    """Write the network as a weights file of version 0.2.5."""
    with path.open("wb") as file:
        np.array([0, 2, 5, 0, 0], "<i4").tofile(file)
        for _, layer in convolutions(network):
            for tensor in _in_file_order(layer):
                tensor.detach().cpu().numpy().astype("<f4").tofile(file)


def _content(path: Path, expected: int) -> NDArray[np.uint8]:
    """Return the file's bytes, unless there are far more than the network needs."""
    try:
        with open_regular(path) as opened:
            size = os.fstat(opened.fileno()).st_size
            if size > 4 * expected + _LONGEST_HEADER:
                raise _misfit(path, size - _LONGEST_HEADER, expected)
            return np.frombuffer(opened.readall(), np.uint8)
    except OSError as error:
        raise WeightsError(f"{path} cannot be read: {error.strerror}") from error


def _misfit(path: Path, size: int, expected: int) -> WeightsError:
    return WeightsError(
        f"{path} has {size / 4:,.10g} numbers, but the network has {expected:,}: the file is cut short, or"
        " belongs to a different network; download it again"
    )


def _header_bytes(content: NDArray[np.uint8], path: Path) -> int:
    """Return the header's length: its number of pictures seen takes 8 bytes since version 0.2, 4 bytes before."""
    if content.size < _VERSION_BYTES:
        raise WeightsError(f"{path} has only {content.size} bytes: this is not a Darknet weights file")
    major, minor, _ = (int(number) for number in content[:_VERSION_BYTES].view("<i4"))
    if not (0 <= major < 1000 and 0 <= minor < 1000):
        raise WeightsError(f"{path} begins with version {major}.{minor}: this is not a Darknet weights file")
    return _VERSION_BYTES + (8 if major * 10 + minor >= 2 else 4)


def _in_file_order(layer: "Convolution") -> list["Tensor"]:
    from torch import nn

    norm = layer.norm
    if isinstance(norm, nn.BatchNorm2d):
        if norm.running_mean is None or norm.running_var is None:
            raise TypeError("a normalization without running mean and variance")
        return [norm.bias, norm.weight, norm.running_mean, norm.running_var, layer.conv.weight]
    if layer.conv.bias is None:
        raise TypeError("a convolution with neither normalization nor bias")
    return [layer.conv.bias, layer.conv.weight]
