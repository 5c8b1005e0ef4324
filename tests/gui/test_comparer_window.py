"""The Comparer as a person uses it: real windows, real keys and wheel, real files."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageDraw

from lap_assets.core.files import sha256_of
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.log import PairVerdict, read_verdicts
from lap_assets.duplicates.hashing import hash_image
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.window import Comparer
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_files import PosterFolder
from lap_gui.shared.deciding import HELD
from tests.gui.hands import Hands, grab, settle, wait_for
from tests.gui.words import NAMES

A, B, C, D = NAMES[:4]
Open = Callable[..., Comparer]


def draw(path: Path, size: tuple[int, int], color: str = "navy", **options: object) -> Path:
    """Write a picture with a white square in its upper left quarter and a black edge."""
    image = Image.new("RGB", size, color)
    pen = ImageDraw.Draw(image)
    pen.rectangle((size[0] // 8, size[1] // 8, size[0] // 4, size[1] // 4), fill="white")
    image.save(path, "JPEG", **options)
    return path


@pytest.fixture
def posters(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    draw(folder / A, (600, 900), quality=90)
    draw(folder / B, (200, 300), quality=75)
    draw(folder / C, (400, 600), "darkred", quality=80)
    draw(folder / D, (300, 450), "darkgreen", quality=60)
    return folder


@pytest.fixture
def open_on(display: str, posters: Path, tmp_path: Path) -> Iterator[Open]:
    """Open a Comparer on pairs of names."""
    opened: list[Comparer] = []

    def make(
        pairs: list[tuple[str, str]] | None = None, *, readonly: bool = False, closes_at_end: bool = False
    ) -> Comparer:
        wanted = pairs or [(A, B), (A, C), (B, C), (C, D)]
        listed = [
            Pair(Poster(one), Poster(other), (("ahash", 13.0), ("cosine", 0.0413)), "ahash", 13.0)
            for one, other in wanted
        ]
        session = ReviewSession(listed, Logs(tmp_path / "v.jsonl"), "ann", readonly=readonly)
        opened.append(Comparer(session, PosterFolder(posters), size=(1000, 700), closes_at_end=closes_at_end))
        settle(opened[-1].root)
        return opened[-1]

    yield make
    for window in opened:
        window.close()


def recorded(tmp_path: Path) -> list[tuple[str, str, str, str | None]]:
    """Return the verdicts in the file."""
    standing = read_verdicts([tmp_path / "v.jsonl"]).active
    return [(w.first, w.second, w.verdict, w.removed) for w in standing if isinstance(w, PairVerdict)]


def seen(window: Comparer) -> tuple[str, str]:
    left, right = window.canvas.shown
    return (left.path.name if left else "", right.path.name if right else "")


def test_each_key_records_the_originals_verdict(open_on: Open, hands: Hands, tmp_path: Path) -> None:
    window = open_on([(B, A), (C, D)])
    hands.on(window)
    assert seen(window) == (A, B)  # the better one on the left, whatever the list's order
    hands.press("space")
    assert recorded(tmp_path) == [(B, A, "duplicate", B)]
    hands.press("BackSpace")
    assert recorded(tmp_path) == []
    assert seen(window) == (A, B)
    hands.press("s")
    assert recorded(tmp_path) == [(B, A, "duplicate", A)]
    assert seen(window) == (C, D)
    hands.press("r")
    assert recorded(tmp_path)[1] == (C, D, "distinct", None)
    for key, verdict in (("b", "both_removed"), ("n", "skip"), ("u", "unsure")):
        hands.press("BackSpace")
        hands.press(key)
        assert recorded(tmp_path)[1] == (C, D, verdict, None)
    hands.press("Shift+e")
    assert window.aborted
    assert not window.alive
    (first,) = [w for w in read_verdicts([tmp_path / "v.jsonl"]).active if w.names == (B, A)]
    assert isinstance(first, PairVerdict)
    assert (first.first_sha256, first.measure, first.distance) == (
        sha256_of(tmp_path / "pictures" / B), "ahash", 13.0,
    )  # fmt: skip


def test_implied_pairs_are_skipped_and_undo_is_unlimited(open_on: Open, hands: Hands, tmp_path: Path) -> None:
    window = open_on()
    hands.on(window)
    hands.press("space")  # B goes: the pair of B and C is passed over
    hands.press("r")
    assert seen(window) == (C, D)
    hands.press("r")
    assert window.session.pair is None
    assert "No pair is left to decide: 4 of 4 are done." in window.canvas.message
    before = recorded(tmp_path)
    for _ in range(5):
        hands.press("BackSpace")
    assert recorded(tmp_path) == []
    assert seen(window) == (A, B)
    assert "nothing to undo" in window.status.message
    for _ in range(5):
        hands.press("Ctrl+y")
    assert recorded(tmp_path) == before


def test_pairs_left_open_are_asked_again_on_request(open_on: Open, hands: Hands) -> None:
    window = open_on([(A, B), (C, D)])
    hands.on(window)
    hands.press("n")
    hands.press("r")
    assert "1 were left open: press Return to see them again." in window.canvas.message
    hands.press("Return")
    assert seen(window) == (A, B)
    hands.press("r")
    assert "2 of 2 are done" in window.canvas.message


def test_a_new_window_resumes_where_the_last_one_stopped(open_on: Open, hands: Hands) -> None:
    window = open_on()
    hands.on(window)
    hands.press("r")
    before = seen(window)
    window.close()
    again = open_on()
    assert seen(again) == before
    assert again.status.facts.startswith("pair 2 of 4  ·  3 left")


def test_24_all_facts_are_shown_and_a_distance_of_13_is_13(open_on: Open) -> None:
    window = open_on([(A, B)])
    assert "aHash 13   cosine 0.041" in window.panel.text
    assert "13.0" not in window.panel.text
    assert "left is better: 9.0 times the pixels" in window.panel.text
    weight = (window.session.pair is not None) and window.panel.left.text
    assert weight
    assert all(word in weight for word in (A, "600 × 900 px", "KB", "JPEG quality 90", "MyAnimeList"))
    assert all(word in window.panel.right.text for word in (B, "200 × 300 px", "JPEG quality 75"))


def test_31_a_small_picture_is_enlarged_to_match_and_both_zoom_and_pan_alike(open_on: Open, hands: Hands) -> None:
    window = open_on([(A, B)])
    left, right = window.canvas.left, window.canvas.right
    hands.on(window)

    def corner(pane: object) -> tuple[float, float]:
        square = grab(pane).convert("L").point([255 * (value > 200) for value in range(256)]).getbbox()  # type: ignore[arg-type]
        assert square is not None
        return square[0], square[1]

    apart = [abs(a - b) for a, b in zip(corner(left), corner(right), strict=True)]
    assert max(apart) <= 3
    hands.wheel(left, 150, 200, 3)
    assert left.view.zoom == right.view.zoom > 1.5
    assert left.view.center == right.view.center
    hands.drag(right, (200, 300), (230, 340), button=3)
    hands.drag(left, (200, 300), (210, 310), button=1)
    assert left.view.center == right.view.center != (0.5, 0.5)
    apart = [abs(a - b) for a, b in zip(corner(left), corner(right), strict=True)]
    assert max(apart) <= 4


def test_31_flicker_shows_the_other_one_in_the_same_place(open_on: Open, hands: Hands) -> None:
    window = open_on([(A, C)])
    hands.on(window)
    hands.wheel(window.canvas.left, 150, 200, 2)
    zoom = window.canvas.left.view.zoom
    hands.press("2")
    overlay = window.canvas.overlay
    assert overlay.view.zoom == zoom
    first = grab(overlay)
    hands.press("Tab")
    second = grab(overlay)
    changed = ImageChops.difference(first, second).convert("L").point([255 * (v > 20) for v in range(256)])
    assert changed.getbbox() is not None
    assert overlay.picture is not None
    assert (overlay.picture.path.name, overlay.view.zoom) == (C, zoom)
    hands.down("f")
    assert overlay.picture.path.name == A
    hands.up("f")
    wait_for(window.root, lambda: overlay.picture is not None and overlay.picture.path.name == C)


def test_31_holding_f_side_by_side_lets_both_change_places_until_it_is_let_go(open_on: Open, hands: Hands) -> None:
    window = open_on([(A, C)])
    hands.on(window)
    hands.down("f")
    assert seen(window) == (C, A)
    hands.up("f")
    wait_for(window.root, lambda: seen(window) == (A, C))


def test_31_the_difference_is_red_only_where_something_differs(open_on: Open, hands: Hands, posters: Path) -> None:
    with Image.open(posters / A) as original:
        changed = original.convert("RGB")
    ImageDraw.Draw(changed).rectangle((300, 600, 500, 800), fill="white")
    changed.resize((420, 630)).save(posters / B, "JPEG", quality=95)
    window = open_on([(A, B)])
    hands.on(window)
    hands.press("3")
    red, green, _blue = grab(window.canvas.overlay).split()
    where = ImageChops.subtract(red, green).point([255 * (value > 120) for value in range(256)]).getbbox()
    assert where is not None
    view = window.canvas.overlay.view
    x1, y1 = view.to_picture(where[0], where[1])
    x2, y2 = view.to_picture(where[2], where[3])
    assert [round(value, -1) for value in (x1, y1, x2, y2)] == pytest.approx([300, 600, 500, 800], abs=11)


def test_31_the_split_shows_one_on_each_side_of_the_slider(open_on: Open, hands: Hands) -> None:
    window = open_on([(A, C)])
    hands.on(window)
    hands.press("4")
    overlay = window.canvas.overlay
    wide, high = overlay.winfo_width(), overlay.winfo_height()
    shot = grab(overlay)
    blue, red = shot.getpixel((wide // 2 - 40, high - 40)), shot.getpixel((wide // 2 + 40, high - 40))
    assert isinstance(blue, tuple)
    assert isinstance(red, tuple)
    assert blue[2] > blue[0] + 60
    assert red[0] > red[2] + 60
    hands.drag(overlay, (wide / 2, high / 2), (wide / 2 + 100, high / 2))
    moved = grab(overlay).getpixel((wide // 2 + 40, high - 40))
    assert isinstance(moved, tuple)
    assert moved[2] > moved[0] + 60
    hands.press("comma")
    assert overlay.edge == pytest.approx(0.5 + 100 / wide - 0.05, abs=0.01)


def test_31_nothing_is_lost_when_the_program_is_killed(
    open_on: Open, display: str, posters: Path, tmp_path: Path
) -> None:
    """Each verdict is on the disk before the next pair appears: killing the process then loses nothing."""
    program = f"""
