"""Upscalers: exactly twice the size, the network's own numbers, and invisible tiles."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lap_assets.core.errors import WeightsError
from lap_assets.models.upscalers.lanczos import Lanczos
from lap_assets.models.upscalers.real_esrgan import OVERLAP, RealEsrgan
from lap_assets.models.upscalers.tiles import stretches

_WIDE, _GROWTH = 16, 32


def _rrdb_layout(blocks: int = 2) -> dict[str, tuple[int, ...]]:
    """Keys and shapes of an RRDBNet like Real-ESRGAN's, but narrower."""
    shapes: dict[str, tuple[int, ...]] = {}

    def convolution(key: str, inputs: int, outputs: int) -> None:
        shapes.update({f"{key}.weight": (outputs, inputs, 3, 3), f"{key}.bias": (outputs,)})

    convolution("conv_first", 3, _WIDE)
    for block in range(blocks):
        for dense in (1, 2, 3):
            for place in range(1, 6):
                outputs = _GROWTH if place < 5 else _WIDE
                convolution(f"body.{block}.rdb{dense}.conv{place}", _WIDE + (place - 1) * _GROWTH, outputs)
    for key in ("conv_body", "conv_up1", "conv_up2", "conv_hr"):
        convolution(key, _WIDE, _WIDE)
    convolution("conv_last", _WIDE, 3)
    return shapes


@pytest.fixture(scope="module")
def weights() -> dict[str, torch.Tensor]:
    chance = torch.Generator().manual_seed(8)
    enlarged = {}
    for key, shape in _rrdb_layout().items():
        spread = 0.05 if len(shape) == 1 else (2 / (shape[1] * 9)) ** 0.5
        enlarged[key] = torch.empty(shape).normal_(0, spread, generator=chance)
    enlarged["conv_last.weight"] *= 0.5
    enlarged["conv_last.bias"] += 0.5
    return enlarged


@pytest.fixture(scope="module")
def path(weights: dict[str, torch.Tensor], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "small.pth"
    torch.save({"params_ema": weights}, path)
    return path


@pytest.fixture(scope="module")
def upscaler(path: Path) -> RealEsrgan:
    return RealEsrgan.load(path, "cpu")


def _picture(wide: int, high: int) -> Image.Image:
    coarse = np.random.default_rng(6).integers(0, 256, (7, 5, 3), np.uint8)
    return Image.fromarray(coarse).resize((wide, high), Image.Resampling.BICUBIC)


def _published(weights: dict[str, torch.Tensor], picture: Image.Image) -> torch.Tensor:
    """Compute RRDBNet as in its paper (Wang et al. 2018, arXiv 1809.00219), 0 to 1: (3, 4 × height, 4 × width)."""

    def conv(key: str, x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.conv2d(x, weights[f"{key}.weight"], weights[f"{key}.bias"], padding=1)

    def leaky(x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.leaky_relu(x, 0.2)

    def dense(key: str, x: torch.Tensor) -> torch.Tensor:
        seen = x
        for place in range(1, 5):
            seen = torch.cat((seen, leaky(conv(f"{key}.conv{place}", seen))), 1)
        return x + 0.2 * conv(f"{key}.conv5", seen)

    pixels = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 255
    first = x = conv("conv_first", pixels)
    for block in range(2):
        inner = x
        for part in (1, 2, 3):
            inner = dense(f"body.{block}.rdb{part}", inner)
        x = x + 0.2 * inner
    x = first + conv("conv_body", x)
    for key in ("conv_up1", "conv_up2"):
        x = leaky(conv(key, torch.nn.functional.interpolate(x, scale_factor=2, mode="nearest")))
    return conv("conv_last", leaky(conv("conv_hr", x)))[0].clamp(0, 1)


def test_four_times_is_the_networks_own(upscaler: RealEsrgan, weights: dict[str, torch.Tensor]) -> None:
    found = upscaler.enlarged4(_picture(23, 31))
    expected = _published(weights, _picture(23, 31)) * 255
    assert found.shape == (124, 92, 3)
    assert expected.std() > 20
    assert np.abs(found.astype(float) - expected.permute(1, 2, 0).numpy()).max() <= 0.5 + 1e-3


def test_twice_is_the_mean_before_rounding(upscaler: RealEsrgan, weights: dict[str, torch.Tensor]) -> None:
    found = upscaler.upscale(_picture(23, 31))
    assert (found.size, found.mode) == ((46, 62), "RGB")
    four = (_published(weights, _picture(23, 31)) * 255).permute(1, 2, 0).numpy()
    expected = four.reshape(62, 2, 46, 2, 3).mean((1, 3))
    assert np.abs(np.asarray(found, float) - expected).max() <= 0.5 + 1e-3


def test_tiles_cannot_be_seen(upscaler: RealEsrgan, path: Path) -> None:
    tiled = RealEsrgan.load(path, "cpu", tile=2 * OVERLAP + 16)
    picture = _picture(70, 20)
    for one, other in (
        (tiled.enlarged4(picture), upscaler.enlarged4(picture)),
        (np.asarray(tiled.upscale(picture)), np.asarray(upscaler.upscale(picture))),
    ):
        assert np.abs(one.astype(int) - other.astype(int)).max() <= 1


@given(st.integers(1, 900), st.integers(1, 60), st.integers(0, 12))
def test_stretches_keep_every_pixel_once_and_show_no_more_than_allowed(length: int, inner: int, overlap: int) -> None:
    parts = list(stretches(length, inner + 2 * overlap, overlap))
    assert [at for part in parts for at in range(*part.kept)] == list(range(length))
    for part in parts:
        assert part.shown[1] - part.shown[0] <= inner + 2 * overlap
        assert part.shown == (max(0, part.kept[0] - overlap), min(length, part.kept[1] + overlap))


@pytest.mark.parametrize("size", [(1, 1), (3, 50)])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_any_picture_doubles(upscaler: RealEsrgan, size: tuple[int, int], mode: str) -> None:
    for model in (upscaler, Lanczos()):
        enlarged = model.upscale(_picture(*size).convert(mode))
        assert (enlarged.size, enlarged.mode) == ((2 * size[0], 2 * size[1]), "RGB")


def _lacking(state: dict[str, torch.Tensor]) -> dict[str, Any]:
    return {key: value for key, value in state.items() if key != "conv_hr.bias"}


def _misshapen(state: dict[str, torch.Tensor]) -> dict[str, Any]:
    return {**state, "body.1.rdb2.conv3.weight": torch.zeros(2, 2, 3, 3)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_lacking, "has no conv_hr.bias"),
        (_misshapen, "body.1.rdb2.conv3.weight has shape (2, 2, 3, 3), expected (32, 80, 3, 3)"),
        (lambda _: {"fc.weight": torch.zeros(2, 2)}, "has no conv_first.weight"),
    ],
)
def test_another_file_is_refused_in_one_line(
    weights: dict[str, torch.Tensor], tmp_path: Path, change: Any, message: str
) -> None:
    torch.save({"params_ema": change(weights)}, tmp_path / "other.pth")
    with pytest.raises(WeightsError) as raised:
        RealEsrgan.load(tmp_path / "other.pth", "cpu")
    assert str(raised.value).startswith(str(tmp_path / "other.pth"))
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
