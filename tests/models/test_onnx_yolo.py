"""YOLOs in ONNX files find their objects, in each of three kinds; other files are one-line errors."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from lap_assets.core.errors import LapError, WeightsError
from lap_assets.models import load_detector
from lap_assets.models.readiness import model_problems
from lap_assets.models.types import Boxes, Target
from lap_assets.settings import Settings
from tests.models.onnx_files import FACE_AND_HEAD, Graph, cells, color_yolo, constant_yolo, message, value

pytest.importorskip("onnxruntime", reason="the extra onnx is not installed")
SIZE = (64, 96)  # height, width
N = cells(SIZE)


@pytest.fixture
def picture() -> Image.Image:
    """Black, with a red square to the left and a green one to the right."""
    made = Image.new("RGB", (192, 128))
    ImageDraw.Draw(made).rectangle((32, 32, 63, 63), fill=(255, 0, 0))
    ImageDraw.Draw(made).rectangle((128, 64, 159, 95), fill=(0, 255, 0))
    return made


def found(graph: Graph, folder: Path, picture: Image.Image, of: Target = "faces") -> Boxes:
    return load_detector(f"onnx:{graph.write(folder / 'mine.onnx')}", of=of).detect([picture])[0]


@pytest.mark.parametrize("kind", ["float32", "float16"])
def test_each_class_is_found_where_it_is(kind: str, picture: Image.Image, tmp_path: Path) -> None:
    """A cell of 16 px of the network, 32 px of the picture, is red: its box is twice as wide."""
    for of, corners in (("faces", [16, 16, 80, 80]), ("heads", [112, 48, 176, 112])):
        boxes = found(color_yolo(SIZE, kind=kind), tmp_path, picture, "faces" if of == "faces" else "heads")
        best = boxes[boxes[:, 4] == 1]
        assert corners in best[:, :4].tolist(), of


def test_a_picture_of_another_shape_is_letterboxed(tmp_path: Path) -> None:
    """192 × 64 px on 96 × 64: half the size, and 16 rows of gray above."""
    picture = Image.new("RGB", (192, 64))
    ImageDraw.Draw(picture).rectangle((32, 0, 63, 31), fill=(255, 0, 0))
    assert [16, 0, 80, 48] in found(color_yolo(SIZE), tmp_path, picture)[:, :4].tolist()


def test_a_dynamic_size_uses_the_smallest_rectangle(picture: Image.Image, tmp_path: Path) -> None:
    graph = color_yolo(("height", "width"), {**FACE_AND_HEAD, "imgsz": "[96, 96]"})
    path = graph.write(tmp_path / "mine.onnx")
    detector = load_detector(f"onnx:{path}")
    assert detector.prepare(picture).pixels.shape == (64, 96, 3)
    assert [16, 16, 80, 80] in detector.detect([picture])[0][:, :4].tolist()


def test_neither_other_pictures_nor_threads_change_a_result(picture: Image.Image, tmp_path: Path) -> None:
    detector = load_detector(f"onnx:{color_yolo(SIZE).write(tmp_path / 'mine.onnx')}")
    others = [Image.effect_noise((80 + 7 * place, 90), 60).convert("RGB") for place in range(6)]
    alone = [detector.detect([one])[0] for one in (picture, *others)]
    for threads in (1, 4):
        for one, other in zip(alone, detector.over([picture, *others], threads=threads), strict=True):
            assert isinstance(other, np.ndarray)
            np.testing.assert_array_equal(one, other)


def anchored(rows: list[tuple[int, list[float]]], count: int = 3 * N, classes: int = 2, objectness: float = 0) -> Graph:
    output = np.zeros((1, count, 5 + classes), np.float32)
    output[0, :, 4] = objectness
    for place, row in rows:
        output[0, place] = row
    return constant_yolo(output, SIZE)


def test_an_anchored_head_is_read(picture: Image.Image, tmp_path: Path) -> None:
    """The score is objectness times class; of two boxes of a class with an IoU above .45, one is kept."""
    rows = [
        (3, [20.0, 20, 10, 10, 0.9, 0.8, 0.1]),
        (4, [20.0, 22, 10, 10, 0.8, 0.8, 0.1]),
        (5, [20.0, 20, 10, 10, 0.9, 0.1, 0.7]),
        (6, [50.0, 20, 10, 10, 0.04, 1.0, 0.0]),
    ]
    for of, score in (("faces", 0.72), ("heads", 0.63)):
        boxes = found(anchored(rows), tmp_path, picture, "faces" if of == "faces" else "heads")
        assert boxes.tolist() == pytest.approx(np.array([[30, 30, 50, 50, score]])), of


def test_a_head_without_anchors_whose_objectness_is_one_is_read(picture: Image.Image, tmp_path: Path) -> None:
    graph = anchored([(3, [20.0, 20, 10, 10, 1.0, 0.8, 0.1])], count=N, objectness=1)
    assert found(graph, tmp_path, picture)[:, 4].tolist() == pytest.approx([0.8])
    with pytest.raises(WeightsError, match="which is not that of a YOLO with 2 classes"):
        found(anchored([], count=N), tmp_path, picture)


def test_an_end_to_end_head_is_read(picture: Image.Image, tmp_path: Path) -> None:
    """Boxes are kept unchanged, even if they overlap."""
    output = np.zeros((1, 300, 6), np.float32)
    output[0, :4] = [
        [10, 10, 20, 20, 0.9, 0], [11, 10, 21, 20, 0.8, 0], [10, 10, 20, 20, 0.7, 1], [10, 10, 20, 20, 0.04, 0],
    ]  # fmt: skip
    graph = constant_yolo(output, SIZE)
    assert found(graph, tmp_path, picture).tolist() == pytest.approx(
        np.array([[20, 20, 40, 40, 0.9], [22, 20, 42, 40, 0.8]])
    )
    assert found(graph, tmp_path, picture, "heads").tolist() == pytest.approx(np.array([[20, 20, 40, 40, 0.7]]))


def test_metadata_decides_whether_a_head_is_end_to_end(picture: Image.Image, tmp_path: Path) -> None:
    """1 × 3·cells × 6 is an anchored head of one class, unless the file states that its boxes are suppressed."""
    output = np.zeros((1, 3 * N, 6), np.float32)
    output[0, 0] = [30, 30, 40, 40, 0.9, 0]
    texts = {"names": "['face']"}
    assert not len(found(constant_yolo(output, SIZE, texts), tmp_path, picture))
    ends = found(constant_yolo(output, SIZE, {**texts, "end2end": "True"}), tmp_path, picture)
    assert ends.tolist() == pytest.approx(np.array([[60, 60, 80, 80, 0.9]]))


def test_boxes_beside_the_picture_and_invalid_numbers_are_left_out(tmp_path: Path) -> None:
    """192 × 64 px on 96 × 64: rows 0 to 15 of the network are gray."""
    output = np.zeros((1, 300, 6), np.float32)
    output[0, :5] = [
        [10, 2, 20, 12, 0.9, 0], [10, 2, 20, 26, 0.8, 0], [np.nan, 20, 30, 30, 0.7, 0], [30, 30, 20, 20, 0.6, 0],
        [20, 20, 30, np.inf, 0.5, 0],
    ]  # fmt: skip
    boxes = found(constant_yolo(output, SIZE), tmp_path, Image.new("RGB", (192, 64)))
    assert boxes.tolist() == pytest.approx(np.array([[20, 0, 40, 20, 0.8]]))


def other_models() -> Mapping[str, Graph]:
    zeros = np.zeros((1, 6, N), np.float32)
    masks = constant_yolo(np.zeros((1, 38, N), np.float32), SIZE)
    masks.outputs.append(value("output1", [1, 32, 16, 24]))
    masks.add("Identity", [masks.constant("prototypes", np.zeros((1, 32, 16, 24), np.float32))], "output1")
    unknown = constant_yolo(zeros, SIZE)
    unknown.nodes = [message(2, "output0") + message(4, "NoSuchOperator")]
    newer = constant_yolo(zeros, SIZE)
    newer.opset = 900
    failing = constant_yolo(zeros, SIZE)
    failing.nodes = []
    failing.add("Conv", ["images", failing.constant("odd", np.ones((1, 5, 1, 1), np.float32))], "output0")
    huge = constant_yolo(zeros, SIZE)
    huge.nodes = []
    huge.add("ConstantOfShape", [huge.constant("many", np.array([10**12], np.int64))], "zeros")
    huge.add("ReduceSum", ["zeros"], "sum", keepdims=0)
    huge.add("Add", ["boxes", "sum"], "output0")
    return {
        "huge": huge,
        "classifier": constant_yolo(np.zeros((1, 1000), np.float32), SIZE),
        "boxes alone": constant_yolo(np.zeros((1, 4, N), np.float32), SIZE),
        "other classes": constant_yolo(np.zeros((1, 84, N), np.float32), SIZE),
        "other count": constant_yolo(np.zeros((1, 6, N + 1), np.float32), SIZE),
        "transposed": constant_yolo(np.zeros((1, N, 6), np.float32) + 0.5, SIZE),
        "half classes": constant_yolo(np.full((1, 300, 6), 0.5, np.float32), SIZE),
        "whole numbers": constant_yolo(np.zeros((1, 6, N), np.int64), SIZE),
        "masks": masks, "unknown operator": unknown, "newer": newer, "failing": failing,
    }  # fmt: skip


@pytest.mark.parametrize("kind", other_models())
def test_another_model_is_one_line(kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = other_models()[kind].write(tmp_path / "mine.onnx")
    with pytest.raises(WeightsError, match=f"^{path}: .*") as raised:
        load_detector(f"onnx:{path}")
    assert len(raised.value.lines) == 1
    assert capfd.readouterr() == ("", "")


def test_exceeding_the_memory_is_named(tmp_path: Path) -> None:
    path = other_models()["huge"].write(tmp_path / "mine.onnx")
    with pytest.raises(WeightsError, match=r"it fails on a picture: it takes more memory than is available$"):
        load_detector(f"onnx:{path}")


def test_without_onnxruntime_the_extra_is_named(tmp_path: Path) -> None:
    path = color_yolo().write(tmp_path / "mine.onnx")
    script = f"""
import sys
sys.modules["onnxruntime"] = None
from lap_assets.core.errors import LapError
from lap_assets.models import load_detector
try:
    load_detector("onnx:{path}")
except LapError as error:
    print(error.lines[0])
"""
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("a detector in an ONNX file needs onnxruntime (")
    assert ran.stdout.endswith("pip install 'lap-assets[onnx]'\n")


def test_a_setting_may_name_an_onnx_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = color_yolo().write(tmp_path / "mine.onnx")
    monkeypatch.setenv("LAP_FACE_DETECTOR", f"onnx:{path}")
    settings = Settings.load()
    assert model_problems(settings, {"faces"}, tmp_path, None) == []
    path.write_bytes(b"")
    with pytest.raises(LapError, match="it is empty"):
        model_problems(settings, {"faces"}, tmp_path, None)
