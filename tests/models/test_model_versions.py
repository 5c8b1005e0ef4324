"""A model's version changes when the model or its weights change, and costs nothing."""

import subprocess
import sys
from pathlib import Path
from re import fullmatch

import numpy as np
import pytest

from lap_assets.core.errors import InputError, SettingsError
from lap_assets.models.spec_table import SPECS
from lap_assets.models.spec_types import Task, WeightFile, variable
from lap_assets.models.specs import check_choice, model_names
from lap_assets.models.versions import model_version
from lap_assets.models.weights import find_weights, weight_files
from tests.models.onnx_files import cells, constant_yolo

TASKS: tuple[Task, ...] = ("embedder", "faces", "heads", "upscaler")


def test_every_model_has_its_own_version(tmp_path: Path) -> None:
    path = constant_yolo(np.zeros((1, 6, cells((64, 64))), np.float32)).write(tmp_path / "mine.onnx")
    for task in TASKS:
        names = [name.replace("NAME", "vit_tiny").replace("FILE", str(path)) for name in model_names(task)]
        versions = [model_version(task, name, tmp_path) for name in names]
        assert len(set(versions)) == len(versions)
        assert versions[-1] == "none"


def test_every_registered_file_belongs_to_a_model() -> None:
    assert {spec.name for spec in SPECS if isinstance(spec.weights, WeightFile)} == {one.key for one in weight_files()}


def test_an_unpublished_file_changes_it_once_it_is_there(tmp_path: Path) -> None:
    def version() -> str:
        return model_version("embedder", "sscd", tmp_path)

    assert version().endswith("unrecorded")
    path = tmp_path / find_weights("sscd").file
    path.write_bytes(b"first")
    first = version()
    assert not first.endswith("unrecorded")
    path.unlink()
    assert version() == first


def test_a_timm_file_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "timm" / "vit_tiny.safetensors"
    path.parent.mkdir()
    seen = [model_version("embedder", "timm:vit_tiny", tmp_path)]
    for content in (b"one", b"three"):
        path.write_bytes(content)
        seen.append(model_version("embedder", "timm:vit_tiny", tmp_path))
    assert len(set(seen)) == 3


def test_a_published_file_never_changes_it(tmp_path: Path) -> None:
    previous = model_version("faces", "hysts-yolov3", tmp_path)
    (tmp_path / find_weights("hysts-yolov3").file).write_bytes(b"something else")
    assert model_version("faces", "hysts-yolov3", tmp_path) == previous


@pytest.mark.parametrize(
    ("task", "name"),
    [("embedder", "resnet50"), ("embedder", "timm:"), ("embedder", "timm:../x"), ("faces", "grapeot-yolov3"),
     ("heads", "timm:resnet50"), ("upscaler", "lap-tiny"), ("upscaler", "")],
)  # fmt: skip
def test_unknown_models_list_the_choices(task: Task, name: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=rf"^{variable(task)}={name!r}: expected one of: .*, none$"):
        check_choice(task, name)
    with pytest.raises(InputError, match=r"^expected one of: "):
        model_version(task, name, tmp_path)


def test_versions_load_nothing_heavy() -> None:
    heavy = {"torch", "timm", "numba", "httpx", "onnxruntime"}
    script = f"import sys, lap_assets.models.versions; print(sorted({heavy} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_versions_equal_those_of_existing_homes(tmp_path: Path) -> None:
    """A change here makes every home's tables stale: only change these by increasing `method`."""
    assert model_version("embedder", "sscd", tmp_path) == "sscd v2 unrecorded"
    assert model_version("faces", "hysts-faster-rcnn", tmp_path) == "hysts-faster-rcnn v2 8cd3514eef1a"
    assert model_version("faces", "hysts-yolov3", tmp_path) == "hysts-yolov3 v2 38208bb6b8a4"
    assert model_version("faces", "deepghs-face-v1.4-s", tmp_path) == "deepghs-face-v1.4-s v1 unrecorded"
    assert model_version("heads", "grapeot-yolov3", tmp_path) == "grapeot-yolov3 v2 unrecorded"
    assert model_version("upscaler", "realesrgan-anime-6b", tmp_path) == "realesrgan-anime-6b v1 f872d837d3c9"
    assert model_version("upscaler", "lanczos", tmp_path) == "lanczos v1"
    assert fullmatch(r"timm:vit_tiny v2 timm-[\d.]+", model_version("embedder", "timm:vit_tiny", tmp_path))
    assert fullmatch(
        r"lap-tiny v2 ([0-9a-f]{12}|absent)\+([0-9a-f]{12}|absent)", model_version("faces", "lap-tiny", tmp_path)
    )