import os, signal
from pathlib import Path
from lap_gui.comparer.window import Comparer
from lap_gui.comparer.session import ReviewSession
from lap_assets.core.verdicts.contents import Poster
from lap_gui.review.pair_rows import Pair
from lap_gui.review.logs import Logs
from lap_gui.review.poster_files import PosterFolder
pairs = [Pair(Poster({A!r}), Poster({B!r})), Pair(Poster({C!r}), Poster({D!r}))]
session = ReviewSession(pairs, Logs(Path({str(tmp_path / "v.jsonl")!r})), "ann")
window = Comparer(session, PosterFolder(Path({str(posters)!r})))
window.decide("duplicate", "second")
os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = subprocess.run([sys.executable, "-c", program], env={**os.environ, "DISPLAY": display}, timeout=600)
    assert ended.returncode == -signal.SIGKILL
    assert recorded(tmp_path) == [(A, B, "duplicate", B)]
    assert seen(open_on([(A, B), (C, D)])) == (C, D)


def test_unreadable_and_missing_pictures_are_reported_and_skipped(open_on: Open, hands: Hands, posters: Path) -> None:
    (posters / B).write_bytes(b"\xff\xd8 torn")
    (posters / D).unlink()
    window = open_on()
    assert seen(window) == (A, C)
    assert f"not shown: {B}: it cannot be read" in window.status.message
    hands.on(window)
    hands.press("r")
    assert f"{D}: the file is missing" in window.canvas.message
    assert "3 cannot be shown" in window.canvas.message


