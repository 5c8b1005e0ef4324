"""The list of past decisions: used with real keys in real windows, and pairs shown again are decided anew."""

import tkinter as tk
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from lap_assets.core.files import sha256_of
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.lines import Verdict
from lap_assets.core.verdicts.log import Mark, PairVerdict, TakeBack, VerdictLog, read_verdicts
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.window import Comparer
from lap_gui.explorer.groups import Groups
from lap_gui.explorer.marking import Marking
from lap_gui.explorer.window import Explorer
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from lap_gui.review.past import what
from lap_gui.review.poster_files import PosterFolder
from lap_gui.shared.deciding import HELD
from lap_gui.shared.past import OTHER_KEY, PastList
from tests.gui.hands import Hands, settle, wait_for
from tests.gui.words import NAMES

A, B, C, D = NAMES[:4]
OTHERS = [*NAMES[4:6], *(f"MAL00003_0001_{number:06d}.jpg" for number in (1, 2))]
Open = Callable[..., Comparer]


@pytest.fixture
def comparer(windows: ExitStack, posters: Path) -> Open:
    """Open a Comparer on pairs of names."""

    def make(*pairs: tuple[str, str], reviewer: str = "ann", alone: bool = False) -> Comparer:
        listed = [Pair(Poster(one), Poster(other)) for one, other in pairs or ((A, B), (C, D), (A, C))]
        session = ReviewSession(listed, Logs(posters.parent / "v.jsonl"), reviewer, alone=alone)
        window = windows.enter_context(closing(Comparer(session, PosterFolder(posters), size=(800, 600))))
        settle(window.root)
        return window

    return make


@pytest.fixture
def explorer(windows: ExitStack, posters: Path) -> Callable[..., Explorer]:
    """Open an Explorer on all posters except the `hidden` ones, with candidates."""

    def make(*candidates: tuple[str, str], hidden: frozenset[str] = frozenset()) -> Explorer:
        for name in OTHERS:
            Image.new("RGB", (200, 300), "navy").save(posters / name)
        found = PosterFolder(posters).groups()
        names = [path.name for paths in found.values() for path in paths]
        marking = Marking(Logs(posters.parent / "v.jsonl"), "ann", [Poster(name) for name in names])
        groups = Groups(found, [Pair(Poster(one), Poster(other)) for one, other in candidates], hidden)
        window = windows.enter_context(closing(Explorer(groups, marking, hidden=hidden, size=(800, 600))))
        wait_for(window.root, lambda: window.is_ready)
        settle(window.root)
        return window

    return make


def verdict(
    posters: Path, first: str, second: str, given: Verdict, removed: str | None = None, by: str = "ann"
) -> None:
    """Write a verdict of somebody, without a window."""
    VerdictLog(posters.parent / "v.jsonl").append(
        PairVerdict(
            reviewer=by, first=first, first_sha256=sha256_of(posters / first), second=second,
            second_sha256=sha256_of(posters / second), verdict=given, removed=removed,
        )
    )  # fmt: skip


def active(posters: Path) -> list[tuple[str, str, str, str]]:
    """Return the reviewer, verdict and pair of each active verdict."""
    read = read_verdicts([posters.parent / "v.jsonl"]).active
    return [(one.reviewer, one.first, one.second, one.verdict) for one in read if isinstance(one, PairVerdict)]


def texts(past: PastList[Any]) -> list[str]:
    """Return the texts of the visible rows."""
    canvas = past.rows.canvas
    settle(canvas)
    of = [str(canvas.tk.call(str(canvas), "itemcget", item, "-text")) for item in canvas.find_withtag("all")
          if str(canvas.tk.call(str(canvas), "type", item)) == "text"]  # fmt: skip
    return [" ".join(text.split()) for text in of]


