"""Label files of an adopted folder: none is ignored silently."""

import re
from pathlib import Path

import pytest

from lap_assets.labels.adoption import read_label_files

NAMES = ["0/MAL00001_0001_000001.jpg", "0/MAL00002_0001_000002.jpg"]
LINE = "0\\MAL00001_0001_000001.jpg: 1 2 30 40 3\r\n"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("Labels_Faces.TXT", r"Labels_Faces.TXT: rename it to labels_faces.txt, so that it is read"),
        ("CLASSES.txt", "CLASSES.txt: rename it to classes.txt, so that it is read"),
        ("labels_faces (1).txt", "labels_faces (1).txt: not a name of a LAP label file"),
        ("labels_heads.classes.txt", "labels_heads.classes.txt: not a name of a LAP label file"),
        ("labels_faces.txt.txt", "labels_faces.txt.txt: not a name of a LAP label file"),
        ("delcands_old.txt", "delcands_old.txt: not a name of a LAP label file"),
    ],
)
def test_files_with_names_like_label_files_are_named(name: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(LINE)
    (found,) = read_label_files(tmp_path, NAMES).problems
    assert found.startswith(problem)


def test_known_files_are_no_problem(tmp_path: Path) -> None:
    for name in ("labels_faces.txt", "labels_faces_baseline.txt", "labels_heads_baseline_10000.txt"):
        (tmp_path / name).write_text(LINE)
    for name, text in {
        "classes.txt": "3:girl\n", "delcands.txt": "1\n", "delcands.names.txt": f"{NAMES[1]}\n",
        "labels_faces.reviewed.tsv": f"name\treviewed\twidth\theight\n{NAMES[0]}\tyes\t60\t80\n",
        "labels_faces_suggested.txt": LINE, "README.md": "", "notes.txt": "labels",
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text)
    found = read_label_files(tmp_path, NAMES)
    assert found.problems == []
    assert (list(found.refined), found.marked) == (["labels_faces.txt"], (NAMES[1],))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (LINE.encode("utf-16"), "the file is UTF-16"),
        (LINE.replace("3\r", "three\r").encode(), r"labels_faces\.txt:1: "),
        (LINE.replace("MAL00001", "MAL00009").encode(), "is not an image of the folder"),
        ((LINE * 2).encode(), "has a line already; only the first counts"),
        (LINE.replace("1 2 30 40", "30 40 1 2").encode(), "its corners are swapped"),
        (LINE.replace(".jpg", ".jpg ").replace(": ", ": -1 ").encode(), r"labels_faces\.txt:1: "),
    ],
)
def test_invalid_lines_are_named(content: bytes, problem: str, tmp_path: Path) -> None:
    (tmp_path / "labels_faces.txt").write_bytes(content)
    problems = read_label_files(tmp_path, NAMES).problems
    assert any(re.search(problem, line) for line in problems)
