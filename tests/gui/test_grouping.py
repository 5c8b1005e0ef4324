"""Groups in the Comparer: all one picture, all different, one picture with exceptions; the grid and its keys."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from lap_assets.core.files import sha256_of
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.log import PairVerdict, read_verdicts
from lap_gui.comparer.grouping import PosterGroup, all_different, group_of, keep_best
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.window import Comparer
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_files import PosterFolder
from tests.gui.hands import Hands, settle
from tests.gui.words import NAMES, poster

FOUR = [poster(name) for name in NAMES[:4]]


def pairs(posters: list[Poster], group: str = "1") -> list[Pair]:
    """Return every pair of some posters; the later one of each is suggested."""
    both = itertools.combinations(sorted(posters), 2)
    return [
        Pair(a, b, (("ahash", 4.0),), "ahash", 4.0, suggestion=b.name, probability=0.9, group=group) for a, b in both
    ]


def session(tmp_path: Path, listed: list[Pair], reviewer: str = "ann") -> ReviewSession:
    return ReviewSession(listed, Logs(tmp_path / "v.jsonl"), reviewer)


def said(tmp_path: Path) -> set[tuple[str, str, str, str | None]]:
    active = read_verdicts([tmp_path / "v.jsonl"]).active
    return {(one.first, one.second, one.verdict, one.removed) for one in active if isinstance(one, PairVerdict)}


def group(work: ReviewSession) -> PosterGroup:
    assert work.pair is not None
    found = group_of(work, work.pair)
    assert found is not None
    return found


def test_all_one_picture_keeps_the_best_in_one_step(tmp_path: Path) -> None:
    work = session(tmp_path, [*pairs(FOUR), *pairs([poster(name) for name in NAMES[4:6]], "")])
    assert group(work).posters == tuple(FOUR)
    assert keep_best(work, group(work)) == 3
    best = FOUR[0].name
    assert said(tmp_path) == {(best, one.name, "duplicate", one.name) for one in FOUR[1:]}
    assert work.progress.left == 1
    work.undo()
    assert work.progress.left == 7
    assert said(tmp_path) == set()


def test_all_different_decides_every_waiting_pair_in_one_step(tmp_path: Path) -> None:
    work = session(tmp_path, pairs(FOUR))
    assert all_different(work, group(work)) == 6
    assert {verdict for _, _, verdict, _ in said(tmp_path)} == {"distinct"}
    assert work.pair is None
    work.undo()
    assert work.progress.left == 6


def test_a_poster_taken_out_is_another_picture_and_the_rest_is_one(tmp_path: Path) -> None:
    work = session(tmp_path, pairs(FOUR))
    assert keep_best(work, group(work), {FOUR[2]}) == 2
    best = FOUR[0].name
    assert (best, FOUR[2].name, "distinct", None) in said(tmp_path)
    assert not work.index.is_removed(FOUR[2])
    assert work.pair is None


def test_with_the_best_taken_out_the_next_best_stays(tmp_path: Path) -> None:
    work = session(tmp_path, pairs(FOUR))
    assert keep_best(work, group(work), {FOUR[0]}) == 2
    assert work.removed() == [FOUR[2].name, FOUR[3].name]
    assert keep_best(session(tmp_path / "other", pairs(FOUR)), PosterGroup(tuple(FOUR), ()), set(FOUR[:3])) == 0


def test_what_another_called_distinct_meanwhile_stays_distinct(tmp_path: Path) -> None:
    work, other = session(tmp_path, pairs(FOUR)), session(tmp_path, pairs(FOUR), "bob")
    seen = group(work)
    other.decide("distinct", (FOUR[0].sha256, FOUR[1].sha256))
    assert keep_best(work, seen) == 2
    assert not work.index.is_removed(FOUR[1])


def test_a_pair_alone_and_a_list_without_groups_have_no_group(tmp_path: Path) -> None:
    for listed in (pairs(FOUR[:2]), pairs(FOUR, group="")):
        work = session(tmp_path, listed)
        assert work.pair is not None
        assert group_of(work, work.pair) is None


@pytest.fixture
def broken() -> tuple[str, ...]:
    """The window's posters whose files are not pictures."""
    return ()


@pytest.fixture
def window(display: str, tmp_path: Path, broken: tuple[str, ...]) -> Iterator[Comparer]:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, name in enumerate(NAMES[:4]):
        Image.new("RGB", (400 - 50 * number, 600), (40 * number, 80, 120)).save(folder / name, "JPEG")
    posters = [Poster(name, sha256_of(folder / name)) for name in NAMES[:4]]
    for name in broken:
        (folder / name).write_bytes(b"no picture")
    opened = Comparer(session(tmp_path, pairs(posters)), PosterFolder(folder), size=(1000, 700))
    settle(opened.root)
    yield opened
    opened.close()


def test_the_grid_shows_the_group_and_its_keys_decide_it(window: Comparer, hands: Hands, tmp_path: Path) -> None:
    hands.on(window)
    hands.press("g")
    view = window.group.view
    assert view.is_open
    assert [tile.path.name for tile in view.grid.tiles] == list(NAMES[:4])
    hands.press("n")  # a key for the pair does nothing to the group
    assert said(tmp_path) == set()
    x1, y1, x2, y2 = view.grid.layout.rect(3, view.grid.scroll)
    hands.click(view.grid.canvas, (x1 + x2) / 2, (y1 + y2) / 2)
    assert {one.name for one in view.out} == {NAMES[3]}
    assert [view.look(tile).note for tile in view.grid.tiles] == [
        "stays",
        "is removed",
        "is removed",
        "another picture",
    ]
    hands.press("space")
    assert not view.is_open
    assert {(verdict, removed) for _, _, verdict, removed in said(tmp_path)} == {
        ("duplicate", NAMES[1]), ("duplicate", NAMES[2]), ("distinct", None),
    }  # fmt: skip
    hands.press("BackSpace")
    assert said(tmp_path) == set()
    hands.press("g")
    hands.press("r")
    assert len(said(tmp_path)) == 6
    assert "No pair is left" in window.canvas.message


def test_escape_and_g_lead_back_to_the_pair_and_without_a_group_there_is_no_grid(
    window: Comparer, hands: Hands
) -> None:
    hands.on(window)
    for key in ("Escape", "g"):
        hands.press("g")
        assert window.group.is_open
        hands.press(key)
        assert not window.group.is_open
    keep_best(window.session, group(window.session))
    window.next()
    hands.press("g")
    assert not window.group.is_open


@pytest.mark.parametrize("broken", [(NAMES[3],)])
def test_a_poster_that_cannot_be_read_is_left_out_of_the_group(window: Comparer, hands: Hands, tmp_path: Path) -> None:
    hands.on(window)
    hands.press("g")
    assert window.group.is_open
    hands.press("r")
    assert {name for first, second, _, _ in said(tmp_path) for name in (first, second)} == set(NAMES[:3])


@pytest.mark.parametrize("broken", [NAMES[1:4]])
def test_a_group_of_which_one_alone_can_be_read_is_not_shown(window: Comparer, hands: Hands, tmp_path: Path) -> None:
    hands.on(window)
    hands.press("g")
    assert not window.group.is_open
    assert said(tmp_path) == set()
