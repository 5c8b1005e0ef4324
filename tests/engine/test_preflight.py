"""Unmet requirements of a run are all reported before its first step."""

from pathlib import Path
from typing import Any

import pytest

from lap_assets.core import disk_space
from lap_assets.core.errors import DiskFull
from lap_assets.core.home import Home
from lap_assets.engine.preflight import unmet_requirements
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from tests.support import Lap

MODELS = ("vit_embeddings", "resized_images", "baseline_face_boxes", "baseline_head_boxes")
NONE = {"embedder": "none", "face_detector": "none", "head_detector": "none", "upscaler": "lanczos"}


def problems(home: Path, *assets: str, **settings: Any) -> list[str]:
    return unmet_requirements(RunContext(Settings(home=home, **settings)), assets)


def test_every_model_without_weights_is_named_with_the_command_that_fetches_it(tmp_path: Path) -> None:
    found = problems(tmp_path, *MODELS)
    assert [line.partition("=")[0] for line in found] == [
        "LAP_EMBEDDER", "LAP_FACE_DETECTOR", "LAP_HEAD_DETECTOR", "LAP_UPSCALER",
    ]  # fmt: skip
    for line, key in zip(
        found, ("animesion-vit-l16", "hysts-faster-rcnn", "grapeot-yolov3", "realesrgan-anime-6b"), strict=True
    ):
        assert f"is missing; `lap weights fetch {key}`" in line
    assert len(problems(tmp_path, "vit_embeddings")) == 1
    assert problems(tmp_path, "hash_pairs", "dedup_decisions") == []
    assert problems(tmp_path, *MODELS, **NONE) == []


def test_a_weights_file_that_is_a_web_page_is_named(tmp_path: Path) -> None:
    weights = tmp_path / "weights" / "RealESRGAN_x4plus_anime_6B.pth"
    weights.parent.mkdir()
    weights.write_text("<!doctype html><p>quota exceeded")
    (line,) = problems(tmp_path, "resized_images")
    assert "is a web page" in line


def test_a_device_that_is_not_there_is_named(tmp_path: Path) -> None:
    (line,) = problems(tmp_path, "vit_embeddings", embedder="lap-tiny", device="cudaa")
    assert line.startswith("LAP_DEVICE=cudaa: ")
    assert problems(tmp_path, "vit_embeddings", embedder="lap-tiny", device="cpu") == []
    assert problems(tmp_path, "resized_images", upscaler="lanczos", device="cudaa") == []


def test_contact_and_client_id_are_required_to_ask_a_site(tmp_path: Path) -> None:
    found = problems(tmp_path, "mal_catalog", mal_source="api")
    assert {line.split()[0] for line in found} == {"LAP_CONTACT", "LAP_MAL_CLIENT_ID"}
    assert problems(tmp_path, "image_hashes", mal_source="api") == []


def test_a_disk_without_room_for_files_is_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_space, "FILES", 2**62)
    with pytest.raises(DiskFull, match="its inodes are used up"):
        disk_space.check_disk_space(Home(tmp_path))


def test_a_run_reports_all_problems_at_once_and_starts_nothing(lap: Lap, tmp_path: Path) -> None:
    models = {"LAP_EMBEDDER": "sscd", "LAP_UPSCALER": "realesrgan-anime-6b"}
    result = lap("run", LAP_HOME=tmp_path / "home", LAP_MAL_SOURCE="api", **models)
    assert result.returncode == 2
    output = result.stderr.splitlines()
    assert [line.split()[1].partition("=")[0] for line in output] == [
        "LAP_CONTACT", "LAP_PERMISSION", "LAP_MAL_CLIENT_ID", "LAP_EMBEDDER", "LAP_UPSCALER", "nothing",
    ]  # fmt: skip
    assert not (tmp_path / "home" / "state" / "mal.sqlite").exists()
    assert not list((tmp_path / "home" / "dagster" / "history" / "runs").glob("*-*.db"))
    narrowed = lap("run", "--only", "mal_catalog", LAP_HOME=tmp_path / "home", **models)
    assert [line for line in narrowed.stderr.splitlines() if "LAP_" in line] == [
        line for line in output if "LAP_CONTACT" in line or "LAP_PERMISSION" in line
    ]
