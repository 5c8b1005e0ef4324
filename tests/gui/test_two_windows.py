"""Two windows on one home, of one reviewer or two: each sees what the other wrote, and overrules nothing unseen."""

from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.log import PairVerdict, read_verdicts
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.window import Comparer
from lap_gui.explorer.groups import Groups
from lap_gui.explorer.marking import Marking
from lap_gui.explorer.window import Explorer
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_files import PosterFolder
from tests.gui.hands import Hands, settle, wait_for
from tests.gui.words import NAMES

A, B, C, D = NAMES[:4]


def comparer(windows: ExitStack, posters: Path, reviewer: str) -> Comparer:
    pairs = [Pair(Poster(one), Poster(other)) for one, other in ((A, B), (C, D), (A, C))]
    session = ReviewSession(pairs, Logs(posters.parent / "v.jsonl"), reviewer)
    return windows.enter_context(closing(Comparer(session, PosterFolder(posters), size=(900, 600))))


def explorer(windows: ExitStack, posters: Path, reviewer: str) -> Explorer:
    groups = Groups(PosterFolder(posters).groups())
    marking = Marking(Logs(posters.parent / "v.jsonl"), reviewer, [Poster(name) for name in (A, B, C, D)])
    window = windows.enter_context(closing(Explorer(groups, marking, size=(900, 600))))
    wait_for(window.root, lambda: window.is_ready)
    settle(window.root)
    return window


def verdicts(posters: Path) -> list[tuple[str, str]]:
    active = read_verdicts([posters.parent / "v.jsonl"]).active
    return [(one.reviewer, one.verdict if isinstance(one, PairVerdict) else f"mark {one.name}") for one in active]


@pytest.mark.parametrize("reviewer", ["ann", "ben"])
def test_a_pair_that_was_decided_meanwhile_is_not_decided_again_and_the_reason_is_given(
    windows: ExitStack, hands: Hands, posters: Path, reviewer: str
) -> None:
    first, second = comparer(windows, posters, "ann"), comparer(windows, posters, reviewer)
    hands.on(first).press("r")
    hands.on(second).press("space")
    assert verdicts(posters) == [("ann", "distinct")]
    assert second.status.message == "not recorded, decided meanwhile by ann: not duplicates"
    assert second.session.pair == first.session.pair


def test_a_pair_of_a_poster_that_went_meanwhile_is_not_decided_and_the_poster_is_named(
    windows: ExitStack, hands: Hands, posters: Path
) -> None:
    other, mine = explorer(windows, posters, "ben"), comparer(windows, posters, "ann")
    hands.on(other).press(str([tile.path.name for tile in other.grid.tiles].index(B) + 1))
    hands.on(mine).press("r")
    assert verdicts(posters) == [("ben", f"mark {B}")]
    assert mine.status.message == f"not recorded, {B} was removed meanwhile"


def test_a_window_that_only_watches_goes_on_to_the_next_pair_and_says_why(
    windows: ExitStack, hands: Hands, posters: Path
) -> None:
    first, second = comparer(windows, posters, "ann"), comparer(windows, posters, "ann")
    hands.on(first).press("r")
    wait_for(second.root, lambda: second.status.message)
    assert second.status.message == "previous pair: decided meanwhile by ann: not duplicates"
    assert second.session.pair == first.session.pair


@pytest.mark.parametrize("reviewer", ["ann", "ben"])
def test_a_second_explorer_shows_the_first_ones_marks_and_reverses_none_unseen(
    windows: ExitStack, hands: Hands, posters: Path, reviewer: str
) -> None:
    first, second = explorer(windows, posters, "ann"), explorer(windows, posters, reviewer)
    hands.on(first).press("1")
    name = first.grid.tiles[0].path.name
    hands.on(second).press("1")
    assert verdicts(posters) == [("ann", f"mark {name}")]
    assert second.status.message == f"{name} was marked meanwhile by ann: nothing was changed here"
    hands.on(first).press("2")
    wait_for(second.root, lambda: "2 marked in total" in second.status.facts)
    hands.on(second).press("2")  # seen, and so meant
    assert len(verdicts(posters)) == 1


def test_undo_skips_what_was_taken_back_in_another_window(windows: ExitStack, hands: Hands, posters: Path) -> None:
    first = explorer(windows, posters, "ann")
    hands.on(first).press("1")
    hands.press("2")
    second = explorer(windows, posters, "ann")
    hands.on(second).press("Ctrl+z")
    hands.on(first).press("Ctrl+z")
    assert verdicts(posters) == []
    hands.press("Ctrl+z")
    assert first.status.message == "nothing to undo"


def test_one_log_that_cannot_be_read_hides_nothing_of_the_others(tmp_path: Path) -> None:
    high = "MAL60001_0001_000001.jpg"
    logs = Logs(tmp_path / "logs", is_folder=True)
    logs.path.mkdir()
    mine, theirs = (Marking(logs, name, [Poster(A), Poster(high)]) for name in ("ann", "ben"))
    theirs.toggle(Poster(A, "a" * 64))
    logs.of(high).mkdir()
    with pytest.raises(OSError, match="jsonl"):
        mine.recorder.catch_up()
    assert mine.marked() == [A]