def test_a_file_with_other_content_than_in_the_list_is_not_judged(display: str, posters: Path, tmp_path: Path) -> None:
    pair = Pair(Poster(A, sha256_of(posters / A)), Poster(B, "0" * 64))
    window = Comparer(ReviewSession([pair], Logs(tmp_path / "v.jsonl"), "ann"), PosterFolder(posters))
    assert f"{B}: the file's content is not the one in the list" in window.canvas.message
    window.close()


def test_a_failed_write_is_reported_and_the_pair_stays(open_on: Open, hands: Hands, tmp_path: Path) -> None:
    window = open_on()
    (tmp_path / "v.jsonl").mkdir()
    hands.on(window)
    hands.press("space")
    assert "not saved" in window.status.message
    assert seen(window) == (A, B)
    (tmp_path / "v.jsonl").rmdir()
    hands.press("space")
    assert len(recorded(tmp_path)) == 1


def test_deciding_the_last_pair_closes_the_window_where_that_is_asked_for(open_on: Open, hands: Hands) -> None:
    window = open_on([(A, B), (C, D)], closes_at_end=True)
    hands.on(window)
    for key in ("n", "BackSpace", "r"):
        hands.press(key)
        assert window.alive
    hands.press("space")
    assert not window.alive
    assert open_on([(A, B), (C, D)], closes_at_end=True).alive  # nothing is left, but nothing was decided here


def test_the_window_stays_open_at_the_end_to_show_what_was_not_shown(
    open_on: Open, hands: Hands, posters: Path
) -> None:
    (posters / D).write_bytes(b"torn")
    window = open_on([(A, B), (C, D)], closes_at_end=True)
    hands.on(window)
    hands.press("space")
    assert window.alive
    assert "1 cannot be shown" in window.status.facts


