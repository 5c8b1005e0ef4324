"""Label files: reading, writing back, faults. Numbers in test names are those of the original's faults."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.box import Box, in_order
from lap_assets.core.errors import LabelFileError
from lap_assets.core.labels.document import Labels
from lap_assets.core.labels.lap_format import parse, read, write
from lap_assets.core.labels.lists import (
    ReviewEntry,
    read_classes,
    read_delcands,
    read_names,
    read_reviewed,
    write_delcands,
    write_reviewed,
)

A, B, C = "0/MAL00001_0001_000001.jpg", "0/MAL00001_0001_000002.jpg", "0/MAL00001_0001_000003.jpg"


def lines(*texts: str, end: str = "\r\n") -> bytes:
    return "".join(f"{text}{end}" for text in texts).encode()


THREE = lines(
    r"0\MAL00001_0001_000001.jpg: 10 20 30 40, 5 6 7 8 3",
    r"0\MAL00001_0001_000002.jpg: -",
    r"0\MAL00001_0001_000003.jpg: 1 2 3 4 0.990",
)


def test_classes_scores_four_numbers_and_none_are_read() -> None:
    labels = parse(THREE, Path("l.txt"))
    first, second = labels.boxes(A) or ()
    assert (first.corners, first.class_id, first.score) == ((5, 6, 7, 8), 3, None)
    assert (second.corners, second.class_id, second.score) == ((10, 20, 30, 40), None, None)
    assert labels.boxes(B) == ()
    assert [box.score for box in labels.boxes(C) or ()] == [0.99]
    assert labels.boxes("0/other.jpg") is None
    assert labels.faults == []


def test_02_other_lines_stay_when_one_is_changed() -> None:
    labels = parse(THREE, Path("l.txt"))
    labels.set(B, [Box(1, 2, 3, 4, 5)])
    before, after = THREE.split(b"\r\n"), labels.data().split(b"\r\n")
    assert after[1] == rb"0\MAL00001_0001_000002.jpg: 1 2 3 4 5"
    assert [after[0], *after[2:]] == [before[0], *before[2:]]


def test_04_08_a_box_that_nobody_touched_keeps_its_digits() -> None:
    labels = parse(lines(f"{A}: 010 20 30 40, 50 60 70 80 0.990, 90.50 1 92 3 -1"), Path("l.txt"))
    boxes = list(labels.boxes(A) or ())
    boxes[1] = boxes[1].with_corners(51, 60, 70, 80)
    labels.set(A, boxes)
    assert labels.data() == lines(f"{A}: 010 20 30 40, 51 60 70 80 0.99, 90.50 1 92 3 -1")


def test_10_none_is_counted_as_no_face() -> None:
    labels = parse(THREE, Path("l.txt"))
    assert [labels.count(name) for name in (A, B, C, "0/other.jpg")] == [2, 0, 1, 0]
    labels.set(C, [])
    labels.set(B, [Box(1, 2, 3, 4), Box(5, 6, 7, 8)])
    assert [labels.count(name) for name in (A, B, C)] == [2, 2, 0]


def test_a_line_changed_back_keeps_its_bytes() -> None:
    odd = lines(f"{A}:  7 8 9 10,1 2 3 4  2 ")
    labels = parse(odd, Path("l.txt"))
    boxes = labels.boxes(A) or ()
    labels.set(A, [])
    assert labels.data() == lines(f"{A}: -")
    labels.set(A, boxes)
    assert labels.data() == odd


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("whole", [True, False])
def test_line_ends_bom_and_a_missing_last_end_are_kept(end: str, head: bytes, whole: bool) -> None:
    data = head + lines(f"{A}: -", "", f"{B}: 1 2 3 4", end=end)
    data = data if whole else data.removesuffix(end.encode())
    labels = parse(data, Path("l.txt"))
    assert labels.data() == data
    labels.set(C, [])
    assert labels.data() == data + (b"" if whole else end.encode()) + f"{C}: -".encode() + (end.encode())
    assert labels.boxes(B) == (Box(1, 2, 3, 4),)


def test_new_lines_follow_the_order_of_the_list() -> None:
    labels = parse(lines(f"{B}: 1 2 3 4", end="\n"), Path("l.txt"))
    labels.ensure([A, B, C])
    assert labels.data() == lines(f"{A}: -", f"{B}: 1 2 3 4", f"{C}: -", end="\n")


def test_01_labels_belong_to_names_in_any_order() -> None:
    mixed = parse(b"\r\n".join(reversed(THREE.split(b"\r\n"))), Path("l.txt"))
    straight = parse(THREE, Path("l.txt"))
    assert all(mixed.boxes(name) == straight.boxes(name) for name in (A, B, C))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1 2 3", "'1 2 3' has 3 numbers"),
        ("1 2 3 4 5 6", "has 6 numbers"),
        ("1 2 x 4", "'x' is not a number"),
        ("1 2 nan 4", "'nan' is not a number"),
        ("1 2 3 1e999", "'1e999' is not a number"),
        ("1_0 2 3 4", "'1_0' is not a number"),
        ("١ 2 3 4", "'١' is not a number"),
        ("", "has 0 numbers"),
        ("1 2 3 4,", "has 0 numbers"),
        ("- 1 2 3 4", "'-' is not a number"),
        ("1 2 3 4 1.5", "the score is not within 0 and 1"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_kept(text: str, told: str) -> None:
    data = lines(f"{A}: -", f"{B}: {text}", f"{C}: 7 7 9 9")
    labels = parse(data, Path("l.txt"))
    (fault,) = labels.faults
    assert str(fault).startswith("l.txt:2: ")
    assert told in str(fault)
    assert labels.boxes(B) is None
    with pytest.raises(LabelFileError, match=r"l\.txt:2: .*correct the line"):
        labels.set(B, [])
    labels.set(C, [])
    assert labels.data() == data.replace(b"7 7 9 9", b"-")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"no colon", "expected `name: boxes`"),
        (b"/etc/passwd: -", "not the name of a file below"),
        (rb"..\..\x.jpg: -", "not the name of a file below"),
        (rb"C:\x.jpg: -", "not the name of a file below"),
        (b": -", "not the name of a file below"),
        (b"0\\\xcf\xf0.jpg: -", "not UTF-8"),
    ],
)
def test_a_line_without_a_proper_name_is_named_and_kept(line: bytes, told: str) -> None:
    data = lines(f"{A}: -", end="\n") + line + b"\n"
    labels = parse(data, Path("l.txt"))
    assert told in str(labels.faults[0])
    assert labels.faults[0].line == 2
    assert labels.data() == data


def test_an_image_with_two_lines_is_named_and_cannot_be_changed() -> None:
    data = lines(f"{A}: 1 2 3 4", f"{A}: 5 6 7 8")
    labels = parse(data, Path("l.txt"))
    assert f"l.txt:2: {A} has a line already" in str(labels.faults[0])
    assert labels.boxes(A) == (Box(1, 2, 3, 4),)
    with pytest.raises(LabelFileError, match="correct the line"):
        labels.set(A, [])
    assert labels.data() == data


def test_swapped_corners_and_unknown_classes_are_named_by_line() -> None:
    labels = parse(lines(f"{A}: 1 2 3 4 1", f"{B}: 9 2 3 4, 1 2 3 4 16"), Path("l.txt"))
    result = [str(fault) for fault in labels.check({1: "boy"})]
    assert result == [
        "l.txt:2: box 1 2 3 4 16: there is no class 16",
        "l.txt:2: box 9 2 3 4: its corners are swapped (x2 < x1 or y2 < y1)",
    ]
    assert len(labels.check()) == 1


def test_swapped_corners_are_corrected_and_the_line_stays_until_its_box_is_changed() -> None:
    data = lines(f"{A}: 9 2 3 4, 10 20 30 40")
    labels = parse(data, Path("l.txt"))
    swapped, other = labels.boxes(A) or ()
    assert swapped == Box(3, 2, 9, 4)
    labels.set(A, [swapped, other.with_corners(10, 20, 30, 41)])
    assert labels.data() == lines(f"{A}: 9 2 3 4, 10 20 30 41")
    labels.set(A, [swapped.with_corners(4, 2, 9, 4), other])
    assert labels.data() == lines(f"{A}: 4 2 9 4, 10 20 30 40")
    assert labels.check() == []


def test_a_file_in_utf16_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "l.txt"
    path.write_text("x: -", encoding="utf-16")
    with pytest.raises(LabelFileError, match=r"l\.txt: the file is UTF-16; save it as UTF-8"):
        read(path)


numbers = st.integers(0, 5000) | st.floats(0, 5000, allow_nan=False).map(lambda x: round(x, 3))
pairs = st.tuples(numbers, numbers).map(sorted)
scores = st.floats(0, 1).filter(lambda score: not score or score > 1e-9)
boxes = st.builds(
    lambda xs, ys, class_id, score: Box(xs[0], ys[0], xs[1], ys[1], class_id, score),
    pairs,
    pairs,
    st.none(),
    st.none() | scores,
) | st.builds(lambda xs, ys, class_id: Box(xs[0], ys[0], xs[1], ys[1], class_id), pairs, pairs, st.integers(0, 14))
names = st.from_regex(r"[0-9]/[\w .,()&-]{1,20}\.jpg", fullmatch=True).filter(lambda name: name == name.strip())


@given(st.dictionaries(names, st.lists(boxes, max_size=5)))
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, said: dict[str, list[Box]]) -> None:
    path = tmp_path_factory.mktemp("labels") / "l.txt"
    write(path, said)
    labels = read(path)
    assert labels.faults == []
    assert {name: labels.boxes(name) for name in labels} == {n: in_order(b) for n, b in said.items()}
    assert labels.data() == path.read_bytes()


@given(st.dictionaries(names, st.lists(boxes, max_size=5)), st.sampled_from(["l.txt", "l_baseline.txt"]))
def test_a_detectors_file_keeps_classes_and_any_other_keeps_scores(
    tmp_path_factory: pytest.TempPathFactory, said: dict[str, list[Box]], name: str
) -> None:
    path = tmp_path_factory.mktemp("labels") / name
    write(path, said)
    labels = read(path)
    assert {name: labels.boxes(name) for name in labels} == {n: in_order(b) for n, b in said.items()}


mixed = st.sampled_from(["", " 0", " 1", " 00", " 0.5", " 1.0", " 3", " +0", " +1", " +7", " -1", " -0"])
rows = st.lists(st.lists(mixed, max_size=3), min_size=1, max_size=4)


@given(rows, st.data(), st.sampled_from(["l.txt", "l_baseline.txt"]))
def test_a_change_of_one_line_changes_no_class_or_score_of_another(
    found: list[list[str]], data: st.DataObject, name: str
) -> None:
    text = [
        f"{row}.jpg: " + (", ".join(f"{x} 0 {x} 0{last}" for x, last in enumerate(lasts)) or "-")
        for row, lasts in enumerate(found)
    ]
    labels = parse(lines(*text), Path(name))
    for image in data.draw(st.sets(st.sampled_from(list(labels)))):
        kept = data.draw(st.sets(st.sampled_from(labels.boxes(image) or (Box(0, 0, 1, 1),))))
        labels.set(image, [*kept, *data.draw(st.lists(boxes, max_size=2))])
    again = parse(labels.data(), Path(name))
    assert again.faults == []
    assert {n: again.boxes(n) for n in again} == {n: labels.boxes(n) for n in labels}


@given(st.binary(max_size=200) | st.text("-0123456789 .,:\\/ab\r\n", max_size=200).map(str.encode))
def test_any_bytes_come_back_as_they_were(data: bytes) -> None:
    try:
        labels = parse(data, Path("l.txt"))
    except LabelFileError:
        assert data.startswith((b"\xff\xfe", b"\xfe\xff"))
        return
    labels.check({})
    assert labels.data() == data


def test_a_new_file_has_backslashes_and_one_with_slashes_keeps_them() -> None:
    labels = Labels()
    labels.set(A, [Box(1, 2, 3, 4)])
    assert labels.data() == b"0\\MAL00001_0001_000001.jpg: 1 2 3 4\n"
    slashed = parse(f"{A}: -\n".encode(), Path("l.txt"))
    slashed.set(B, [])
    assert slashed.data() == f"{A}: -\n{B}: -\n".encode()


def test_classes_are_read_and_invalid_lines_are_named(tmp_path: Path) -> None:
    path = tmp_path / "classes.txt"
    path.write_text("0:boy\n1: girl\nx:cat\n1:again\n14:other\n")
    classes, faults = read_classes(path)
    assert classes == {0: "boy", 1: "girl", 14: "other"}
    assert [fault.line for fault in faults] == [3, 4]
    assert read_classes(tmp_path / "none.txt") == ({}, [])


def test_09_an_index_past_the_list_is_named_and_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "delcands.txt"
    path.write_text("2\n0\n3\n-1\nx\n2\n")
    read_list = read_delcands(path, 3)
    assert read_list.indices == (2, 0)
    assert read_list.others == ("3", "-1", "x")
    assert [str(fault) for fault in read_list.faults] == [
        f"{path}:3: there is no image 3: the list has 3",
        f"{path}:4: '-1' is not an index",
        f"{path}:5: 'x' is not an index",
    ]


def test_marked_images_are_kept_by_index_and_by_name(tmp_path: Path) -> None:
    path = tmp_path / "delcands.txt"
    write_delcands(path, [C, A, "1/elsewhere.jpg"], [A, B, C])
    assert path.read_text() == "2\n0\n"
    assert read_names(tmp_path / "delcands.names.txt") == [C, A, "1/elsewhere.jpg"]


def test_reviewed_images_are_read_back_and_faults_are_named(tmp_path: Path) -> None:
    path = tmp_path / "l.reviewed.tsv"
    known = {A: ReviewEntry(True, (600, 900)), B: ReviewEntry(False, None)}
    write_reviewed(path, known)
    assert read_reviewed(path) == (known, [])
    path.write_text(path.read_text() + f"{C}\tmaybe\t1\t2\n../x\tyes\t1\t2\n")
    again, faults = read_reviewed(path)
    assert again == known
    assert [fault.line for fault in faults] == [4, 5]


def test_an_image_with_two_different_lines_is_not_reviewed_and_named(tmp_path: Path) -> None:
    path = tmp_path / "l.reviewed.tsv"
    for first, second in (("yes", "no"), ("no", "yes")):
        path.write_text(f"{A}\t{first}\t\t\n{B}\tyes\t\t\n{A}\t{second}\t\t\n{B}\tyes\t\t\n")
        known, faults = read_reviewed(path)
        assert known == {A: ReviewEntry(False), B: ReviewEntry(True)}
        assert [(fault.line, f"{A} occurs twice" in str(fault)) for fault in faults] == [(3, True)]


@pytest.mark.parametrize(
    ("name", "text", "scores"),
    [
        ("labels_faces_baseline.txt", "a.jpg: 1 2 3 4 1, 5 6 7 8 0\n", [1.0, 0.0]),
        ("labels_heads_baseline_10000.txt", "a.jpg: 1 2 3 4 1\n", [1.0]),
        ("found.txt", "a.jpg: 1 2 3 4 1, 5 6 7 8 0.5\n", [1.0, 0.5]),
        ("labels_faces.txt", "a.jpg: 1 2 3 4 1, 5 6 7 8 0\n", [None, None]),
        ("labels_faces.txt", "a.jpg: 1 2 3 4 1, 5 6 7 8 7\nb.jpg: 1 2 3 4 0.5\n", [None, None]),
    ],
)
def test_a_score_of_1_is_a_score_where_a_detector_wrote_the_file(
    tmp_path: Path, name: str, text: str, scores: list[float | None]
) -> None:
    path = tmp_path / name
    path.write_text(text)
    labels = read(path)
    assert [box.score for box in labels.boxes("a.jpg") or ()] == scores
    assert labels.data() == text.encode()
    labels.set("a.jpg", [*(labels.boxes("a.jpg") or ()), Box(9, 9, 10, 10)])
    assert labels.data().startswith(text.splitlines()[0].encode())
