"""Labeling without a window: the effect of each action, undo, and the files. Numbers refer to the original's faults."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError, LockHeld
from lap_assets.core.files import sha256_of
from lap_assets.core.home import Home
from lap_assets.core.verdicts.log import Mark, read_verdicts
from lap_gui.labeler.backups import backup
from lap_gui.labeler.document import Document
from lap_gui.labeler.filters import FILTERS, apply_next
from lap_gui.labeler.image_labels import ImageLabels
from lap_gui.labeler.opening import open_session, opening
from lap_gui.labeler.parts import BoxSelection
from lap_gui.shared.listing import list_files
from tests.gui.labeling import SIZE, folder, lines, names, session
from tests.profiles import examples


def test_01_labels_follow_names_when_files_come_in_another_order(tmp_path: Path) -> None:
    folder(tmp_path)
    first = session(tmp_path)
    first.draw((10, 10), (50, 60))
    first.close()
    again = session(tmp_path, files=list(reversed(names(3))))
    assert again.name == names(3)[2]
    assert list(again.boxes) == []
    again.go(2)
    assert list(again.boxes) == [Box(10, 10, 50, 60)]
    again.close()


def test_02_a_part_of_the_files_does_not_cut_the_label_file(tmp_path: Path) -> None:
    folder(tmp_path)
    path = tmp_path / "bboxes.txt"
    path.write_text("".join(f"{name}: 1 2 30 40 {place}\n" for place, name in enumerate(names(3))))
    before = path.read_bytes()
    untouched = session(tmp_path, files=names(1))
    untouched.close()
    assert path.read_bytes() == before
    changed = session(tmp_path, files=names(1))
    changed.select(BoxSelection(0))
    changed.classify(5)
    changed.close()
    assert list(lines(path).values()) == ["1 2 30 40 5", "1 2 30 40 1", "1 2 30 40 2"]


def test_03_nothing_stays_selected_on_another_image(tmp_path: Path) -> None:
    made = session(folder(tmp_path))
    made.draw((10, 10), (50, 60))
    made.go(1)
    made.size = SIZE
    made.nudge_grip(5, 5)
    made.classify(1)
    assert list(made.boxes) == []
    made.go(0)
    assert list(made.boxes) == [Box(10, 10, 50, 60)]
    made.close()


def test_06_each_action_is_on_the_disk_before_the_next(tmp_path: Path) -> None:
    """A process killed in the middle loses no finished action."""
    folder(tmp_path)
    program = (
        "import os, sys; from pathlib import Path; from tests.gui.labeling import session\n"
        "made = session(Path(sys.argv[1])); made.draw((10, 10), (50, 60)); made.classify(3); made.review(True)\n"
        "made.go(1); made.size = (200, 300); made.draw((1, 2), (30, 40)); os.kill(os.getpid(), 9)"
    )
    root = str(Path(__file__).parents[2])
    killed = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], env={**os.environ, "PYTHONPATH": root}, timeout=600
    )
    assert killed.returncode == -9
    assert not (tmp_path / "bboxes.txt").exists()
    journal = tmp_path / ".bboxes.txt.journal"
    with journal.open("a") as torn:
        torn.write('{"name": "0/MAL0')
    opened = open_session(opening(tmp_path))
    assert opened.session.boxes == (Box(10, 10, 50, 60, 3),)
    assert opened.session.labels.reviewed
    assert any("actions of an interrupted session" in note for note in opened.notes)
    opened.session.close()
    assert list(lines(tmp_path / "bboxes.txt").values()) == ["10 10 50 60 3", "1 2 30 40", "-"]
    assert not journal.exists()


def test_06_a_save_that_fails_keeps_the_journal(tmp_path: Path) -> None:
    made = session(folder(tmp_path))
    made.draw((10, 10), (50, 60))
    (tmp_path / "bboxes.txt").mkdir()
    with pytest.raises(OSError, match="bboxes"):
        made.save()
    assert made.dirty
    (tmp_path / "bboxes.txt").rmdir()
    made.close()
    assert lines(tmp_path / "bboxes.txt")[names(1)[0]] == "10 10 50 60"


def test_07_reviewed_is_apart_from_no_faces(tmp_path: Path) -> None:
    made = session(folder(tmp_path))
    made.review(True)
    made.close()
    assert set(lines(tmp_path / "bboxes.txt").values()) == {"-"}
    again = session(tmp_path)
    assert [again.is_reviewed(index) for index in range(3)] == [True, False, False]
    again.close()


def test_08_a_line_of_four_numbers_stays_one(tmp_path: Path) -> None:
    folder(tmp_path)
    path = tmp_path / "bboxes.txt"
    path.write_text(f"{names(1)[0]}: 1 2 30 40, 50 60 70 80\n")
    made = session(tmp_path)
    made.select(BoxSelection(0))
    made.nudge_box(1, 0)
    made.close()
    assert lines(path)[names(1)[0]] == "2 2 31 40, 50 60 70 80"


def test_09_marks_follow_names_and_unknown_indices_stay(tmp_path: Path) -> None:
    folder(tmp_path)
    path = tmp_path / "delcands.txt"
    path.write_text("1\n77\n")
    opened = open_session(opening(tmp_path))
    assert any("there is no image 77" in note for note in opened.notes)
    opened.session.delete()
    opened.session.close()
    assert path.read_text() == "1\n0\n77\n"
    (tmp_path / "0/MAL00000_0001_000000.jpg").write_bytes((tmp_path / names(1)[0]).read_bytes())
    again = open_session(opening(tmp_path))
    assert [name for name in again.session.names if name in again.session.marks] == names(2)
    assert any("the marks follow the names" in note for note in again.notes)
    again.session.close()


def test_12_what_was_set_aside_is_not_listed_and_subfolders_are(tmp_path: Path) -> None:
    folder(tmp_path)
    for name in ("del/a.jpg", "0/del/b.jpg", "orig_1/c.jpg", ".hidden/d.jpg", "0/deep/e.PNG", "0/notes.txt", "top.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert list_files(tmp_path) == [*names(3), "0/deep/e.PNG", "top.jpg"]


@pytest.mark.parametrize(("start", "message"), [(3, r"start=3: expected 0 to 2 for 3 images"), (-1, "start=-1")])
def test_26_a_start_beyond_the_images_is_reported(tmp_path: Path, start: int, message: str) -> None:
    folder(tmp_path)
    with pytest.raises(ValueError, match=message):
        session(tmp_path, start=start)
    assert not list(tmp_path.glob(".*"))


def test_26_start_opens_that_image_and_limit_so_many(tmp_path: Path) -> None:
    folder(tmp_path, 6)
    made = session(tmp_path, start=4)
    assert made.name == names(6)[4]
    made.close()
    part = session(tmp_path, start=2, limit=3)
    assert list(part.names) == names(6)[2:5]
    part.draw((1, 1), (50, 50))
    part.close()
    assert list(lines(tmp_path / "bboxes.txt")) == names(6)


def test_28_float_scores_are_opened_and_kept(tmp_path: Path) -> None:
    folder(tmp_path)
    path = tmp_path / "bboxes.txt"
    path.write_text(f"{names(1)[0]}: 1 2 30 40 0.990\n{names(2)[1]}: 1 2 30 40 0.5\n")
    made = session(tmp_path)
    assert made.boxes[0].score == 0.99
    made.draw((100, 100), (150, 150))
    made.close()
    assert lines(path)[names(1)[0]] == "1 2 30 40 0.990, 100 100 150 150"


def test_read_only_changes_nothing_at_all(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "bboxes.txt").write_text(f"{names(1)[0]}: 1 2 30 40\n")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    made = session(tmp_path, readonly=True, backup=True)
    for action in (lambda: made.draw((1, 1), (99, 99)), made.delete, made.review):
        with pytest.raises(LabelFileError, match=r"^(bboxes|delcands)\.txt stays as it is$"):
            action()
    made.select(BoxSelection(0))
    with pytest.raises(LabelFileError, match=r"^bboxes\.txt stays as it is$"):
        made.classify(2)
    made.close()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_read_only_shows_what_a_journal_holds_and_leaves_it(tmp_path: Path) -> None:
    folder(tmp_path)
    document = Document(tmp_path / "bboxes.txt")
    document.put(names(1)[0], ImageLabels((Box(1, 2, 30, 40),)))
    document.close()
    made = session(tmp_path, readonly=True)
    assert made.boxes == (Box(1, 2, 30, 40),)
    made.close()
    assert (tmp_path / ".bboxes.txt.journal").exists()
    assert not (tmp_path / "bboxes.txt").exists()


def test_two_windows_cannot_write_to_one_label_file(tmp_path: Path) -> None:
    folder(tmp_path)
    first = session(tmp_path)
    with pytest.raises(LockHeld, match=r"bboxes\.txt\.lock is held by process"):
        session(tmp_path)
    session(tmp_path, readonly=True).close()
    first.close()
    session(tmp_path).close()


def test_what_others_wrote_meanwhile_is_kept(tmp_path: Path) -> None:
    folder(tmp_path)
    path = tmp_path / "bboxes.txt"
    path.write_text("".join(f"{name}: -\n" for name in names(3)))
    made = session(tmp_path)
    made.draw((10, 10), (50, 60))
    path.write_text(f"{names(3)[0]}: 7 7 77 77\n{names(3)[1]}: 5 5 55 55\n{names(3)[2]}: -\n")
    made.close()
    assert list(lines(path).values()) == ["10 10 50 60", "5 5 55 55", "-"]
    (kept,) = tmp_path.glob("bboxes_2*.txt")
    assert "7 7 77 77" in kept.read_text()


def test_backups_are_named_by_the_minute_and_overwrite_nothing(tmp_path: Path) -> None:
    path = tmp_path / "labels_faces.txt"
    path.write_text("one")
    moment = datetime(2024, 3, 5, 7, 9)
    assert [copy.name for copy in backup([path, tmp_path / "none.txt"], moment)] == ["labels_faces_20240305_0709.txt"]
    path.write_text("two")
    assert [copy.name for copy in backup([path], moment)] == ["labels_faces_20240305_0709_2.txt"]
    assert (tmp_path / "labels_faces_20240305_0709.txt").read_text() == "one"


def test_an_image_whose_line_is_faulty_cannot_be_changed(tmp_path: Path) -> None:
    folder(tmp_path)
    path = tmp_path / "bboxes.txt"
    path.write_text(f"{names(1)[0]}: 1 2 3\n")
    made = session(tmp_path)
    with pytest.raises(LabelFileError, match=r"bboxes\.txt:1: .*three|has 3 numbers"):
        made.draw((1, 1), (99, 99))
    made.go(1)
    made.size = SIZE
    made.draw((1, 1), (99, 99))
    made.close()
    assert list(lines(path).values()) == ["1 2 3", "1 1 99 99", "-"]


def test_tab_goes_top_left_bottom_right_next_box_from_top_to_bottom(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "bboxes.txt").write_text(f"{names(1)[0]}: 5 90 50 150, 60 10 90 40\n")
    made = session(tmp_path)
    selections = []
    for _ in range(5):
        made.cycle()
        assert made.selection is not None
        selections.append((made.selected and made.selected.ymin, made.selection.grip))
    assert selections == [
        (10, "top left"),
        (10, "bottom right"),
        (90, "top left"),
        (90, "bottom right"),
        (10, "top left"),
    ]
    made.close()


def test_the_class_key_is_for_the_box_just_drawn_and_the_selection_follows_it(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "classes.txt").write_text("0:boy\n1:girl\n7:animal\n")
    made = session(tmp_path)
    assert made.classify(1) is None
    made.draw((100, 100), (150, 150))
    made.draw((10, 10), (50, 60))
    assert made.classify(3) == 7
    assert made.boxes == (Box(10, 10, 50, 60, 7), Box(100, 100, 150, 150))
    with pytest.raises(InputError, match="no class 4: the list has 3 classes"):
        made.classify(4)
    made.nudge_grip(80, 0)
    made.nudge_box(60, 0)
    assert made.selected == Box(70, 10, 190, 60, 7)
    made.close()


def test_a_box_is_copied_to_another_image_and_beside_itself(tmp_path: Path) -> None:
    made = session(folder(tmp_path))
    made.draw((10, 10), (50, 60))
    made.classify(2)
    made.copy()
    assert made.paste()
    assert list(made.boxes) == [Box(10, 10, 50, 60, 2), Box(20, 20, 60, 70, 2)]
    made.go(1)
    made.size = (30, 30)
    assert made.paste()
    assert list(made.boxes) == [Box(10, 10, 30, 30, 2)]
    made.close()


def test_suggestions_are_accepted_once_without_their_scores(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "labels_faces.txt").write_text(f"{names(1)[0]}: 11 11 52 61\n")
    (tmp_path / "labels_faces_baseline.txt").write_text(f"{names(1)[0]}: 10 10 50 60 0.98, 100 100 999 150 0.7\n")
    made = session(tmp_path, labels=tmp_path / "labels_faces.txt")
    assert [box.score for box in made.suggested()] == [0.7]
    made.accept(made.suggested())
    assert made.boxes == (Box(11, 11, 52, 61), Box(100, 100, 200, 150))
    assert made.suggested() == []
    made.close()


def test_a_suggestion_is_accepted_with_the_class_that_a_model_told(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "labels_faces_suggested.txt").write_text(
        f"{names(1)[0]}: 10 10 50 60 0.98, 60 10 90 60 0.4, 100 100 999 150 0.7\n"
    )
    (tmp_path / "labels_faces_suggested.classes.tsv").write_text(
        f"{names(1)[0]}\t10\t10\t50\t60\t4\t0.9000\n{names(1)[0]}\t100\t100\t999\t150\t2\t0.5000\nodd\n"
    )
    made = session(tmp_path, labels=tmp_path / "labels_faces.txt")
    assert [(box.class_id, box.score) for box in made.suggested()] == [(4, 0.98), (None, 0.4), (2, 0.7)]
    made.least_score = 0.5
    made.accept(made.suggested())
    assert made.boxes == (Box(10, 10, 50, 60, class_id=4), Box(100, 100, 200, 150, class_id=2))
    made.least_score = 0.0
    made.accept(made.suggested())
    assert made.undo()
    made.save()
    made.close()
    assert lines(tmp_path / "labels_faces.txt")[names(1)[0]] == "10 10 50 60 4, 100 100 200 150 2"


def test_heads_and_faces_are_layers(tmp_path: Path) -> None:
    folder(tmp_path)
    for kind in ("faces", "heads"):
        (tmp_path / f"labels_{kind}.txt").touch()
    made = session(tmp_path, labels=tmp_path / "labels_faces.txt")
    made.draw((10, 10), (50, 60))
    made.next_layer()
    assert (made.layer.title, made.boxes, made.selection) == ("heads", (), None)
    made.draw((1, 1), (90, 90))
    assert made.undo()
    assert made.undo()
    assert (made.layer.title, made.boxes) == ("faces", ())
    made.redo()
    made.close()
    assert lines(tmp_path / "labels_faces.txt")[names(1)[0]] == "10 10 50 60"
    assert lines(tmp_path / "labels_heads.txt")[names(1)[0]] == "-"


def test_a_head_suggests_its_face_and_a_face_its_head_where_no_model_looked(tmp_path: Path) -> None:
    folder(tmp_path, 8)
    heads = "".join(f"{name}: 10 10 110 110\n" for name in names(6))
    (tmp_path / "labels_faces.txt").write_text("".join(f"{name}: 30 60 90 110\n" for name in names(5)))
    (tmp_path / "labels_heads.txt").write_text(f"{heads}{names(7)[6]}: 0 0 100 100, 100 100 200 200\n")
    (tmp_path / "labels_faces_suggested.txt").write_text(f"{names(8)[6]}: -\n")
    made = session(tmp_path, labels=tmp_path / "labels_faces.txt")
    assert made.suggested() == []  # the head has its face
    made.go(5)
    made.size = SIZE
    assert made.suggested() == [Box(30, 60, 90, 110)]  # as on the five images with both
    made.accept(made.suggested())
    assert made.suggested() == []
    assert made.undo()
    made.review(True)
    assert made.suggested() == []
    made.go(6)
    made.size = SIZE
    assert made.suggested() == []  # a model has looked for faces here
    made.next_layer()
    made.go(7)
    made.size = SIZE
    assert made.suggested() == []
    made.next_layer()
    made.draw((30, 60), (90, 110))
    made.next_layer()
    assert made.suggested() == [Box(10, 10, 110, 110)]
    made.close()


def test_filters_show_matching_images_and_empty_filters_are_skipped(tmp_path: Path) -> None:
    made = session(folder(tmp_path))
    made.review(True)
    made.go(2)
    made.size = SIZE
    made.draw((1, 1), (50, 50))
    shown = {}
    place = 0
    while (place := apply_next(made, place)) != 0:
        shown[FILTERS[place][0]] = list(made.names)
    assert shown == {
        "not reviewed": names(3)[1:],
        "reviewed": names(1),
        "with boxes": names(3)[2:],
        "without boxes": names(2),
    }
    assert list(made.names) == names(3)
    made.close()


def test_marks_in_a_home_are_verdicts_and_are_taken_back(tmp_path: Path) -> None:
    home = Home(tmp_path)
    folder(home.images)
    folder(home.posters, size=(400, 600))
    made = session(home.images, reviewer="ann", delcands=home.labels / "delcands.txt")
    made.delete()
    logs = list(home.verdicts.glob("*.jsonl"))
    (mark,) = read_verdicts(logs).active
    assert isinstance(mark, Mark)
    assert (mark.name, mark.tool, mark.reviewer) == (names(1)[0].removeprefix("0/"), "labeler", "ann")
    assert mark.sha256 == sha256_of(home.posters / names(1)[0])
    assert (home.labels / "delcands.txt").read_text() == "0\n"
    made.close()
    again = session(home.images, reviewer="ben", delcands=home.labels / "delcands.txt")
    assert again.name in again.marks
    again.delete()
    assert read_verdicts(logs).active == ()
    again.undo()
    assert len(read_verdicts(logs).active) == 1
    again.close()


actions = st.lists(
    st.sampled_from(
        ["draw", "class", "nudge", "move", "delete", "mark", "review", "next", "back", "tab", "undo", "redo"]
    )
    | st.tuples(st.integers(0, 250), st.integers(0, 350), st.integers(0, 250), st.integers(0, 350)),
    max_size=25,
)


@examples(25)
@given(actions)
def test_undoing_everything_gives_the_first_state_and_redoing_the_last(
    tmp_path_factory: pytest.TempPathFactory, done: list[object]
) -> None:
    root = folder(tmp_path_factory.mktemp("label"))
    path = root / "bboxes.txt"
    first = f"{names(2)[0]}:  7 7 077 77 3\n{names(2)[1]}: -\n"
    path.write_text(first)
    made = session(root)
    for action in done:
        made.size = SIZE
        match action:
            case (int(x1), int(y1), int(x2), int(y2)):
                made.draw((x1, y1), (x2, y2))
            case "class":
                made.classify(4)
            case "nudge":
                made.nudge_grip(5, -2)
            case "move":
                made.nudge_box(-1, 1)
            case "delete":
                made.delete() if made.selection else None
            case "mark":
                made.select(None)
                made.delete()
            case "review":
                made.review()
            case "next" | "back":
                made.go(made.index + (1 if action == "next" else -1))
            case "tab":
                made.cycle()
            case "undo":
                made.undo()
            case "redo":
                made.redo()
    said = [[layer.document.labels_of(name) for name in made.names] for layer in made.layers]
    count = 0
    while made.undo():
        count += 1
    made.save()
    kept = path.read_text()
    assert kept == first + (f"{names(3)[2]}: -\n" if kept != first else "")
    assert len(made.marks) == 0
    for _ in range(count):
        assert made.redo()
    assert [[layer.document.labels_of(name) for name in made.names] for layer in made.layers] == said
    made.close()
