"""The Labeler's window under real keys and a real mouse. Numbers refer to the original's faults."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from lap_assets.core.box import Box
from lap_assets.core.labels.box_text import format_box
from lap_gui import LabelerGUI
from lap_gui.labeler.class_names import ClassNames
from lap_gui.labeler.edits import MIN_SIDE
from lap_gui.labeler.opening import opening
from lap_gui.labeler.overlay import suggestion_text
from lap_gui.labeler.parts import BoxSelection
from lap_gui.labeler.window import LabelerWindow
from lap_gui.shared import theme
from lap_gui.shared.deciding import HELD
from tests.gui.hands import Hands, grab, settle, wait_for
from tests.gui.labeling import folder, lines, names

Open = Callable[..., LabelerWindow]


@pytest.fixture
def opened(display: str, tmp_path: Path) -> Iterator[Open]:
    """Open the Labeler on a folder, and close it at the end."""
    windows: list[LabelerWindow] = []

    def make(root: Path = tmp_path, **changes: object) -> LabelerWindow:
        made = LabelerGUI(window_size=(1000, 760)).use(replace(opening(root), **changes)).window()  # type: ignore[arg-type]
        windows.append(made)
        shown(made)
        return made

    yield make
    for window in windows:
        window.close()


def shown(window: LabelerWindow) -> None:
    """Wait until the current image is on the screen."""
    wait_for(window.root, lambda: window.viewport.picture is not None and window.viewport.winfo_width() > 100)
    settle(window.root)


def at(window: LabelerWindow, x: float, y: float) -> tuple[float, float]:
    """Return a point of the image in viewport coordinates."""
    return window.viewport.view.to_canvas(x, y)


def drag(window: LabelerWindow, hands: Hands, box: tuple[int, int, int, int]) -> None:
    """Drag from the first corner of a box to the second one."""
    hands.drag(window.viewport, at(window, *box[:2]), at(window, *box[2:]))


def near(box: Box | None, corners: tuple[float, ...], by: float = 2) -> bool:
    """Return whether the box is there, within the rounding of the screen."""
    return box is not None and all(abs(a - b) <= by for a, b in zip(box.corners, corners, strict=True))


def test_a_box_is_drawn_classified_moved_and_saved(opened: Open, hands: Hands, tmp_path: Path) -> None:
    window = opened(folder(tmp_path))
    hands.on(window)
    drag(window, hands, (20, 30, 90, 120))
    assert near(window.session.boxes[0], (20, 30, 90, 120))
    hands.press("underscore")
    assert window.session.boxes[0].class_id == 14
    before = window.session.boxes[0]
    for chord in ("w", "Shift+a", "Up", "Shift+Right"):
        hands.press(chord)
    after = window.session.boxes[0]
    assert after.corners == (before.xmin + 1, before.ymin, before.xmax - 1, before.ymax - 6)
    hands.drag(window.viewport, at(window, after.xmin, after.ymin), at(window, 50, 60))
    assert near(window.session.boxes[0], (50, 60, after.xmax, after.ymax))
    hands.drag(window.viewport, at(window, 60, 80), at(window, 80, 110), modifier="Ctrl")
    assert near(window.session.boxes[0], (70, 90, after.xmax + 20, after.ymax + 30))
    hands.press("Ctrl+s")
    assert window.status.message == "saved"
    assert lines(tmp_path / "bboxes.txt")[names(1)[0]] == format_box(window.session.boxes[0])


def cursor_at(window: LabelerWindow, hands: Hands, x: float, y: float) -> str:
    hands.move(window.viewport, *at(window, x, y))
    return str(window.viewport.cget("cursor"))


def test_an_edge_is_moved_alone_by_mouse_and_keys_and_the_pointer_says_so(
    opened: Open, hands: Hands, tmp_path: Path
) -> None:
    window = opened(folder(tmp_path, 1))
    hands.on(window)
    drag(window, hands, (20, 30, 90, 120))
    first = window.session.boxes[0]
    assert cursor_at(window, hands, first.xmin, 70) == "left_side"
    assert cursor_at(window, hands, first.xmax, first.ymin) == "top_right_corner"
    assert cursor_at(window, hands, 55, 70) == ""
    hands.drag(window.viewport, at(window, first.xmin, 70), at(window, 40, 100))
    left = window.session.boxes[0]
    assert near(left, (40, *first.corners[1:]))
    assert left.corners[1:] == first.corners[1:]
    hands.drag(window.viewport, at(window, 60, left.ymax), at(window, 60, 5))  # past the top edge
    assert window.session.boxes[0].corners == (left.xmin, left.ymin, left.xmax, left.ymin + MIN_SIDE)
    hands.press("Ctrl+z")
    hands.click(window.viewport, *at(window, 60, left.ymin))
    assert window.session.selection == BoxSelection(0, "top")
    hands.press("w")
    hands.press("Down")
    assert window.session.boxes[0].corners == (left.xmin, left.ymin - 4, left.xmax, left.ymax)
    hands.press("Left")
    assert window.status.message == "the top edge moves only up and down"
    assert window.session.boxes[0].corners == (left.xmin, left.ymin - 4, left.xmax, left.ymax)


def test_a_tiny_box_is_moved_and_a_box_is_drawn_from_anothers_edge(opened: Open, hands: Hands, tmp_path: Path) -> None:
    (tmp_path / "bboxes.txt").write_text(f"{names(1)[0]}: 50 60 53 63\n")
    window = opened(folder(tmp_path, 1))
    hands.on(window)
    hands.drag(window.viewport, at(window, 52, 62), at(window, 92, 112), modifier="Ctrl")
    assert near(window.session.boxes[0], (90, 110, 93, 113))
    tiny = window.session.boxes[0]
    hands.drag(window.viewport, at(window, tiny.xmin, tiny.ymin), at(window, 40, 40), modifier="Shift")
    assert len(window.session.boxes) == 2
    assert tiny in window.session.boxes
    hands.press("Escape")
    hands.drag(window.viewport, at(window, tiny.xmin, tiny.ymin), at(window, 20, 30))
    assert len(window.session.boxes) == 2
    assert any(near(box, (20, 30, tiny.xmax, tiny.ymax)) for box in window.session.boxes)


@pytest.mark.parametrize(("key", "cls"), [("1", 1), ("9", 9), ("0", 10), ("minus", 11), ("equal", 12), ("plus", 13),
                                          ("underscore", 14), ("bracketright", 15)])  # fmt: skip
def test_each_class_has_its_key(opened: Open, hands: Hands, tmp_path: Path, key: str, cls: int) -> None:
    window = opened(folder(tmp_path, 1))
    hands.on(window)
    drag(window, hands, (20, 30, 90, 120))
    hands.press(key)
    assert window.session.boxes[0].class_id == cls


def test_03_a_key_never_moves_a_box_of_another_image(opened: Open, hands: Hands, tmp_path: Path) -> None:
    window = opened(folder(tmp_path))
    hands.on(window)
    drag(window, hands, (20, 30, 90, 120))
    hands.press("space")
    assert (window.session.index, window.session.selection) == (0, None)
    hands.press("Tab")
    hands.press("BackSpace")
    hands.press("space")
    hands.press("space")
    assert window.session.index == 1
    drag(window, hands, (100, 100, 150, 150))
    hands.press("Home")
    before = window.session.boxes
    hands.press("d")
    assert (window.session.index, window.session.boxes) == (0, before)


def test_05_a_box_drawn_past_the_edge_ends_there(opened: Open, hands: Hands, tmp_path: Path) -> None:
    window = opened(folder(tmp_path, 1))
    hands.on(window)
    drag(window, hands, (150, 250, 290, 299))
    assert near(window.session.boxes[0], (150, 250, 200, 299))
    hands.click(window.viewport, *at(window, 20, 20))
    assert len(window.session.boxes) == 1


def test_06_saving_happens_by_itself_and_the_status_line_says_how_it_stands(
    opened: Open, hands: Hands, tmp_path: Path
) -> None:
    window = opened(folder(tmp_path))
    hands.on(window)
    assert window.status.facts.endswith("saved")
    drag(window, hands, (20, 30, 90, 120))
    assert "1 bboxes" in window.status.facts
    assert window.status.facts.endswith("in the journal")
    wait_for(window.root, lambda: window.status.facts.endswith("saved"))
    assert lines(tmp_path / "bboxes.txt")[names(1)[0]] == format_box(window.session.boxes[0])
    hands.press("Ctrl+z")
    assert "no bboxes" in window.status.facts
    hands.press("Ctrl+Shift+z")
    assert "1 bboxes" in window.status.facts


def test_11_deleting_marks_and_moves_no_file(opened: Open, hands: Hands, tmp_path: Path) -> None:
    window = opened(folder(tmp_path))
    before = sorted(tmp_path.rglob("*.jpg"))
    hands.on(window)
    drag(window, hands, (20, 30, 90, 120))
    hands.press("Delete")
    assert window.session.boxes == ()
    assert len(window.session.marks) == 0
    hands.press("Delete")
    assert (tmp_path / "delcands.txt").read_text() == "0\n"
    assert "1 to delete" in window.status.facts
    assert window.viewport.find_withtag("veil")
    hands.press("Delete")
    assert (tmp_path / "delcands.txt").read_text() == ""
    assert not window.viewport.find_withtag("veil")
    assert sorted(tmp_path.rglob("*.jpg")) == before


def test_26_it_starts_without_classes_and_with_fewer_files_than_thumbnails(
    opened: Open, hands: Hands, tmp_path: Path
) -> None:
    window = opened(folder(tmp_path, 2), start=1)
    assert window.header.name.cget("text") == names(2)[1]
    hands.on(window)
    for _ in range(6):
        hands.press("l")
    for key in ("q", "e", "e", "space", "BackSpace"):
        hands.press(key)
    assert window.session.index == 0


def test_27_space_goes_one_on_up_to_the_last_image(opened: Open, hands: Hands, tmp_path: Path) -> None:
    window = opened(folder(tmp_path, 13), start=8)
    hands.on(window)
    seen = []
    for _ in range(6):
        seen.append(window.session.index)
        hands.press("space")
        shown(window)
    assert seen == [8, 9, 10, 11, 12, 12]
    assert window.status.message == "this is the last image"


def test_29_nothing_piles_up_on_the_canvas(opened: Open, hands: Hands, tmp_path: Path) -> None:
    window = opened(folder(tmp_path, 3))
    hands.on(window)
    drag(window, hands, (20, 30, 90, 120))
    hands.press("space")
    items = len(window.viewport.find_all())
    hands.wheel(window.viewport, *at(window, 100, 100), 5)
    for _ in range(2):
        hands.press("space")
        shown(window)
        hands.press("BackSpace")
        shown(window)
    hands.press("r")
    assert len(window.viewport.find_all()) <= items


def test_30_keys_work_with_caps_lock_and_a_cyrillic_layout(opened: Open, hands: Hands, tmp_path: Path) -> None:
    window = opened(folder(tmp_path, 2))
    hands.on(window)
    hands.caps_lock()
    hands.press("v")
    hands.caps_lock()
    assert window.session.labels.reviewed
    hands.relabel("v", "Cyrillic_em", "Cyrillic_EM")
    try:
        hands.press("Cyrillic_em")
    finally:
        hands.relabel("Cyrillic_em", "v", "V")
    assert not window.session.labels.reviewed


def test_33_two_windows_show_their_own_images(opened: Open, hands: Hands, tmp_path: Path) -> None:
    one = opened(folder(tmp_path / "one", 1))
    other = tmp_path / "two" / names(1)[0]
    other.parent.mkdir(parents=True)
    Image.new("RGB", (200, 300), "yellow").save(other)
    two = opened(tmp_path / "two")
    two.close()
    settle(one.root)
    hands.on(one)
    hands.wheel(one.viewport, 300, 200, 1)
    middle = tuple(side // 2 for side in one.viewport.view.canvas)
    red, green, blue = grab(one.viewport).getpixel(middle)  # type: ignore[misc,arg-type]
    assert (abs(red) < 9, abs(green - 90) < 9, abs(blue - 160) < 9) == (True, True, True)


def test_unreadable_images_are_shown_as_such_and_passed_over(opened: Open, hands: Hands, tmp_path: Path) -> None:
    folder(tmp_path, 3)
    (tmp_path / names(2)[1]).write_bytes(b"no picture")
    window = opened(tmp_path)
    hands.on(window)
    wait_for(window.root, lambda: not window.loader.is_busy)
    hands.press("space")
    assert window.session.index == 2
    assert "skipped" in window.status.message
    hands.press("g")
    for key in ("2", "Return"):
        hands.press(key)
    shown(window)
    assert window.session.index == 1
    assert window.viewport.picture is not None
    assert "cannot be read" in str(window.viewport.picture.problem)
    drag(window, hands, (1, 1, 90, 90))
    assert window.session.boxes == ()


def test_reviewed_next_unreviewed_and_go_to(opened: Open, hands: Hands, tmp_path: Path) -> None:
    window = opened(folder(tmp_path, 6))
    hands.on(window)
    hands.press("Return")
    hands.press("Return")
    assert window.session.index == 2
    hands.press("Home")
    hands.press("n")
    assert window.session.index == 2
    hands.press("g")
    for key in ("0", "0", "0", "0", "5", "underscore", "Return"):
        hands.press(key)
    assert window.session.index == 4
    hands.press("Ctrl+f")
    assert len(window.session.names) == 4
    assert window.header.number.whole.startswith("3 of 4  ·  not reviewed")


def test_a_filter_is_applied_again_after_return(opened: Open, hands: Hands, tmp_path: Path) -> None:
    window = opened(folder(tmp_path, 3))
    hands.on(window)
    hands.press("Ctrl+f")
    assert window.header.number.whole.startswith("1 of 3  ·  not reviewed")
    hands.press("space")
    hands.press("Return")
    assert list(window.session.names) == [names(3)[0], names(3)[2]]
    assert window.session.name == names(3)[2]
    hands.press("Return")
    assert list(window.session.names) == names(3)[:1]
    hands.press("Return")
    assert list(window.session.names) == names(3)
    assert window.status.message == "no more images with filter “not reviewed”: showing all"
    hands.press("Ctrl+z")
    assert (window.session.name, window.session.is_reviewed(0)) == (names(3)[0], False)


def test_a_filter_follows_the_layer_and_the_image_stays(opened: Open, hands: Hands, tmp_path: Path) -> None:
    root = folder(tmp_path, 4)
    for kind in ("faces", "heads"):
        (root / f"labels_{kind}.txt").touch()
    window = opened(root, labels=root / "labels_faces.txt")
    hands.on(window)
    for key in ("v", "space", "v", "f", "v", "space", "v", "f", "space"):  # faces of 0 and 1, heads of 1 and 2
        hands.press(key)
        shown(window)
    hands.press("Ctrl+f")
    assert list(window.session.names) == names(4)[2:]
    hands.press("End")
    hands.press("f")
    assert (window.session.layer.title, window.session.name) == ("heads", names(4)[3])
    assert list(window.session.names) == [names(4)[0], names(4)[3]]
    hands.press("Home")
    hands.press("f")
    assert (window.session.layer.title, window.session.name) == ("faces", names(4)[0])
    assert list(window.session.names) == names(4)
    assert window.status.message == "showing all: among the faces, this image is not “not reviewed”"


def test_z_shows_the_box_that_was_just_drawn(opened: Open, hands: Hands, tmp_path: Path) -> None:
    window = opened(folder(tmp_path, 1))
    hands.on(window)
    drag(window, hands, (20, 30, 90, 120))
    seen = []
    for _ in range(2):
        hands.press("z")
        seen.append((window.session.selected is not None, window.viewport.view.zoom > 1))
    assert seen == [(True, True), (False, False)]


def test_z_looks_at_a_last_box_that_fills_the_image_and_says_which_one_it_is(
    opened: Open, hands: Hands, tmp_path: Path
) -> None:
    (tmp_path / "bboxes.txt").write_text(f"{names(1)[0]}: 2 2 198 298, 0 0 20 20\n")
    window = opened(folder(tmp_path, 1))
    hands.on(window)
    hands.click(window.viewport, *at(window, 100, 200))
    seen = []
    for _ in range(3):
        hands.press("z")
        seen.append((window.session.selected and window.session.selected.xmax, window.status.message))
    assert seen == [(198, "box 2 of 2"), (None, "whole image"), (20, "box 1 of 2")]
    hands.press("Shift+z")
    assert window.status.message == "whole image"


def test_z_goes_through_the_boxes_and_back_to_the_whole(opened: Open, hands: Hands, tmp_path: Path) -> None:
    folder(tmp_path, 1)
    (tmp_path / "bboxes.txt").write_text(f"{names(1)[0]}: 100 200 120 220, 10 20 40 50\n")
    window = opened(tmp_path)
    hands.on(window)
    seen = []
    for _ in range(3):
        hands.press("z")
        seen.append((window.session.selected and window.session.selected.xmin, window.viewport.view.zoom > 1))
    assert seen == [(10, True), (100, True), (None, False)]


def test_suggestions_are_accepted_by_a_click_or_all_by_one_key(opened: Open, hands: Hands, tmp_path: Path) -> None:
    folder(tmp_path, 1)
    (tmp_path / "labels_faces_baseline.txt").write_text(
        f"{names(1)[0]}: 10 10 50 60 0.98, 100 100 150 150 0.7, 20 200 60 250 0.6\n"
    )
    window = opened(tmp_path, labels=tmp_path / "labels_faces.txt")
    hands.on(window)
    assert "3 suggested" in window.status.facts
    hands.click(window.viewport, *at(window, 120, 120))
    assert window.session.boxes == (Box(100, 100, 150, 150),)
    hands.press("2")
    hands.press("b")
    assert [box.class_id for box in window.session.boxes] == [None, None, 2]
    assert "suggested" not in window.status.facts


def test_keys_move_the_score_from_which_suggestions_are_shown(opened: Open, hands: Hands, tmp_path: Path) -> None:
    folder(tmp_path, 1)
    (tmp_path / "labels_faces_suggested.txt").write_text(f"{names(1)[0]}: 10 10 50 60 0.98, 100 100 150 150 0.07\n")
    (tmp_path / "labels_faces_suggested.classes.tsv").write_text(f"{names(1)[0]}\t10\t10\t50\t60\t2\t0.8\n")
    window = opened(tmp_path, labels=tmp_path / "labels_faces.txt")
    hands.on(window)
    assert "2 suggested" in window.status.facts
    hands.press("period")
    assert "2 suggested" in window.status.facts
    hands.press("period")
    assert window.status.message == "suggestions with a score of at least 0.10: 1 here"
    assert "1 suggested" in window.status.facts
    assert suggestion_text(window.session.suggested()[0], window.painting.classes).split() == ["0.98", "2", "0.80"]
    hands.press("comma")
    assert "2 suggested" in window.status.facts
    hands.press("b")
    assert [box.class_id for box in window.session.boxes] == [2, None]


def test_a_held_return_reviews_one_image(opened: Open, hands: Hands, tmp_path: Path) -> None:
    window = opened(folder(tmp_path, 9))
    hands.on(window)
    hands.hold("Return", lambda: window.status.message == HELD)
    shown(window)
    assert [window.session.is_reviewed(index) for index in range(9)] == [True] + 8 * [False]
    assert window.session.index == 1


def test_return_over_open_suggestions_says_how_many_and_wants_a_second_one(
    opened: Open, hands: Hands, tmp_path: Path
) -> None:
    folder(tmp_path, 2)
    (tmp_path / "labels_faces_baseline.txt").write_text(f"{names(1)[0]}: 10 10 50 60 0.98, 100 100 150 150 0.7\n")
    window = opened(tmp_path, labels=tmp_path / "labels_faces.txt")
    hands.on(window)
    hands.press("Return")
    assert window.status.message.startswith("2 suggestions are open")
    assert (window.session.index, window.session.is_reviewed(0)) == (0, False)
    hands.click(window.viewport, *at(window, 120, 120))
    hands.press("Escape")
    hands.press("Return")
    assert window.status.message.startswith("1 suggestion is open")  # another question than the first one
    hands.press("Return")
    assert (window.session.index, window.session.is_reviewed(0)) == (1, True)


def test_nothing_is_decided_on_an_image_that_cannot_be_read(opened: Open, hands: Hands, tmp_path: Path) -> None:
    root = folder(tmp_path, 2)
    (root / names(2)[0]).write_bytes(b"no picture")
    window = opened(root)
    hands.on(window)
    wait_for(window.root, lambda: window.picture is not None)
    hands.press("Return")
    assert "cannot be read, so it cannot be decided" in window.status.message
    assert (window.session.index, window.session.is_reviewed(0)) == (0, False)


def test_the_help_lists_every_command_and_opens_by_key_and_by_button(
    opened: Open, hands: Hands, tmp_path: Path
) -> None:
    window = opened(folder(tmp_path, 1))
    hands.on(window)
    hands.press("F1")
    assert window.help.is_open
    assert window.help.winfo_ismapped()
    hands.press("question")
    assert not window.help.is_open
    hands.click(window.header.help_button, 5, 5)
    assert window.help.is_open
    hands.press("Escape")
    assert not window.help.is_open


def test_boxes_show_their_classes_by_the_keys_that_give_them(opened: Open, hands: Hands, tmp_path: Path) -> None:
    (tmp_path / "classes.txt").write_text("0:boy\n4:girl\n30:animal\n")
    (tmp_path / "keys.toml").write_text('[labeler]\n"class 2" = "F2"\n')
    window = opened(folder(tmp_path, 1))
    hands.on(window)
    drag(window, hands, (20, 30, 90, 120))
    hands.press("F2")
    assert window.session.boxes[0].class_id == 4
    assert window.status.message == "class F2 girl"
    canvas = window.viewport
    texts = {str(canvas.tk.call(canvas, "itemcget", item, "-text"))
             for item in canvas.find_withtag("boxes") if canvas.tk.call(canvas, "type", item) == "text"}  # fmt: skip
    assert texts == {"F2 girl"}
    assert [window.painting.classes.text(one) for one in (0, 30, 7)] == ["1 boy", "3 animal", "7"]
    assert [ClassNames.of({}).text(one) for one in (9, 10, 15, 16)] == ["9", "10 (key 0)", "15 (key ])", "16"]
    many = ClassNames.of({number: f"n{number}" for number in range(20)})
    assert [many.text(one) for one in (0, 14, 15)] == ["1 n0", "] n14", "n15 (class 15)"]


def test_colors_classes_and_layouts_go_round(opened: Open, hands: Hands, tmp_path: Path) -> None:
    folder(tmp_path, 1)
    (tmp_path / "classes.txt").write_text("1:boy\n")
    (tmp_path / "bboxes.txt").write_text(f"{names(1)[0]}: 50 100 90 160 1\n")
    window = opened(tmp_path)
    hands.on(window)
    seen = set()
    for _ in range(5):
        left, top = at(window, 50, 130)
        seen.add(grab(window.viewport).getpixel((round(left), round(top))))
        hands.press("c")
    assert len(seen) == 5
    assert window.class_list.winfo_ismapped()
    hands.press("h")
    assert not window.class_list.winfo_ismapped()
    columns = []
    for _ in range(5):
        hands.press("l")
        columns.append(window.thumbnails.columns)
    assert columns == [1, 2, 3, 4, 0]


def test_an_image_is_jumped_to_by_its_thumbnail(opened: Open, hands: Hands, tmp_path: Path) -> None:
    window = opened(folder(tmp_path, 5))
    hands.on(window)
    hands.click(window.thumbnails, 126 * 3 + 20, 60)
    assert window.session.index == 3
    assert window.header.reviewed.cget("fg") == theme.QUIET


def test_read_only_windows_write_nothing(opened: Open, hands: Hands, tmp_path: Path) -> None:
    folder(tmp_path, 2)
    (tmp_path / "bboxes.txt").write_text(f"{names(1)[0]}: 50 100 90 160 1\n")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    window = opened(tmp_path, readonly=True, backup=True)
    hands.on(window)
    drag(window, hands, (100, 10, 150, 60))
    for key in ("Tab", "d", "2", "Delete", "Escape", "Delete", "v", "Ctrl+s", "space"):
        hands.press(key)
        assert window.status.facts.endswith("read-only")
        assert not any(word in window.status.message for word in ("read", "saved"))  # said once in the line
    window.close()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_it_works_on_a_folder_that_was_moved(opened: Open, hands: Hands, tmp_path: Path) -> None:
    window = opened(folder(tmp_path / "here", 2))
    hands.on(window)
    drag(window, hands, (20, 30, 90, 120))
    said = window.session.boxes
    window.close()
    shutil.move(tmp_path / "here", tmp_path / "there")
    assert opened(tmp_path / "there").session.boxes == said


def test_06_a_window_whose_work_cannot_be_saved_asks_to_be_closed_twice(
    opened: Open, hands: Hands, tmp_path: Path
) -> None:
    window = opened(folder(tmp_path, 1))
    hands.on(window)
    drag(window, hands, (20, 30, 90, 120))
    said = window.session.boxes
    (tmp_path / "bboxes.txt").mkdir()
    window.close()
    assert window.alive
    assert "close again to leave your work in the journal" in window.status.message
    window.close()
    assert not window.alive
    (tmp_path / "bboxes.txt").rmdir()
    assert opened(tmp_path).session.boxes == said