def test_the_newest_is_first_in_words_with_both_names_and_when_and_others_are_marked(
    comparer: Open, hands: Hands, posters: Path
) -> None:
    verdict(posters, C, D, "distinct", by="ben")
    window = comparer()
    hands.on(window).press("space")
    hands.press("j")
    past = window.past
    assert past.is_open
    assert past._title.whole == "Past decisions: 1 by you, 1 by others"
    rows = texts(past)
    today = datetime.now().strftime("%Y-%m-%d")
    assert rows[0] == "duplicates"
    assert rows[1].startswith(f"you · {today}")
    assert rows[2] == f"{A} stays, {B} is removed"
    assert rows[3] == "not duplicates: both are kept"
    assert rows[4].startswith(f"ben · {today}")
    assert rows[5] == f"{C} {D}"
    hands.press("Escape")
    assert not past.is_open


def test_return_shows_a_pair_again_that_is_decided_anew(comparer: Open, hands: Hands, posters: Path) -> None:
    window = comparer((A, B), (C, D), (B, D))
    hands.on(window)
    hands.press("r")
    hands.press("r")
    hands.press("j")
    hands.press("Down")
    hands.press("Return")
    assert not window.past.is_open
    assert window.session.pair is not None
    assert window.session.pair.posters == (Poster(A), Poster(B))
    assert "2 left" in window.status.facts
    hands.press("space")
    assert active(posters) == [("ann", C, D, "distinct"), ("ann", A, B, "duplicate")]
    assert window.session.pair is None  # B went, and with it the last pair


def test_escape_leaves_a_pair_that_was_decided_before_as_it_is(comparer: Open, hands: Hands, posters: Path) -> None:
    window = comparer()
    hands.on(window).press("r")
    before = active(posters)
    asked = window.session.pair
    hands.press("Ctrl+h")
    hands.press("Return")
    assert window.session.pair != asked
    hands.press("Escape")
    assert window.session.pair == asked
    assert active(posters) == before


def test_a_pair_that_is_no_longer_in_the_list_is_shown_again_too(comparer: Open, hands: Hands, posters: Path) -> None:
    verdict(posters, A, D, "distinct")
    window = comparer((B, C))
    hands.on(window).press("j")
    hands.press("Return")
    assert window.session.pair is not None
    assert [one.name for one in window.session.pair.posters] == [A, D]
    hands.press("s")
    assert active(posters) == [("ann", A, D, "duplicate")]
    assert window.session.pair.posters == (Poster(B), Poster(C))


@pytest.mark.parametrize("given", ["duplicate", "distinct"])
def test_a_decision_made_since_the_pair_was_shown_again_stays_and_the_reason_is_given(
    comparer: Open, hands: Hands, posters: Path, given: Verdict
) -> None:
    window = comparer()
    hands.on(window).press("r")
    hands.press("j")
    hands.press("Return")
    verdict(posters, A, B, given, removed=B if given == "duplicate" else None, by="ben")
    hands.press("space")
    assert ("ann", A, B, "distinct") in active(posters)
    assert window.status.message.startswith("not recorded, decided meanwhile by ann: not duplicates; ben: ")


def test_delete_takes_ones_own_back_by_a_line_and_undo_puts_it_back(
    comparer: Open, hands: Hands, posters: Path
) -> None:
    window = comparer()
    hands.on(window)
    for _ in range(2):
        hands.press("r")
    hands.press("j")
    hands.press("Down")
    hands.press("Delete")
    lines = read_verdicts([posters.parent / "v.jsonl"]).lines
    assert isinstance(lines[-1], TakeBack)
    assert active(posters) == [("ann", C, D, "distinct")]
    assert len(window.past.items) == 1
    assert window.status.message == "taken back: not duplicates: both are kept"
    hands.press("Ctrl+z")
    assert len(active(posters)) == len(window.past.items) == 2
    assert window.past.is_open


def test_an_earlier_decision_that_counts_again_is_reported(comparer: Open, hands: Hands, posters: Path) -> None:
    verdict(posters, A, B, "both_removed")
    verdict(posters, A, B, "distinct")
    window = comparer()
    hands.on(window).press("j")
    hands.press("Delete")
    assert active(posters) == [("ann", A, B, "both_removed")]
    assert window.status.message.endswith("your earlier decision counts again: both are removed")
    assert [what(one) for one in window.past.items] == ["both are removed"]


