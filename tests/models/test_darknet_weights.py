"""Darknet's weights file: reading what was written, and rejecting files that do not fit."""

from pathlib import Path

import numpy as np
import pytest
import torch

from lap_assets.core.errors import WeightsError
from lap_assets.models.darknet.cfg import parse_cfg
from lap_assets.models.darknet.layout import yolov3
from lap_assets.models.darknet.module import Darknet
from lap_assets.models.darknet.weights import convolutions, read_weights, write_weights

_SMALL = """[net]
[convolutional]
batch_normalize=1
filters=2
size=3
activation=leaky
[convolutional]
filters=6
activation=linear
[yolo]
anchors=1,2
classes=1
"""
_COUNT = 4 * 2 + 2 * 3 * 9 + 6 + 6 * 2


def _small() -> Darknet:
    return Darknet(parse_cfg(_SMALL))


def _file(path: Path, version: tuple[int, int], seen: int, numbers: int = _COUNT) -> Path:
    seen_bytes = np.array([seen], "<i8" if version >= (0, 2) else "<i4").tobytes()
    path.write_bytes(np.array([*version, 0], "<i4").tobytes() + seen_bytes + np.arange(numbers, dtype="<f4").tobytes())
    return path


@pytest.mark.parametrize(("version", "seen"), [((0, 1), 77), ((0, 2), 77), ((0, 2), 2**40), ((1, 0), 5)])
def test_order_of_the_numbers(tmp_path: Path, version: tuple[int, int], seen: int) -> None:
    network = _small()
    read_weights(_file(tmp_path / "head.weights", version, seen), network)
    state = network.state_dict()
    after = 0
    for key in ("0.norm.bias", "0.norm.weight", "0.norm.running_mean", "0.norm.running_var", "0.conv.weight",
                "1.conv.bias", "1.conv.weight"):  # fmt: skip
        value = state[f"layers.{key}"]
        expected = torch.arange(after, after + value.numel(), dtype=torch.float32).view(value.shape)
        assert torch.equal(value, expected), key
        after += value.numel()
    assert after == _COUNT


@pytest.mark.slow
def test_written_and_read_again(tmp_path: Path) -> None:
    torch.manual_seed(1)
    cfg = parse_cfg(yolov3(size=64, divisor=32))
    one, other = Darknet(cfg), Darknet(cfg)
    for _, layer in convolutions(one):
        for tensor in layer.state_dict().values():
            if tensor.is_floating_point():
                tensor.uniform_(0.1, 1)
    write_weights(tmp_path / "w", one)
    read_weights(tmp_path / "w", other)
    assert all(torch.equal(value, other.state_dict()[key]) for key, value in one.state_dict().items())


@pytest.mark.parametrize(("numbers", "found"), [(_COUNT - 1, _COUNT - 1), (_COUNT + 3, _COUNT + 3), (0, 0)])
def test_too_short_or_too_long(tmp_path: Path, numbers: int, found: int) -> None:
    path = _file(tmp_path / "head.weights", (0, 2), 0, numbers)
    with pytest.raises(WeightsError) as caught:
        read_weights(path, _small())
    assert str(caught.value).startswith(f"{path} has {found} numbers, but the network has {_COUNT}: ")


@pytest.mark.parametrize("content", [b"", b"<html>", b"<!DOCTYPE html><html>not found</html>"])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "head.weights"
    path.write_bytes(content)
    with pytest.raises(WeightsError, match=r"head\.weights .* this is not a Darknet weights file"):
        read_weights(path, _small())


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"head\.weights cannot be read: No such file"):
        read_weights(tmp_path / "head.weights", _small())
