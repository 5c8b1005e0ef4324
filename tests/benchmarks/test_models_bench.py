"""The models' benchmark measures ONNX files, and reports what is missing for other models."""

from pathlib import Path

import pytest

from benchmarks.full_size import NAMES
from benchmarks.inputs import draw_jpegs
from benchmarks.models import bench_models
from lap_assets.models.specs import all_specs
from tests.models.onnx_files import color_yolo


def test_every_detector_of_the_table_is_measured() -> None:
    specs = [spec for spec in all_specs() if spec.task in ("faces", "heads") and not spec.origin]
    detectors = {spec.name.removesuffix("-hub") for spec in specs}
    assert detectors <= {name.partition(" ")[0] for name in NAMES}


def test_what_is_lacking_is_said_and_files_are_measured(tmp_path: Path) -> None:
    pytest.importorskip("onnxruntime", reason="the extra onnx is not installed")
    path = color_yolo((64, 64)).write(tmp_path / "mine.onnx")
    files = draw_jpegs(tmp_path, 8, seed=1)
    missing, ours, loop = bench_models(files, tmp_path, "cpu", ["deepghs-face-v1.4-n", f"onnx:{path}"])
    assert (missing.rate, "lap weights fetch deepghs-face-v1.4-n" in missing.note) == (None, True)
    assert ours.rate is not None
    assert loop.times is not None
    assert ours.method == "LAP, cpu, one picture per core"
