"""The Explorer as a person uses it: real windows, real keys, clicks and wheel, real files."""

import subprocess
import sys
import tkinter as tk
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lap_assets.core.files import sha256_of
from lap_assets.core.garbage import uncollected
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.log import Mark, PairVerdict, VerdictLog, read_verdicts
from lap_gui.explorer.groups import Bookmark, Groups
from lap_gui.explorer.layout import Layout
from lap_gui.explorer.marking import Marking
from lap_gui.explorer.window import Explorer
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_files import PosterFolder
from lap_gui.shared.deciding import HELD, UNSEEN
from tests.gui.hands import Hands, grab, settle, wait_for

Open = Callable[..., Explorer]


def name(anime: int, number: int) -> str:
    return f"MAL{anime:05d}_0001_{number:06d}.jpg"


def draw(path: Path, size: tuple[int, int], color: tuple[int, int, int] = (90, 40, 120)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, color).save(path, "JPEG")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write posters: 3 of anime 1, one of 2, two of 3, 34 of 7."""
    made = tmp_path / "pictures"
    for number, wide in ((1, 200), (2, 400), (3, 300)):
        draw(made / name(1, number), (wide, wide * 3 // 2))
    draw(made / name(2, 1), (200, 300))
    draw(made / name(3, 1), (200, 300))
    draw(made / name(3, 2), (220, 330))
    for number in range(34):
        draw(made / name(7, number + 1), (100 + number, 150), (5 * number, 80, 90))
    return made


@pytest.fixture
def open_on(display: str, folder: Path, tmp_path: Path) -> Iterator[Open]:
    opened: list[Explorer] = []

    def make(pairs: list[Pair] | None = None, *, readonly: bool = False, **options: object) -> Explorer:
        groups = Groups(PosterFolder(folder).groups(), pairs or [])
        names = [path.name for place in range(len(groups.ids)) for path in groups.paths(place)]
        marking = Marking(Logs(tmp_path / "v.jsonl"), "ann", [Poster(name) for name in names], readonly=readonly)
        window = Explorer(groups, marking, size=(1000, 700), **options)  # type: ignore[arg-type]
        opened.append(window)
        wait_for(window.root, lambda: window.is_ready)
        settle(window.root)
        return window

    yield make
    for window in opened:
        window.close()


def marks(tmp_path: Path) -> list[str]:
    return [word.name for word in read_verdicts([tmp_path / "v.jsonl"]).active if isinstance(word, Mark)]


def seen(window: Explorer) -> list[str]:
    return [tile.path.name for tile in window.grid.tiles]


def texts(window: Explorer) -> dict[str, str]:
    """Return the texts on the canvas and their colors."""
    canvas = window.grid.canvas
    settle(window.root)
    return {option(canvas, item, "text"): option(canvas, item, "fill") for item in of_kind(canvas, "text")}


def of_kind(canvas: tk.Canvas, kind: str) -> list[int]:
    return [item for item in canvas.find_all() if str(canvas.tk.call(str(canvas), "type", item)) == kind]


def option(canvas: tk.Canvas, item: int, name: str) -> str:
    return str(canvas.tk.call(str(canvas), "itemcget", item, f"-{name}"))


def middle(window: Explorer, index: int) -> tuple[float, float]:
    x1, y1, x2, y2 = window.grid.layout.rect(index, window.grid.scroll)
    return (x1 + x2) / 2, (y1 + y2) / 2


def test_posters_come_best_first_and_groups_of_one_are_skipped(open_on: Open, hands: Hands) -> None:
    window = open_on()
    assert seen(window) == [name(1, 2), name(1, 3), name(1, 1)]
    told = texts(window)
    assert name(1, 2) in told
    assert any("400 × 600" in text and "KB" in text for text in told)
    hands.on(window)
    hands.press("space")
    assert seen(window) == [name(3, 2), name(3, 1)]
    hands.press("BackSpace")
    assert len(seen(window)) == 3


def test_32_digits_and_clicks_mark_and_the_name_turns_red(open_on: Open, hands: Hands, tmp_path: Path) -> None:
    window = open_on()
    hands.on(window)
    hands.press("1")
    assert marks(tmp_path) == [name(1, 2)]
    assert texts(window)[name(1, 2)] == "#ff6b6b"
    hands.click(window.grid.canvas, *middle(window, 2))
    assert sorted(marks(tmp_path)) == [name(1, 1), name(1, 2)]
    hands.press("1")
    assert marks(tmp_path) == [name(1, 1)]
    assert texts(window)[name(1, 2)] != "#ff6b6b"
    hands.press("9")  # there is no such poster
    assert marks(tmp_path) == [name(1, 1)]
    (mark,) = [word for word in read_verdicts([tmp_path / "v.jsonl"]).active if isinstance(word, Mark)]
    assert (mark.sha256, mark.tool) == (sha256_of(tmp_path / "pictures" / name(1, 1)), "explorer")


def test_a_held_digit_marks_once_and_a_click_before_the_group_was_seen_marks_nothing(
    open_on: Open, hands: Hands, tmp_path: Path
) -> None:
    window = open_on()
    hands.on(window)
    hands.hold("1", lambda: window.status.message == HELD)
    assert marks(tmp_path) == [name(1, 2)]
    hands.press("space")
    canvas = window.grid.canvas
    canvas.event_generate("<Button-1>", x=round(middle(window, 0)[0]), y=round(middle(window, 0)[1]))
    assert marks(tmp_path) == [name(1, 2)]
    assert window.status.message == UNSEEN


def test_marks_are_shown_again_after_going_back_and_after_reopening(
    open_on: Open, hands: Hands, tmp_path: Path
) -> None:
    bookmark = Bookmark(tmp_path / "place.json", "ann", "all")
    window = open_on(bookmark=bookmark)
    hands.on(window)
    hands.press("2")
    hands.press("space")
    hands.press("BackSpace")
    assert texts(window)[name(1, 3)] == "#ff6b6b"
    hands.press("space")
    window.close()
    assert bookmark.read() == 3
    again = open_on(position=Groups(PosterFolder(tmp_path / "pictures").groups()).position_of(3))
    assert seen(again) == [name(3, 2), name(3, 1)]
    assert again.marking.marked() == [name(1, 3)]


def test_undo_goes_to_where_the_step_was(open_on: Open, hands: Hands, tmp_path: Path) -> None:
    window = open_on()
    hands.on(window)
    for key in ("1", "2", "2", "space"):
        hands.press(key)
    assert marks(tmp_path) == [name(1, 2)]
    hands.press("Ctrl+z")
    assert len(seen(window)) == 3
    assert sorted(marks(tmp_path)) == [name(1, 2), name(1, 3)]
    hands.press("Ctrl+z")
    hands.press("Ctrl+z")
    assert marks(tmp_path) == []
    hands.press("Ctrl+z")
    assert "nothing to undo" in window.status.message
    for _ in range(4):
        hands.press("Ctrl+y")
    assert marks(tmp_path) == [name(1, 2)]


def test_32_more_than_thirty_posters_scroll_and_digits_count_from_the_first_whole_row(
    open_on: Open, hands: Hands, tmp_path: Path
) -> None:
    window = open_on(position=2)
    hands.on(window)
    assert len(seen(window)) == 34
    assert window.grid.layout.farthest > 0
    hands.press("1")
    hands.press("End")
    assert window.grid.tiles[33] in window.grid.seen
    wait_for(window.root, lambda: window.is_ready)
    first = window.grid.layout.first_whole(window.grid.scroll)
    hands.press("2")
    assert marks(tmp_path) == [name(7, 34), seen(window)[first + 1]]
    assert "1" in texts(window)


def test_32_the_wheel_scrolls_and_then_goes_on(open_on: Open, hands: Hands) -> None:
    window = open_on(position=1)
    canvas = window.grid.canvas
    hands.on(window)
    hands.wheel(canvas, 300, 300, -1)  # all are seen: on to the next
    assert len(seen(window)) == 34
    hands.wheel(canvas, 300, 300, -2)
    assert (window.position, window.grid.scroll) == (2, 240)
    hands.wheel(canvas, 300, 300, 2)
    assert (window.position, window.grid.scroll) == (2, 0)
    hands.wheel(canvas, 300, 300, 1)
    assert window.position == 1


def test_the_right_button_goes_on_and_the_ends_are_told(open_on: Open, hands: Hands) -> None:
    window = open_on()
    hands.on(window)
    hands.press("BackSpace")
    assert "first" in window.status.message
    for _ in range(2):
        hands.click(window.grid.canvas, 300, 300, button=3)
    assert window.position == 2
    hands.press("space")
    assert (window.position, "last" in window.status.message) == (2, True)


def test_a_closed_window_has_let_its_pictures_go(open_on: Open) -> None:
    """In Tk's own thread: a picture freed later, by a decoder's thread, would wait a second for Tk in vain."""
    window = open_on()
    pictures = [weakref.ref(picture) for picture in window.grid._photos.values()]
    assert pictures
    with uncollected():
        window.close()
        assert not any(picture() for picture in pictures)


def test_26_start_and_stop_open_just_those_groups(open_on: Open, hands: Hands) -> None:
    window = open_on(start=1, stop=2)
    hands.on(window)
    hands.press("space")
    hands.press("BackSpace")
    assert seen(window) == [name(3, 2), name(3, 1)]


def test_minus_and_equal_scale_arrows_change_width_and_height_and_q_and_e_the_columns(
    open_on: Open, hands: Hands
) -> None:
    window = open_on()
    hands.on(window)
    grid = window.grid
    columns, (wide, high) = grid.layout.columns, grid.layout.tile
    hands.press("minus")
    assert grid.layout.tile < (wide, high)
    assert (
        window.status.message
        == f"{grid.layout.columns} columns, tiles of {grid.layout.tile[0]} × {grid.layout.tile[1]}"
    )
    hands.press("equal")
    assert grid.layout.tile == (wide, high)
    hands.press("Up")
    assert (grid.layout.tile[0], grid.layout.tile[1] < high) == (wide, True)
    hands.press("Down")
    hands.press("Left")
    assert grid.layout.tile[0] < wide
    assert abs(grid.layout.tile[1] - high) <= 1
    hands.press("Right")
    assert grid.layout.tile == (wide, high)
    hands.press("q")
    assert grid.layout.columns == columns - 1
    hands.press("e")
    assert grid.layout.columns == columns
    hands.press("equal")
    hands.press("w")
    assert grid.layout.tile == (wide, high)
    hands.press("w")
    assert window.status.message == "already at the limit; W fits all"


def test_going_on_from_the_last_anime_closes_the_window_where_that_is_asked_for(open_on: Open, hands: Hands) -> None:
    window = open_on(start=1, stop=2, closes_at_end=True)
    hands.on(window)
    hands.press("BackSpace")
    assert window.alive
    hands.press("space")
    assert not window.alive


def test_each_connected_group_of_candidates_has_frames_of_one_color(open_on: Open) -> None:
    def pair(one: int, other: int) -> Pair:
        return Pair(Poster(name(7, one)), Poster(name(7, other)))

    elsewhere = Pair(Poster(name(7, 9)), Poster(name(1, 1)))  # the other one is of another anime
    window = open_on([pair(1, 2), pair(2, 3), pair(5, 6), elsewhere], position=2)
    colors = {tile.path.name: tile.color for tile in window.grid.tiles}
    assert colors[name(7, 1)] == colors[name(7, 2)] == colors[name(7, 3)] != ""
    assert colors[name(7, 5)] == colors[name(7, 6)] not in ("", colors[name(7, 1)])
    assert colors[name(7, 4)] == colors[name(7, 9)] == ""
    window.grid.scroll_to(window.grid.layout.farthest)
    settle(window.root)
    canvas = window.grid.canvas
    assert colors[name(7, 1)] in {option(canvas, item, "outline") for item in of_kind(canvas, "rectangle")}


def test_one_poster_alone_zooms_and_can_be_marked(open_on: Open, hands: Hands, tmp_path: Path) -> None:
    window = open_on()
    hands.on(window)
    hands.move(window.grid.canvas, *middle(window, 1))
    hands.press("z")
    assert window.large.tile is not None
    assert window.large.tile.path.name == name(1, 3)
    hands.wheel(window.large.viewport, 400, 300, 4)
    assert window.large.viewport.view.zoom > 1.5
    hands.press("m")
    assert marks(tmp_path) == [name(1, 3)]
    hands.press("Right")
    assert window.large.tile.path.name == name(1, 1)
    hands.press("Escape")
    assert not window.large.is_open
    settle(window.root)
    shot = grab(window.grid.canvas)
    x, y = middle(window, 0)
    assert shot.getpixel((round(x), round(y))) != shot.getpixel((2, 2))


def test_of_two_with_the_same_bytes_the_first_mark_goes_by_name_alone(
    open_on: Open, hands: Hands, folder: Path, tmp_path: Path
) -> None:
    """A mark refers to content, and would remove both."""
    (folder / name(3, 2)).write_bytes((folder / name(3, 1)).read_bytes())
    window = open_on(position=1)
    hands.on(window)
    hands.press("1")
    (word,) = read_verdicts([tmp_path / "v.jsonl"]).active
    assert isinstance(word, PairVerdict)
    assert (word.verdict, word.removed, word.first) == ("duplicate", name(3, 1), name(3, 2))
    assert [texts(window)[name(3, n)] == "#ff6b6b" for n in (1, 2)] == [True, False]
    hands.press("1")
    assert read_verdicts([tmp_path / "v.jsonl"]).active == ()
    hands.press("1")
    hands.press("2")
    assert marks(tmp_path) == [name(3, 2)]
    assert window.marking.marked() == [name(3, 1), name(3, 2)]


def test_posters_removed_in_pairs_are_hidden_until_requested(
    open_on: Open, hands: Hands, folder: Path, tmp_path: Path
) -> None:
    VerdictLog(tmp_path / "v.jsonl").append(
        PairVerdict(
            reviewer="bob", first=name(1, 1), first_sha256=sha256_of(folder / name(1, 1)), second=name(1, 2),
            second_sha256=sha256_of(folder / name(1, 2)), verdict="duplicate", removed=name(1, 1),
        )
    )  # fmt: skip
    window = open_on(hidden={name(1, 3)})
    assert seen(window) == [name(1, 2)]
    assert "2 removed (A shows them)" in window.status.facts
    hands.on(window)
    hands.press("a")
    assert len(seen(window)) == 3
    hands.press("a")
    assert len(seen(window)) == 1


def test_unreadable_posters_are_shown_as_such_and_cannot_be_marked(
    open_on: Open, hands: Hands, folder: Path, tmp_path: Path
) -> None:
    (folder / name(3, 1)).write_bytes(b"torn")
    window = open_on(position=1)
    assert seen(window)[-1] == name(3, 1)
    assert any("cannot be read" in text for text in texts(window))
    hands.on(window)
    hands.press("2")
    assert "cannot be marked" in window.status.message
    assert marks(tmp_path) == []


def test_read_only_writes_nothing(open_on: Open, hands: Hands, tmp_path: Path) -> None:
    window = open_on(readonly=True, bookmark=Bookmark(tmp_path / "place.json", "ann", "all"))
    hands.on(window)
    for key in (None, "1", "space"):
        if key is not None:
            hands.press(key)
        assert "READ-ONLY" in window.status.facts
        assert "read" not in window.status.message  # said once in the line
    assert [path.name for path in tmp_path.iterdir()] == ["pictures"]


def test_a_failed_write_is_reported(open_on: Open, hands: Hands, tmp_path: Path) -> None:
    window = open_on()
    hands.on(window)
    (tmp_path / "v.jsonl").mkdir()
    hands.press("1")
    assert "not saved" in window.status.message
    assert window.marking.marked() == []


def test_29_canvas_items_do_not_grow(open_on: Open, hands: Hands) -> None:
    window = open_on(position=1)
    hands.on(window)
    counts = []
    for _ in range(3):
        hands.press("1")
        hands.press("1")
        hands.press("Up")
        hands.press("Down")
        settle(window.root)
        counts.append(
            (len(window.grid.canvas.find_all()), len(window.root.tk.splitlist(window.root.tk.call("image", "names"))))
        )
    assert len(set(counts)) == 1


def test_32_a_folder_without_groups_ends_in_one_line(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    draw(tmp_path / "one" / name(1, 1), (20, 30))
    for place, status, told in (
        ("empty", 0, "no anime has more than one"),
        ("one", 0, "no anime"),
        ("gone", 2, "no such folder"),
    ):
        ended = subprocess.run(
            [sys.executable, "-m", "lap_gui.explorer", str(tmp_path / place)],
            capture_output=True,
            text=True,
            timeout=600,
        )
        assert (ended.returncode, told in ended.stderr, ended.stderr.count("\n")) == (status, True, 1), ended.stderr


layouts = st.builds(
    Layout, st.integers(0, 120), st.tuples(st.integers(1, 3000), st.integers(1, 2000)), st.integers(0, 20),
    st.sampled_from([0.3, 0.7, 1.0, 1.5, 4.0]),
)  # fmt: skip


@given(layouts, st.integers(0, 100_000))
def test_tiles_do_not_overlap_and_each_can_be_reached(layout: Layout, far: int) -> None:
    scroll = min(far, layout.farthest)
    for index in layout.visible(scroll):
        x1, y1, x2, y2 = layout.rect(index, scroll)
        if x1 >= 0 or x2 <= layout.size[0]:
            assert layout.at((x1 + x2) // 2, (y1 + y2) // 2, scroll) == index
    if layout.count:
        assert 0 in layout.visible(0)
        assert layout.count - 1 in layout.visible(layout.farthest)
        assert 1 <= layout.columns <= layout.count
    first = layout.first_whole(scroll)
    assert layout.count == 0 or 0 <= first < layout.count