def test_a_held_delete_takes_one_back_and_another_persons_none(comparer: Open, hands: Hands, posters: Path) -> None:
    verdict(posters, A, C, "distinct", by="ben")
    window = comparer()
    hands.on(window)
    for _ in range(2):
        hands.press("r")
    hands.press("j")
    hands.hold("Delete", lambda: window.status.message == HELD)
    assert len(active(posters)) == 2
    hands.press("End")
    hands.press("Delete")
    assert len(active(posters)) == 2
    assert "only ben can take that back" in window.status.message


def test_keys_that_decide_do_nothing_below_the_list(comparer: Open, hands: Hands, posters: Path) -> None:
    window = comparer()
    hands.on(window).press("j")
    for key in ("space", "s", "r", "b", "n", "u"):
        hands.press(key)
        assert window.status.message == OTHER_KEY
    assert active(posters) == []
    hands.press("F1")
    assert window._help.is_open
    hands.press("F1")
    hands.press("j")
    hands.press("r")
    assert len(active(posters)) == 1


def test_independent_answers_do_not_show_others_decisions(comparer: Open, hands: Hands, posters: Path) -> None:
    verdict(posters, A, B, "distinct", by="ben")
    window = comparer(alone=True)
    hands.on(window).press("j")
    assert window.past.items == []
    hands.press("Return")
    hands.press("Delete")
    assert window.past.is_open
    assert len(active(posters)) == 1


def test_a_mark_is_not_shown_as_a_pair_and_can_be_taken_back(comparer: Open, hands: Hands, posters: Path) -> None:
    VerdictLog(posters.parent / "v.jsonl").append(
        Mark(reviewer="ann", name=B, sha256=sha256_of(posters / B), tool="explorer")
    )
    window = comparer()
    assert window.session.pair is not None
    assert window.session.pair.posters == (Poster(C), Poster(D))
    hands.on(window).press("j")
    assert texts(window.past)[0] == "marked for removal in the Explorer"
    hands.press("Return")
    assert "the Explorer shows it" in window.status.message
    hands.press("Delete")
    assert window.session.pair.posters == (Poster(A), Poster(B))


def test_thousands_open_at_once_and_only_the_rows_that_are_seen_are_made(
    comparer: Open, hands: Hands, posters: Path
) -> None:
    many = 5000
    VerdictLog(posters.parent / "v.jsonl").append_all(
        [
            PairVerdict(
                reviewer="ann", first=A, first_sha256=sha256_of(posters / A), verdict="distinct",
                second=f"MAL00001_0002_{number:06d}.jpg", second_sha256=f"{number:064d}",
            )
            for number in range(many)
        ]
    )  # fmt: skip
    window = comparer()
    hands.on(window).press("j")
    rows = window.past.rows
    assert rows.count == many
    assert len(rows.canvas.find_withtag("all")) <= 5 * (rows.page + 1) + 1
    assert rows.page >= 8
    hands.press("End")
    assert (rows.selected, rows.seen[-1]) == (many - 1, many - 1)
    assert f"{A} MAL00001_0002_000000.jpg" in texts(window.past)
    hands.press("Prior")
    assert rows.selected == many - 1 - rows.page
    hands.press("Home")
    hands.wheel(rows.canvas, 100, 100, -2)
    assert rows.selected == 0
    assert rows.seen[0] == 6
    assert f"{A} MAL00001_0002_{many - 7:06d}.jpg" in texts(window.past)


def test_the_list_follows_what_others_decide_and_stays_at_the_selected_one(
    comparer: Open, hands: Hands, posters: Path
) -> None:
    window = comparer()
    hands.on(window).press("r")
    hands.press("j")
    mine = window.past.selected
    verdict(posters, A, C, "unsure", by="ben")
    wait_for(window.root, lambda: len(window.past.items) == 2)
    assert window.past.selected == mine
    assert window.past.rows.selected == 1


