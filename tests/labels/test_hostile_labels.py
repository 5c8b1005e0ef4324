"""Untrusted label files: whatever their content, they are read, or rejected by name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats import coco, read_as, voc, write_labels, yolo
from tests.profiles import examples

LABELS = Annotations(
    (LabeledImage("0/a.jpg", 10, 20, (Box(1, 2, 3, 4, 1), Box(1, 2, 3, 4, attributes=(("blur", 2),)))),),
    {1: "boy"},
)
FILES: dict[str, Callable[[], str]] = {
    "coco": lambda: coco.text(LABELS),
    "voc": lambda: next(text for name, text in voc.files(LABELS) if name.endswith(".xml")),
    "yolo": lambda: next(text for name, text in yolo.files(LABELS) if name == yolo.DATA),
    "wider": lambda: "0/a.jpg\n1\n1 2 3 4 0 0 0 0 0 0\n",
    "lap": lambda: "0\\a.jpg: 1 2 3 4 1, 1 2 3 4 0.5\n",
}
VOC = "Annotations/a.xml"
RESULT = {"id": "q", "type": "rectanglelabels", "original_width": 10, "original_height": 20, "image_rotation": 0,
          "value": {"x": 1, "y": 2, "width": 3, "height": 4, "rotation": 5, "rectanglelabels": ["face"]}}  # fmt: skip
TREES: dict[str, Any] = {
    "labelstudio": [
        {"id": 1, "data": {"image": "a.jpg"}, "annotations": [{"was_cancelled": False, "result": [RESULT]}]},
        {"id": 2, "data": {"image": "b.jpg"}, "annotations": [], "drafts": [{}],
         "predictions": [{"score": 0.5, "model_version": "m", "result": [RESULT]}]},
    ],
    "labelme": {"version": "5", "flags": {"bad": False}, "imagePath": "a.jpg", "imageWidth": 10, "imageHeight": 20,
                "shapes": [{"label": "face", "points": [[1, 2], [3, 4]], "shape_type": "circle", "flags": {},
                            "group_id": None}]},
    "dataturks": {"content": "a.jpg", "annotation": [{"label": ["face"], "points": [{"x": 0.1, "y": 0.2}] * 2,
                                                       "imageWidth": 10, "imageHeight": 20}]},
}  # fmt: skip
FILES |= {name: lambda name=name: json.dumps(TREES[name]) for name in TREES}  # type: ignore[misc]
PLACES = {
    **dict.fromkeys(TREES, "a.json"),
    "coco": "a.json",
    "voc": VOC,
    "yolo": "data.yaml",
    "wider": "wider_a.txt",
    "lap": "labels.txt",
}
quick = examples(60)
values = st.sampled_from([None, True, 0, -1, 1e308, "", "x", "../x", [], [1], {}, {"a": 1}, float("nan"), "1" * 400])


def read(name: str, folder: Path, data: bytes) -> None:
    path = folder / PLACES[name]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    refused: tuple[str, ...] | None = None
    try:
        read_as(name, folder if name in ("voc", "yolo") else path, lambda _: (10, 20))
    except LabelFileError as bad:
        refused = bad.faults
    assert refused is None or (refused and all(str(folder) in fault for fault in refused))


@quick
@given(data=st.data())
@pytest.mark.parametrize("name", sorted(FILES))
def test_changed_bytes(name: str, tmp_path: Path, data: st.DataObject) -> None:
    whole = FILES[name]().encode()
    at = data.draw(st.integers(0, len(whole)))
    missing = data.draw(st.integers(0, 12))
    new = data.draw(st.binary(max_size=6) | st.sampled_from([b"-", b"9" * 30, b"\n", b"<", b"[", b'"', b"&x;", b": "]))
    read(name, tmp_path, whole[:at] + new + whole[at + missing :])


def nodes(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    below = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(found for key, child in below for found in nodes(child, (*path, key)))]


@quick
@given(data=st.data())
@pytest.mark.parametrize("name", ["coco", "yolo", *TREES])
def test_another_value_in_any_position(name: str, tmp_path: Path, data: st.DataObject) -> None:
    tree = yaml.safe_load(FILES[name]()) if name == "yolo" else json.loads(FILES[name]())
    path = data.draw(st.sampled_from(nodes(tree)))
    value = data.draw(values)
    if not path:
        tree = value
    else:
        place = tree
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value
    read(name, tmp_path, (yaml.safe_dump(tree) if name == "yolo" else json.dumps(tree)).encode())


@pytest.mark.parametrize("name", ["\x1b[31mface", "face\nhead", "fa\u202ece", "face\0"])
@pytest.mark.parametrize("kind", ["coco", "yolo", "voc", "parquet", "lap"])
def test_a_class_whose_name_cannot_be_printed_is_not_written(kind: str, name: str, tmp_path: Path) -> None:
    labels = Annotations((LabeledImage("a.jpg", 60, 40, (Box(1, 2, 3, 4, 1),)),), {1: name}, "face")
    with pytest.raises(InputError, match=r"class 1 .* has characters that are not printable; rename it"):
        write_labels(labels, tmp_path / "out", kind)
    assert list(tmp_path.iterdir()) == []
