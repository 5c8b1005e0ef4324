"""ONNX files are checked from their bytes before loading: anything but a YOLO in one file is a one-line error."""

import os
import pickle
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.errors import InputError, LapError, SettingsError, WeightsError
from lap_assets.models.onnx.facts import facts_of, read_model
from lap_assets.models.onnx.yolo_texts import MAX_SIDE, YoloFile, yolo_file
from lap_assets.models.specs import check_choice, find_spec
from lap_assets.models.versions import model_version
from tests.models.onnx_files import (
    FACE_AND_HEAD,
    Graph,
    cells,
    color_yolo,
    constant_yolo,
    message,
    node,
    number,
    tensor,
    value,
)

ZEROS = np.zeros((1, 6, cells((64, 64))), np.float32)


def yolo_of(graph: Graph) -> YoloFile:
    return yolo_file(facts_of(graph.content()))


def test_ultralytics_metadata_is_read() -> None:
    texts = {
        "description": "Ultralytics YOLO11n model", "stride": "32", "task": "detect", "batch": "1",
        "imgsz": "[640, 640]", "names": "{0: 'face', 1: 'head'}", "args": "{'batch': 1, 'nms': False}",
        "end2end": "False",
    }  # fmt: skip
    assert yolo_of(constant_yolo(ZEROS, texts=texts)) == YoloFile(
        "images", False, (64, 64), False, 32, ("face", "head"), False
    )
    assert yolo_of(constant_yolo(ZEROS, texts={**texts, "args": "{'nms': True}"})).is_end_to_end
    opened = yolo_of(color_yolo(("height", "width"), {**texts, "imgsz": "[630, 100]"}, "float16"))
    assert (opened.is_half, opened.size, opened.is_open) == (True, (640, 128), True)
    assert yolo_of(color_yolo(("height", "width"), {"imgsz": "320"})).size == (320, 320)


@pytest.mark.parametrize(
    ("names", "faces", "heads"),
    [
        ("['face']", (0,), None),
        ("{0: 'head', 1: 'Face'}", (1,), (0,)),
        ("{0: 'anime_face', 1: 'body', 2: 'faces'}", (0, 2), None),
        ("{0: 'girl', 1: 'boy'}", (), ()),
        ("{0: 'surface'}", (), ()),
    ],
)
def test_classes_named_after_the_target_belong_to_it(
    names: str, faces: tuple[int, ...], heads: tuple[int, ...] | None
) -> None:
    described = yolo_of(constant_yolo(ZEROS, texts={"names": names}))
    assert (described.classes_of("faces") or ()) == faces
    if heads is None:
        with pytest.raises(InputError, match=r"^finds faces$"):
            described.classes_of("heads")
    else:
        assert (described.classes_of("heads") or ()) == heads


def broken() -> dict[str, tuple[Graph, str]]:
    """Unusable graphs, and the message for each."""

    def texts(**changed: str) -> Graph:
        return constant_yolo(ZEROS, texts={**FACE_AND_HEAD, **changed})

    beside = constant_yolo(ZEROS)
    beside.tensors = [tensor("boxes", ZEROS, extra=message(13, message(1, "location") + message(2, "/etc/passwd")))]
    marked = constant_yolo(ZEROS)
    marked.tensors = [tensor("boxes", ZEROS, extra=number(14, 1))]
    huge = constant_yolo(ZEROS)
    huge.tensors = [tensor("boxes", ZEROS, claimed=[1, 10**6, 10**6])]
    inside = constant_yolo(ZEROS)
    hidden = message(5, tensor("boxes", ZEROS, extra=number(14, 1)))
    inside.nodes.append(message(4, "If") + message(5, message(1, "then_branch") + message(6, hidden)))
    foreign = constant_yolo(ZEROS)
    foreign.nodes.append(node("PyOp", ["boxes"], "other", domain="ai.onnx.contrib"))
    sparse = constant_yolo(ZEROS)
    sparse.nodes.append(node("Constant", [], "other") + message(5, message(1, "sparse_value") + message(22, b"")))
    old = constant_yolo(ZEROS)
    old.opset = 6
    deep = b""
    for _ in range(40):
        deep = message(1, message(4, "If") + message(5, message(1, "then_branch") + message(6, deep)))
    nested = constant_yolo(ZEROS)
    nested.nodes.append(message(4, "If") + message(5, message(1, "then_branch") + message(6, deep)))
    two = constant_yolo(ZEROS)
    two.inputs.append(value("more", [1, 3, 64, 64]))
    quantized = constant_yolo(ZEROS)
    quantized.inputs = [value("images", [1, 3, 64, 64], "uint8")]
    batch = constant_yolo(ZEROS)
    batch.inputs = [value("images", [4, 3, 64, 64])]
    gray = constant_yolo(ZEROS)
    gray.inputs = [value("images", [1, 1, 64, 64])]
    return {
        "beside": (beside, "stores its numbers in another file"),
        "marked": (marked, "stores its numbers in another file"),
        "inside": (inside, "stores its numbers in another file"),
        "huge": (huge, "'boxes' claims more numbers than it has"),
        "foreign": (foreign, r"operators that onnxruntime does not support \('ai.onnx.contrib'\)"),
        "sparse": (sparse, "sparse"),
        "old": (old, "opset 6; expected 7 or later"),
        "nested": (nested, "nested too deeply"),
        "two": (two, "2 inputs; expected one"),
        "quantized": (quantized, "its input does not take floating-point numbers"),
        "batch": (batch, "4 pictures at a time; export it with batch=1"),
        "gray": (gray, r"shape \[1, 1, 64, 64\]; expected \[1, 3, height, width\]"),
        "large": (constant_yolo(ZEROS, (65536, 65536)), "65536×65536 px; expected 32 to 4096"),
        "open": (color_yolo(("h", "w")), "no fixed size, and its metadata has no 'imgsz'"),
        "half open": (color_yolo(("h", 64)), "expected both sides fixed"),
        "pose": (texts(task="pose"), "for the task 'pose', not for detection"),
        "names": (texts(names="{0: 'face', 2: 'head'}"), "no valid 'names'"),
        "code": (texts(names="__import__('os').system('touch planted')"), "no valid 'names'"),
        "deep names": (texts(names="[" * 90_000), "no valid 'names'"),
        "stride": (texts(stride="0"), "no valid 'stride'"),
        "no graph": (Graph(), "not an ONNX file"),
    }