def test_no_text_of_a_row_lies_on_another_in_a_small_window(comparer: Open, hands: Hands, posters: Path) -> None:
    verdict(
        posters, A, B, "duplicate", removed=B, by="somebody with a name that is longer than any window is wide " * 3
    )
    window = comparer()
    window.root.geometry("480x320")
    wait_for(window.root, lambda: window.root.winfo_width() == 480)
    hands.on(window).press("j")
    canvas: tk.Canvas = window.past.rows.canvas
    settle(window.root)
    items = [item for item in canvas.find_withtag("all") if str(canvas.tk.call(str(canvas), "type", item)) == "text"]
    boxes = [canvas.bbox(item) for item in items]
    assert len(boxes) == 3
    for number, one in enumerate(boxes):
        assert one is not None
        assert one[0] >= 0
        assert one[2] <= canvas.winfo_width()
        for other in boxes[number + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart


def tiles(window: Explorer) -> list[str]:
    return sorted(tile.path.name for tile in window.grid.tiles)


def test_the_explorer_shows_the_anime_of_a_decision_again_to_mark_anew(
    explorer: Callable[..., Explorer], hands: Hands, posters: Path
) -> None:
    verdict(posters, C, D, "distinct", by="ben")
    window = explorer()
    hands.on(window).press("2")
    marked = window.marking.marked()
    hands.press("space")
    hands.press("space")
    hands.press("j")
    assert [what(one) for one in window.past.items] == [
        "marked for removal in the Explorer",
        "not duplicates: both are kept",
    ]
    hands.press("Return")
    assert not window.past.is_open
    assert tiles(window) == [A, B, C, D]
    assert window.status.message == f"decided before: marked for removal in the Explorer: {marked[0]}"
    hands.press("2")
    assert window.marking.marked() == []


def test_the_explorer_takes_ones_own_mark_back_and_another_persons_none(
    explorer: Callable[..., Explorer], hands: Hands, posters: Path
) -> None:
    VerdictLog(posters.parent / "v.jsonl").append(
        Mark(reviewer="ben", name=D, sha256=sha256_of(posters / D), tool="labeler")
    )
    window = explorer()
    hands.on(window).press("1")
    hands.press("j")
    assert texts(window.past)[3] == "marked for removal in the Labeler"
    hands.press("Delete")
    assert window.marking.marked() == [D]
    hands.press("Delete")
    assert window.marking.marked() == [D]
    assert "only ben can take that back" in window.status.message
    hands.press("Ctrl+z")
    assert len(window.marking.marked()) == len(window.past.items) == 2


def test_an_anime_that_left_the_groups_is_shown_again_and_space_returns(
    explorer: Callable[..., Explorer], hands: Hands, posters: Path
) -> None:
    gone, kept = OTHERS[2:]
    VerdictLog(posters.parent / "v.jsonl").append(Mark(reviewer="ann", name=gone, sha256="0" * 64, tool="explorer"))
    window = explorer(hidden=frozenset({gone}))
    hands.on(window).press("space")
    here = window.position
    assert window.groups.ids == [1, 2]
    hands.press("j")
    hands.press("Return")
    assert tiles(window) == [gone, kept]
    hands.press("space")
    assert window.position == here
    hands.press("space")
    assert window.status.message == "this is the last anime"


def test_a_removal_in_a_pair_that_is_taken_back_brings_the_poster_into_sight(
    explorer: Callable[..., Explorer], hands: Hands, posters: Path
) -> None:
    verdict(posters, A, B, "duplicate", removed=B)
    window = explorer()
    assert tiles(window) == [A, C, D]
    hands.on(window).press("j")
    hands.press("Delete")
    hands.press("Escape")
    assert tiles(window) == [A, B, C, D]


def test_n_goes_to_the_next_anime_with_candidates_that_nobody_has_decided(
    explorer: Callable[..., Explorer], hands: Hands, posters: Path
) -> None:
    window = explorer((A, B), (OTHERS[0], OTHERS[1]), (OTHERS[2], OTHERS[3]))
    hands.on(window)
    verdict(posters, OTHERS[0], OTHERS[1], "distinct", by="ben")
    wait_for(window.root, window.marking.recorder.now_active)
    hands.press("n")
    assert window.groups.ids[window.position] == 3
    hands.press("n")
    assert window.status.message == "no undecided candidates in the following anime"
