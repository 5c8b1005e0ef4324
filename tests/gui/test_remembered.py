"""The Labeler resumes where a person stopped, with the colors and the layout that they chose."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from lap_gui import LabelerGUI
from lap_gui.labeler.opening import open_session, opening
from lap_gui.labeler.remembered import Remembered, WindowState
from lap_gui.labeler.window import LabelerWindow
from tests.gui.hands import Hands, wait_for
from tests.gui.labeling import folder, names


def window(root: Path, **changes: object) -> LabelerWindow:
    opened = LabelerGUI(window_size=(900, 700)).use(replace(opening(root), **changes)).window()  # type: ignore[arg-type]
    wait_for(opened.root, lambda: opened.viewport.picture is not None)
    return opened


def test_position_color_and_layout_are_restored(display: str, hands: Hands, tmp_path: Path) -> None:
    root = folder(tmp_path, 4)
    with closing(window(root, resumes=True)) as first:
        hands.on(first)
        for key in ("End", "c", "c", "l"):
            hands.press(key)
    with closing(window(root, resumes=True)) as again:
        assert again.session.name == names(4)[3]
        assert (again.painting.color, again.thumbnails.columns) == (2, 1)
    with closing(window(root, reviewer="somebody else", resumes=True)) as other:
        assert (other.session.index, other.painting.color, other.thumbnails.columns) == (0, 0, 0)


def test_a_start_that_was_given_counts_and_an_image_that_is_gone_is_no_error(tmp_path: Path) -> None:
    root = folder(tmp_path, 4)
    what = opening(root)
    Remembered(what.labels, what.reviewer).write(WindowState(names(4)[2]))
    for changes, index in (({"start": 1}, 1), ({"resumes": True}, 2)):
        session = open_session(replace(what, **changes)).session
        assert session.index == index
        session.close()
    (root / names(4)[2]).unlink()
    session = open_session(replace(what, resumes=True)).session
    assert session.index == 0
    session.close()


def test_a_read_only_window_writes_nothing(display: str, tmp_path: Path) -> None:
    root = folder(tmp_path, 2)
    before = sorted(tmp_path.rglob("*"))
    with closing(window(root, readonly=True)):
        pass
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("text", ["", "[]", "{", '{"ann": 3}', '{"ann": {"image": 1, "color": "x", "columns": 0}}'])
def test_a_file_with_other_content_is_ignored(tmp_path: Path, text: str) -> None:
    labels = tmp_path / "bboxes.txt"
    (tmp_path / ".bboxes.txt.window.json").write_text(text)
    remembered = Remembered(labels, "ann")
    assert remembered.read() == WindowState()
    remembered.write(WindowState("a.jpg", 1, 2))
    assert remembered.read() == WindowState("a.jpg", 1, 2)