def test_read_only_writes_nothing_and_says_so(open_on: Open, hands: Hands, tmp_path: Path) -> None:
    window = open_on(readonly=True)
    hands.on(window)
    hands.press("space")
    assert "READ-ONLY" in window.status.facts
    assert not (tmp_path / "v.jsonl").exists()


def test_23_the_viewer_turns_a_picture_as_the_hash_does(open_on: Open, posters: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    draw(posters / A, (900, 600), exif=exif)
    window = open_on([(A, B)])
    hashed = hash_image(posters / A)
    assert (hashed.width, hashed.height) == (600, 900)
    assert "600 × 900 px" in window.panel.left.text
    shown = window.canvas.left.picture
    assert shown is not None
    assert shown.size == (600, 900)
    white = shown.image.convert("L").point([255 * (value > 200) for value in range(256)]).getbbox()
    assert white is not None
    assert white[0] > 300  # the square of the upper left lies at the upper right when it is turned by 90°


def test_30_keys_work_with_caps_lock_and_on_a_cyrillic_layout(open_on: Open, hands: Hands, tmp_path: Path) -> None:
    window = open_on([(A, B), (C, D), (A, C)])
    hands.on(window)
    hands.caps_lock()
    hands.press("r")
    hands.caps_lock()
    assert len(recorded(tmp_path)) == 1
    hands.relabel("r", "Cyrillic_ka", "Cyrillic_KA")
    try:
        hands.press("Cyrillic_ka")
    finally:
        hands.relabel("Cyrillic_ka", "r", "R")
    assert [verdict for _, _, verdict, _ in recorded(tmp_path)] == ["distinct", "distinct"]


def test_25_it_opens_as_large_as_the_screen(display: str, posters: Path, tmp_path: Path) -> None:
    session = ReviewSession([Pair(Poster(A), Poster(B))], Logs(tmp_path / "v.jsonl"), "ann")
    window = Comparer(session, PosterFolder(posters), maximized=True)
    wait_for(window.root, lambda: window.root.winfo_width() == window.root.winfo_screenwidth())
    window.close()


def test_29_canvas_items_and_pictures_do_not_grow_from_pair_to_pair(open_on: Open, hands: Hands) -> None:
    window = open_on([(A, B), (C, D), (A, C), (A, D), (B, D)])
    hands.on(window)
    counts = []
    for _ in range(4):
        names = window.root.tk.splitlist(window.root.tk.call("image", "names"))
        counts.append((len(names), len(window.canvas.left.find_all())))
        hands.wheel(window.canvas.left, 100, 100, 2)
        hands.press("r")
    assert len(set(counts)) == 1


def test_33_two_windows_of_one_process_do_not_disturb_each_other(
    open_on: Open, hands: Hands, posters: Path, tmp_path: Path
) -> None:
    one = open_on([(A, B), (C, D)])
    session = ReviewSession([Pair(Poster(C), Poster(D))], Logs(tmp_path / "other.jsonl"), "bob")
    other = Comparer(session, PosterFolder(posters), size=(1000, 700))
    settle(other.root)
    hands.on(other)
    hands.press("space")
    other.close()
    settle(one.root)
    shot = grab(one.canvas.left)
    middle = shot.getpixel((shot.width // 2, shot.height // 2))
    assert isinstance(middle, tuple)
    assert middle[2] > middle[0] + 60  # still the blue picture
    hands.on(one)
    hands.press("r")
    assert seen(one) == (C, D)


def test_the_help_lists_every_key(open_on: Open, hands: Hands) -> None:
    window = open_on()
    hands.on(window)
    hands.press("h")
    assert window._help.is_open
    hands.press("F1")
    assert not window._help.is_open


def test_an_invalid_list_ends_in_one_line(posters: Path) -> None:
    (posters / "bad.csv").write_text("no,list\n")
    (posters / "empty.csv").write_text("first,second\n")
    for name, status, told in (
        ("bad.csv", 2, "no line of it"),
        ("gone.csv", 2, "no such list"),
        ("empty.csv", 0, "no pair is left"),
    ):
        ended = subprocess.run(
            [sys.executable, "-m", "lap_gui.comparer", str(posters / name)], capture_output=True, text=True, timeout=600
        )
        assert (ended.returncode, told in ended.stderr, ended.stderr.count("\n")) == (status, True, 1), ended.stderr


def test_a_held_space_decides_one_pair_and_the_next_press_the_next_one(
    open_on: Open, hands: Hands, tmp_path: Path
) -> None:
    window = open_on()
    hands.on(window)
    hands.hold("space", lambda: window.status.message == HELD)
    assert len(recorded(tmp_path)) == 1
    hands.press("r")
    assert [word[2] for word in recorded(tmp_path)] == ["duplicate", "distinct"]
