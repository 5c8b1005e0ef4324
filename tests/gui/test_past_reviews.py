"""The Labeler's list of past reviews: real keys in a real window, and the file behind it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lap_assets.core.labels.files import reviewed_path
from lap_assets.core.labels.lists import ReviewEntry, write_reviewed
from lap_gui import LabelerGUI
from lap_gui.labeler.opening import opening
from lap_gui.labeler.progress import Progress
from lap_gui.labeler.reviews import PastReviews
from lap_gui.labeler.texts import counted
from lap_gui.labeler.window import LabelerWindow
from lap_gui.shared.past import OTHER_KEY
from tests.gui.hands import Hands, settle, wait_for
from tests.gui.labeling import SIZE, folder, names, session

Open = Callable[..., LabelerWindow]
ONE, TWO, THREE, FOUR = names(4)


@pytest.fixture
def opened(display: str, tmp_path: Path) -> Iterator[Open]:
    """Open the Labeler on four images, and close it at the end."""
    windows: list[LabelerWindow] = []
    folder(tmp_path, 4)

    def make(**changes: object) -> LabelerWindow:
        what = replace(opening(tmp_path), **{"reviewer": "ann", **changes})  # type: ignore[arg-type]
        windows.append(LabelerGUI(window_size=(800, 600)).use(what).window())
        shown(windows[-1])
        return windows[-1]

    yield make
    for window in windows:
        window.close()


def shown(window: LabelerWindow) -> None:
    """Wait until the current image is on the screen."""
    wait_for(window.root, lambda: window.viewport.picture is not None)
    settle(window.root)


def review(window: LabelerWindow, hands: Hands, *reviewed: str) -> None:
    for name in reviewed:
        window.go(window.session.names.index(name))
        shown(window)
        hands.press("v")


def test_the_image_reviewed_last_is_first_and_return_goes_there(opened: Open, hands: Hands) -> None:
    window = opened()
    hands.on(window)
    review(window, hands, TWO, FOUR, ONE)
    hands.press("j")
    past = window.past
    assert [one.name for one in past.items] == [ONE, FOUR, TWO]
    assert past._title.whole == "Reviewed bboxes: 3 by you"
    hands.press("Down")
    hands.press("v")
    assert window.status.message == OTHER_KEY
    hands.press("Return")
    assert not past.is_open
    assert window.session.name == FOUR
    shown(window)
    hands.press("v")  # no longer reviewed
    hands.press("j")
    assert [one.name for one in past.items] == [ONE, TWO]


def test_a_held_return_goes_to_the_image_and_decides_nothing_there(opened: Open, hands: Hands) -> None:
    window = opened()
    hands.on(window)
    review(window, hands, TWO)
    window.go(2)
    shown(window)
    hands.press("j")
    hands.hold("Return", lambda: window.session.name == TWO and window.status.message)
    assert window.session.layer.document.reviewed_names() == {TWO}
    assert window.session.name == TWO


def test_where_the_filter_hides_the_image_all_are_shown_again(opened: Open, hands: Hands) -> None:
    window = opened()
    hands.on(window)
    review(window, hands, TWO)
    hands.press("Ctrl+f")
    assert TWO not in window.session.names
    hands.press("j")
    hands.press("Return")
    assert window.session.name == TWO
    assert window.filter == 0


def test_others_reviews_and_those_without_a_time_are_told_apart(opened: Open, hands: Hands, tmp_path: Path) -> None:
    labels = tmp_path / "bboxes.txt"
    write_reviewed(reviewed_path(labels), {name: ReviewEntry(True, SIZE) for name in (ONE, THREE, FOUR)})
    PastReviews(labels, "ben").add(THREE)
    window = opened()
    hands.on(window)
    review(window, hands, TWO)
    hands.press("j")
    past = window.past
    rows = [window.past._source.row(one) for one in past.items]
    assert [(row.names[0], row.is_mine) for row in rows] == [(TWO, True), (THREE, False), (ONE, True), (FOUR, True)]
    assert [row.by.split("  ·  ")[0] for row in rows] == ["you", "ben", "earlier", "earlier"]
    assert past._title.whole == "Reviewed bboxes: 1 by you, 3 by others or before"


def test_ctrl_q_saves_and_closes(opened: Open, hands: Hands, tmp_path: Path) -> None:
    window = opened()
    hands.on(window)
    review(window, hands, TWO)
    hands.press("Ctrl+q")
    assert not window.alive
    assert f"{TWO}\tyes" in reviewed_path(tmp_path / "bboxes.txt").read_text()


def test_a_read_only_session_writes_nothing(tmp_path: Path) -> None:
    PastReviews(tmp_path / "bboxes.txt", "ann", readonly=True).add(ONE)
    assert list(tmp_path.iterdir()) == []


def test_a_repeated_review_counts_as_the_last_one(tmp_path: Path) -> None:
    made = session(folder(tmp_path))
    for index in (0, 1, 0):
        made.go(index)
        made.size = SIZE
        made.review(True)
    reviews = made.layer.reviews
    assert reviews is not None
    assert [one.name for one in reviews.newest_first()] == [ONE, TWO]
    made.close()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.lists(st.text(max_size=40), max_size=5), st.lists(st.sampled_from(names(4)), max_size=8))
def test_invalid_lines_hide_no_others(tmp_path: Path, garbage: list[str], expected: list[str]) -> None:
    labels = tmp_path / "bboxes.txt"
    path = tmp_path / ".bboxes.txt.reviews.jsonl"
    path.write_text("\n".join(garbage) + "\n", encoding="utf-8")
    reviews = PastReviews(labels, "ann")
    for name in expected:
        reviews.add(name)
    found = [one.name for one in reviews.newest_first()]
    assert found == list(dict.fromkeys(reversed(expected)))


def test_the_time_that_is_left_is_told_by_the_pace_of_the_last_reviews(tmp_path: Path) -> None:
    path = folder(tmp_path, 3) / ".bboxes.txt.reviews.jsonl"
    began = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [*(began + timedelta(seconds=90 * number) for number in range(6)), began + timedelta(days=1)]
    path.write_text(
        "".join(f'{{"name": "{ONE}", "reviewer": "ann", "time": "{moment.isoformat()}"}}\n' for moment in moments)
    )
    made = session(tmp_path, reviewer="ann")
    progress = Progress(made)
    assert (progress.left, str(progress)) == (3, "3 left, about 4 min")  # a night's sleep is a pause
    assert str(Progress(session(tmp_path, reviewer="ben", readonly=True))) == "3 left"
    made.review(True)
    assert progress.left == 2
    made.next_layer()
    assert progress.left == 2
    made.review(False)
    assert progress.left == 3
    for name in made.names:
        made.go(made.names.index(name))
        made.size = SIZE
        made.review(True)
    assert str(progress) == "none left"
    made.close()


def test_one_face_is_not_called_faces() -> None:
    assert [counted(number, "faces") for number in (0, 1, 2)] == ["no faces", "1 face", "2 faces"]
    assert counted(1, "bboxes") == "1 bboxes"