@pytest.mark.parametrize("kind", broken())
def test_a_file_of_another_kind_is_one_line(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    graph, text = broken()[kind]
    path = graph.write(tmp_path / "mine.onnx")
    with pytest.raises(SettingsError, match=f"^LAP_FACE_DETECTOR='onnx:mine.onnx': {path}: .*{text}") as raised:
        check_choice("faces", "onnx:mine.onnx")
    assert len(raised.value.lines) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["mine.onnx"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"hello " * 100, pickle.dumps({"a": 1}), b"PK\3\4" + bytes(100), b"<!doctype html><html></html>",
     constant_yolo(ZEROS).content()[:-5], constant_yolo(ZEROS).content()[:100], message(7, b"\xff" * 50),
     number(1, 8) + message(7, b"") * 2, b"\x3a" + b"\xff" * 9 + b"\x01", b"\x0b\x0c"],
)  # fmt: skip
def test_truncated_files_are_one_line(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "mine.onnx"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"mine.onnx: it .*; export the model to ONNX again, as one file$"):
        find_spec("faces", f"onnx:{path}")


def test_paths_that_are_not_files_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        find_spec("faces", f"onnx:{tmp_path / 'gone.onnx'}")
    with pytest.raises(InputError, match="there is no such file"):
        find_spec("heads", f"onnx:{tmp_path}")
    os.mkfifo(tmp_path / "fifo.onnx")
    with pytest.raises(WeightsError, match="a FIFO, not a file"):
        read_model(tmp_path / "fifo.onnx")
    sparse = tmp_path / "sparse.onnx"
    with sparse.open("wb") as opened:
        opened.truncate(2**31)
    with pytest.raises(InputError, match=r"sparse\.onnx: 2,147,483,648 bytes, more than the 1,073,741,824"):
        find_spec("faces", f"onnx:{sparse}")
    with pytest.raises(InputError, match=r"expected one of: .*, timm:NAME, none"):
        find_spec("embedder", f"onnx:{sparse}")


def test_functions_of_a_file_may_have_a_domain_of_their_own() -> None:
    graph = constant_yolo(ZEROS)
    graph.nodes.append(node("Twice", ["boxes"], "other", domain="mine"))
    with pytest.raises(WeightsError, match="'mine'"):
        facts_of(graph.content())
    graph.extra = message(25, message(1, "Twice") + message(7, node("Add", ["x", "x"], "y")) + message(10, "mine"))
    assert facts_of(graph.content()).own_domains == {"mine"}
    graph.extra = message(25, message(7, node("Add", ["x", "x"], "y", domain="other")) + message(10, "mine"))
    with pytest.raises(WeightsError, match="'other'"):
        facts_of(graph.content())


def test_another_file_is_another_version(tmp_path: Path) -> None:
    path = constant_yolo(ZEROS).write(tmp_path / "mine.onnx")
    first = model_version("faces", f"onnx:{path}", tmp_path)
    assert first.startswith("mine v1 ")
    assert model_version("heads", f"onnx:{path}", tmp_path) == first
    constant_yolo(ZEROS + 1).write(path)
    assert model_version("faces", f"onnx:{path}", tmp_path) != first


WHOLE = color_yolo(texts={**FACE_AND_HEAD, "imgsz": "[64, 64]", "args": "{'nms': False}"}).content()


@given(at=st.integers(0, len(WHOLE)), changed=st.binary(min_size=1, max_size=8), cut=st.integers(0, 300))
def test_damage_is_found_or_harmless_and_never_a_bug(at: int, changed: bytes, cut: int) -> None:
    content = bytearray(WHOLE)
    content[at : at + len(changed)] = changed
    with suppress(LapError):
        described = yolo_file(facts_of(bytes(content[: len(content) - cut])))
        assert 32 <= min(described.size) <= max(described.size) <= MAX_SIDE
