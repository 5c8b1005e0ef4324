"""Every name loads its model; unknown names and devices and missing files are one-line errors with what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from lap_assets.core.errors import WeightsError
from lap_assets.models import load_detector, load_embedder, load_upscaler
from lap_assets.models.types import Target
from lap_assets.models.weights import find_weights, weight_files
from tests.support import HAS_MODELS

LOADERS: dict[str, Callable[..., object]] = {
    "animesion-vit-l16": load_embedder,
    "sscd": load_embedder,
    "hysts-faster-rcnn": load_detector,
    "hysts-yolov3": load_detector,
    "hysts-faster-rcnn-hub": load_detector,
    "hysts-yolov3-hub": load_detector,
    "grapeot-yolov3": load_detector,
    "deepghs-face-v1.4-s": load_detector,
    "deepghs-face-v1.4-n": load_detector,
    "deepghs-head-v2.0-s": load_detector,
    "realesrgan-anime-6b": load_upscaler,
}


def test_every_registered_file_is_asked_for_by_its_model(tmp_path: Path) -> None:
    assert LOADERS.keys() == {entry.key for entry in weight_files()}
    for name, load in LOADERS.items():
        with pytest.raises(WeightsError, match=f"is missing: download it with `lap weights fetch {name}`"):
            load(name, weights=tmp_path, device="cpu")


@pytest.mark.parametrize("name", LOADERS)
def test_a_foreign_file_is_refused_by_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / find_weights(name).file
    path.write_bytes(b"PK not at all")
    with pytest.raises(WeightsError, match=rf"{path.name} .*again with `lap weights fetch {name}`"):
        LOADERS[name](name, weights=tmp_path, device="cpu")


def test_files_are_searched_in_the_home_of_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LAP_HOME", str(tmp_path))
    with pytest.raises(WeightsError, match=str(tmp_path / "weights" / find_weights("sscd").file)):
        load_embedder("sscd")


def test_unknown_models_list_the_choices(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"'vit'.*expected one of: animesion-vit-l16, sscd, lap-tiny, timm:NAME, none"):
        load_embedder("vit", weights=tmp_path)
    with pytest.raises(ValueError, match=r"'grapeot-yolov3'.*expected one of: hysts-faster-rcnn"):
        load_detector("grapeot-yolov3", of="faces", weights=tmp_path)
    for load in (load_embedder, load_detector, load_upscaler):
        with pytest.raises(ValueError, match="none"):
            load("none", weights=tmp_path)


@pytest.mark.parametrize("device", ["tpu9", "cuda:97", ""])
def test_a_device_that_is_not_there_is_one_line(device: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="LAP_DEVICE=cpu always works") as refused:
        load_embedder("sscd", weights=tmp_path, device=device)
    assert "\n" not in str(refused.value)


@pytest.mark.skipif(not HAS_MODELS, reason="this checkout has no weights of lap-tiny")
@pytest.mark.parametrize(("of", "target"), [(None, "faces"), ("faces", "faces"), ("heads", "heads")])
def test_lap_tiny_needs_no_file(of: Target | None, target: Target, tmp_path: Path) -> None:
    assert load_detector("lap-tiny", of=of, weights=tmp_path, device="cpu").target == target
    assert load_embedder("lap-tiny", weights=tmp_path, device="cpu").name == "lap-tiny"
