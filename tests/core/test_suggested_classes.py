"""The file of suggested classes: written and read back; a wrong line affects only itself."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.box import Box
from lap_assets.core.labels.suggested_classes import (
    HEADER,
    SuggestedClass,
    read_suggested_classes,
    write_suggested_classes,
)  # fmt: skip

SIDES = st.integers(0, 5000)
BOXES = st.builds(lambda x, y, w, h: Box(x, y, x + w, y + h), SIDES, SIDES, SIDES, SIDES)
NAMES = st.builds("{}/MAL{:05d}_0001_000001.jpg".format, st.integers(0, 9), st.integers(1, 99))
TOLD = st.builds(SuggestedClass, st.integers(0, 15), st.integers(0, 10_000).map(lambda part: part / 10_000))


@given(st.lists(st.tuples(NAMES, BOXES, TOLD), unique_by=lambda one: (one[0], one[1].corners)))
def test_what_is_written_is_read_back(boxes: list[tuple[str, Box, SuggestedClass]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "labels_faces_suggested.classes.tsv"
        write_suggested_classes(path, boxes)
        found, faults = read_suggested_classes(path)
    assert faults == []
    assert {(name, corners): result for name, rows in found.items() for corners, result in rows.items()} == {
        (name, box.corners): result for name, box, result in boxes
    }


def test_a_wrong_line_is_named_and_the_others_count(tmp_path: Path) -> None:
    path = tmp_path / "x.tsv"
    wrong = ["a.jpg\t1\t2\t3", "a.jpg\t9\t9\t1\t1\t3\t0.5", "a.jpg\t0\t0\t9\t9\t3\t1.5", "../a.jpg\t0\t0\t9\t9\t3\t0.5",
             "a.jpg\t0\t0\t9\t9\t-1\t0.5", "a.jpg\tnan\t0\t9\t9\t1\t0.5"]  # fmt: skip
    path.write_text("\n".join([HEADER, *wrong, "a.jpg\t0\t0\t9\t9\t3\t0.5"]) + "\n")
    found, faults = read_suggested_classes(path)
    assert found == {"a.jpg": {(0, 0, 9, 9): SuggestedClass(3, 0.5)}}
    assert [fault.line for fault in faults] == [2, 3, 4, 5, 6, 7]
    assert read_suggested_classes(tmp_path / "none.tsv") == ({}, [])
    path.write_bytes(b"\xff\xfe")
    assert [fault.line for fault in read_suggested_classes(path)[1]] == [1]
    assert len(read_suggested_classes(tmp_path)[1]) == 1  # a folder
