"""Two people on one folder's labels: changes of both are merged image by image, and conflicts are reported."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError, LockHeld
from lap_assets.core.home import Home
from lap_assets.core.labels.files import reviewed_path
from lap_assets.core.labels.lists import ReviewEntry, read_reviewed, write_reviewed
from lap_assets.core.verdicts.log import read_verdicts
from lap_gui.labeler.document import Document
from lap_gui.labeler.image_labels import ImageLabels
from lap_gui.labeler.merging import merge_image
from tests.gui.labeling import SIZE, folder, lines, names, session

ONE, TWO, THREE = names(3)


def reviewed(root: Path) -> list[str]:
    """Return the images that the file lists as reviewed."""
    entries = read_reviewed(reviewed_path(root / "bboxes.txt"))[0]
    return [name for name, entry in entries.items() if entry.reviewed]


def test_what_others_wrote_into_both_files_is_kept(tmp_path: Path) -> None:
    path = folder(tmp_path) / "bboxes.txt"
    path.write_text("".join(f"{name}: -\n" for name in names(3)))
    mine = session(tmp_path)
    mine.draw((10, 10), (50, 60))
    mine.review(True)
    path.write_text(f"{ONE}: -\n{TWO}: 5 5 55 55\n{THREE}: -\n")
    write_reviewed(reviewed_path(path), {THREE: ReviewEntry(True, SIZE)})
    mine.close()
    assert list(lines(path).values()) == ["10 10 50 60", "5 5 55 55", "-"]
    assert reviewed(tmp_path) == [ONE, THREE]
    assert not mine.layer.document.notes


def test_what_others_took_back_is_taken_back(tmp_path: Path) -> None:
    path = folder(tmp_path) / "bboxes.txt"
    path.write_text("".join(f"{name}: 1 1 9 9\n" for name in names(3)))
    write_reviewed(reviewed_path(path), {name: ReviewEntry(True) for name in names(3)})
    mine = session(tmp_path)
    mine.draw((10, 10), (50, 60))
    write_reviewed(reviewed_path(path), {name: ReviewEntry(name != TWO) for name in names(3)})
    mine.close()
    assert reviewed(tmp_path) == [ONE, THREE]


def test_boxes_that_both_changed_are_reported_and_both_versions_are_kept(tmp_path: Path) -> None:
    path = folder(tmp_path) / "bboxes.txt"
    mine = session(tmp_path)
    mine.draw((10, 10), (50, 60))
    path.write_text(f"{ONE}: 7 7 77 77\n")
    mine.save()
    assert lines(path)[ONE] == "10 10 50 60"
    (note,) = mine.layer.document.notes
    (kept,) = tmp_path.glob("bboxes_2*.txt")
    assert ONE in note
    assert kept.name in note
    assert lines(kept)[ONE] == "7 7 77 77"
    mine.close()


def test_boxes_whose_line_became_unreadable_are_kept_in_a_copy_and_reported(tmp_path: Path) -> None:
    path = folder(tmp_path) / "bboxes.txt"
    mine = session(tmp_path)
    mine.draw((10, 10), (50, 60))
    path.write_text(f"{ONE}: 7 7 77\n")
    mine.close()
    assert lines(path)[ONE] == "7 7 77"
    (note,) = mine.layer.document.notes
    (kept,) = tmp_path.glob("bboxes_mine_2*.txt")
    assert "line 1" in note
    assert kept.name in note
    assert lines(kept)[ONE] == "10 10 50 60"


def test_a_label_file_that_was_removed_is_written_again(tmp_path: Path) -> None:
    path = folder(tmp_path) / "bboxes.txt"
    path.write_text(f"{TWO}: 5 5 55 55\n")
    mine = session(tmp_path)
    mine.draw((10, 10), (50, 60))
    path.unlink()
    mine.close()
    assert lines(path) == {ONE: "10 10 50 60", TWO: "5 5 55 55", THREE: "-"}
    assert "removed by somebody else" in mine.layer.document.notes[0]


labels = st.builds(ImageLabels, st.sampled_from([(), (Box(1, 2, 30, 40),), (Box(5, 6, 70, 80),)]), st.booleans())


@given(labels, labels, labels)
def test_a_merge_takes_what_one_changed_and_calls_nothing_reviewed_that_nobody_reviewed(
    old: ImageLabels, mine: ImageLabels, other: ImageLabels
) -> None:
    merged = merge_image(old, mine, other)
    if mine.has_same_labels(old):
        assert merged == other
    if other.has_same_labels(old) or mine.has_same_labels(other):
        assert merged.has_same_labels(mine)
    if merged.reviewed:
        assert any(one.reviewed and one.boxes == merged.boxes for one in (mine, other))
    assert merged.boxes in (mine.boxes, other.boxes)


def test_a_read_only_window_shows_each_action_of_the_writing_one(tmp_path: Path) -> None:
    writing = session(folder(tmp_path))
    looking = session(tmp_path, readonly=True)
    writing.draw((10, 10), (50, 60))
    writing.delete()
    assert looking.catch_up()
    assert looking.boxes == writing.boxes
    writing.select(None)
    writing.delete()
    writing.review(True)
    assert looking.catch_up()
    assert ONE in looking.marks
    assert looking.is_reviewed(0)
    writing.save()
    looking.catch_up()
    assert looking.labels == writing.labels
    assert not looking.catch_up()
    assert not looking.layer.document.notes
    for one in (writing, looking):
        one.close()


def test_undo_leaves_alone_what_somebody_else_changed_meanwhile(tmp_path: Path) -> None:
    path = folder(tmp_path) / "bboxes.txt"
    mine = session(tmp_path)
    mine.draw((10, 10), (50, 60))
    mine.save()
    path.write_text(f"{ONE}: 7 7 77 77\n")
    assert mine.catch_up()
    with pytest.raises(InputError, match="changed meanwhile by somebody else: nothing was undone"):
        mine.undo()
    assert mine.boxes == (Box(7, 7, 77, 77),)
    mine.close()


def test_each_layer_has_its_own_lock_from_its_first_change_on(tmp_path: Path) -> None:
    folder(tmp_path)
    faces, heads = tmp_path / "labels_faces.txt", tmp_path / "labels_heads.txt"
    for path in (faces, heads):
        path.touch()
    ann, ben = session(tmp_path, labels=faces), session(tmp_path, labels=heads)
    ann.draw((10, 10), (50, 60))
    ben.draw((1, 1), (90, 90))
    ann.next_layer()
    with pytest.raises(LockHeld, match=r"labels_heads\.txt\.lock"):
        ann.draw((20, 20), (60, 60))
    assert ann.catch_up()
    assert ann.boxes == (Box(1, 1, 90, 90),)
    ben.close()
    ann.catch_up()
    ann.draw((20, 20), (60, 60))
    ann.close()
    assert lines(heads)[ONE] == "1 1 90 90, 20 20 60 60"
    assert lines(faces)[ONE] == "10 10 50 60"


def test_a_first_change_on_an_image_that_changed_meanwhile_is_refused(tmp_path: Path) -> None:
    path = folder(tmp_path) / "labels_heads.txt"
    document = Document(path, lock=False)
    path.write_text(f"{ONE}: 7 7 77 77\n")
    with pytest.raises(LabelFileError, match=r"was changed meanwhile in labels_heads\.txt"):
        document.put(ONE, ImageLabels((Box(1, 2, 30, 40),)))
    assert document.labels_of(ONE).boxes == (Box(7, 7, 77, 77),)
    document.put(ONE, ImageLabels((Box(1, 2, 30, 40),)))
    assert json.loads((tmp_path / ".labels_heads.txt.journal").read_text())["boxes"] == "1 2 30 40"
    document.close()


@pytest.mark.parametrize("in_home", [True, False])
def test_a_mark_of_another_window_is_seen_and_not_reversed_unseen(tmp_path: Path, in_home: bool) -> None:
    home = Home(tmp_path)
    root = home.images if in_home else tmp_path / "pictures"
    folder(root)
    folder(home.posters)
    marked = (home.labels if in_home else root) / "delcands.txt"
    first = session(root, labels=root / "labels_faces.txt", delcands=marked, reviewer="ann")
    second = session(root, labels=root / "labels_heads.txt", delcands=marked, reviewer="ann")
    first.delete()
    with pytest.raises(InputError, match=f"{ONE} was marked meanwhile"):
        second.delete()
    assert ONE in second.marks
    second.delete()  # seen, and so meant
    assert first.catch_up()
    assert ONE not in first.marks
    assert read_verdicts(home.verdicts.glob("*.jsonl")).active == ()
    first.close()
    second.close()
