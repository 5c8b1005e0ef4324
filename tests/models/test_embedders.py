"""Embedders: same results as independent implementations, and one-line errors for wrong files."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from lap_assets.core.errors import WeightsError
from lap_assets.models import load_embedder
from lap_assets.models.compat import ready_torchvision
from lap_assets.models.embedders import animesion
from lap_assets.models.embedders.sscd import Sscd
from tests.parity.animesion_reference import Animesion, with_random_weights, write_checkpoint


@pytest.fixture
def pictures(tmp_path: Path) -> list[Path]:
    chance = np.random.default_rng(3)
    paths = []
    for index, (wide, high) in enumerate([(90, 120), (120, 90), (90, 120), (7, 40)]):
        coarse = Image.fromarray(chance.integers(0, 256, (5, 4, 3), np.uint8))
        paths.append(tmp_path / f"{index}.png")
        coarse.resize((wide, high), Image.Resampling.BICUBIC).save(paths[-1])
    return paths


@pytest.fixture(scope="module")
def small() -> Animesion:
    return with_random_weights(Animesion(side=32, patch=8, width=128, depth=3, wide=320, classes=7), seed=2)


def test_animesion_is_the_network_of_its_checkpoint(small: Animesion, pictures: list[Path], tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "small.ckpt", small)
    embedder = animesion.load(tmp_path / "small.ckpt", "cpu")
    found = embedder.embed(pictures)
    assert found.shape == (4, embedder.dimensions) == (4, 128)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [small.vector(path) for path in pictures], atol=1e-5)
    assert np.abs(found[0] - found[1]).max() > 0.01


def test_animesion_needs_no_classifier(small: Animesion, pictures: list[Path], tmp_path: Path) -> None:
    bare = {key: value for key, value in small.state_dict().items() if not key.startswith("fc.")}
    torch.save(bare, tmp_path / "bare.ckpt")
    found = animesion.load(tmp_path / "bare.ckpt", "cpu").embed(pictures[:1])[0]
    np.testing.assert_allclose(found, small.vector(pictures[0]), atol=1e-5)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("transformer.blocks.1.attn.proj_k.weight", None, "has no transformer.blocks.1.attn.proj_k.weight"),
        ("class_token", None, "has no class_token"),
        ("patch_embedding.weight", None, "has no patch_embedding.weight"),
        ("patch_embedding.bias", torch.zeros(3), "patch_embedding.bias has shape (3,), expected (128,)"),
        ("positional_embedding.pos_embedding", torch.zeros(1, 18, 128), "18 tokens"),
        ("fc.bias", torch.zeros(6), "fc.bias has shape (6,), expected (7,)"),
        ("transformer.extra", torch.zeros(1), "has transformer.extra"),
    ],
)
def test_another_checkpoint_is_refused_by_its_first_difference(
    small: Animesion, tmp_path: Path, key: str, value: Tensor | None, message: str
) -> None:
    state = {**small.state_dict(), key: value}
    torch.save({name: tensor for name, tensor in state.items() if tensor is not None}, tmp_path / "other.ckpt")
    with pytest.raises(WeightsError) as raised:
        animesion.load(tmp_path / "other.ckpt", "cpu")
    assert message in str(raised.value)
    assert str(tmp_path / "other.ckpt") in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.fixture(scope="module")
def sscd_state() -> dict[str, Tensor]:
    ready_torchvision()
    from torchvision.models import resnet50  # type: ignore[import-untyped]

    torch.manual_seed(4)
    return {f"backbone.{key}": value for key, value in resnet50(num_classes=12).state_dict().items()}


@pytest.mark.slow
def test_sscd_keeps_proportions_and_gives_unit_vectors_in_order(
    sscd_state: dict[str, Tensor], pictures: list[Path], tmp_path: Path
) -> None:
    torch.save(sscd_state, tmp_path / "sscd.pt")
    embedder = Sscd.load(tmp_path / "sscd.pt", "cpu")
    with Image.open(pictures[0]) as opened:
        assert embedder.prepare(opened.convert("RGB")).shape == (384, 288, 3)
    assert embedder.prepare(Image.new("RGB", (1, 4000))).shape == (1152, 288, 3)
    found = embedder.embed(pictures[:3])
    assert found.shape == (3, 12)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(found, [_sscd(sscd_state, path) for path in pictures[:3]], atol=1e-5)


def _sscd(state: dict[str, Tensor], path: Path) -> list[float]:
    """The paper's steps over the trunk's last map."""
    from torchvision.models import resnet50
    from torchvision.transforms import functional  # type: ignore[import-untyped]

    trunk = resnet50(num_classes=12).eval()
    trunk.load_state_dict({key.removeprefix("backbone."): value for key, value in state.items()})
    with Image.open(path) as opened:
        pixels = functional.to_tensor(functional.resize(opened.convert("RGB"), 288))
    pixels = functional.normalize(pixels, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])[None]
    with torch.inference_mode():
        cells = torch.nn.Sequential(*list(trunk.children())[:-2])(pixels)
        pooled = (cells**3).mean((2, 3)) ** (1 / 3)
        numbers = trunk.fc(pooled)[0]
        found: list[float] = (numbers / numbers.norm()).tolist()
    return found


def test_sscd_names_what_its_file_is_missing(sscd_state: dict[str, Tensor], tmp_path: Path) -> None:
    lacking = {key: value for key, value in sscd_state.items() if key != "backbone.layer3.1.bn2.running_var"}
    torch.save(lacking, tmp_path / "lacking.pt")
    with pytest.raises(WeightsError, match=r"lacking\.pt has no backbone\.layer3\.1\.bn2\.running_var"):
        Sscd.load(tmp_path / "lacking.pt", "cpu")
    torch.save({"fc.weight": torch.zeros(2, 2)}, tmp_path / "foreign.pt")
    with pytest.raises(WeightsError, match=r"foreign\.pt has no backbone\.fc\.weight"):
        Sscd.load(tmp_path / "foreign.pt", "cpu")


def test_any_timm_model_runs_on_weights_in_the_folder(pictures: list[Path], tmp_path: Path) -> None:
    ready_torchvision()
    import timm
    from safetensors.torch import save_file

    torch.manual_seed(5)
    whole: Any = timm.create_model("test_vit.r160_in1k", pretrained=False).eval()  # with its classifier, as published
    (tmp_path / "timm").mkdir()
    save_file(whole.state_dict(), tmp_path / "timm" / "test_vit.r160_in1k.safetensors")
    embedder = load_embedder("timm:test_vit.r160_in1k", weights=tmp_path, device="cpu")
    assert embedder.name == "timm:test_vit.r160_in1k"
    found = embedder.embed(pictures)
    assert found.shape == (4, embedder.dimensions)
    config = whole.pretrained_cfg
    with Image.open(pictures[1]) as opened:
        squeezed = opened.convert("RGB").resize(config["input_size"][:0:-1], Image.Resampling.BICUBIC)
    pixels = torch.from_numpy(np.array(squeezed)).permute(2, 0, 1).float() / 255
    pixels = (pixels - torch.tensor(config["mean"])[:, None, None]) / torch.tensor(config["std"])[:, None, None]
    with torch.inference_mode():
        expected = whole.forward_head(whole.forward_features(pixels[None]), pre_logits=True)[0]
    np.testing.assert_allclose(found[1], expected, atol=1e-5)


def test_missing_timm_models_are_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="has no model 'vit_enormous'"):
        load_embedder("timm:vit_enormous", weights=tmp_path, device="cpu")
    (tmp_path / "timm").mkdir()
    (tmp_path / "timm" / "test_vit.r160_in1k.safetensors").write_bytes(b"nothing of the kind")
    with pytest.raises(WeightsError, match=r"r160_in1k\.safetensors does not have the weights") as raised:
        load_embedder("timm:test_vit.r160_in1k", weights=tmp_path, device="cpu")
    assert "\n" not in str(raised.value)
