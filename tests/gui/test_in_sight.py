"""Nothing is hidden: at small sizes and high screen densities, texts neither overlap nor are cut off."""

import itertools
import os
import tkinter as tk
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.log import PairVerdict, VerdictLog
from lap_gui import LabelerGUI
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.window import Comparer
from lap_gui.explorer.groups import Groups
from lap_gui.explorer.marking import Marking
from lap_gui.explorer.window import Explorer
from lap_gui.labeler.opening import opening
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_files import PosterFolder
from lap_gui.shared.fitted import FittedLabel
from tests.gui.hands import settle, wait_for
from tests.gui.labeling import folder
from tests.gui.virtual import virtual_display
from tests.gui.words import NAMES, sha

A, B = NAMES[:2]
FEW = [((800, 600), 96), ((800, 600), 192), ((1600, 1000), 144), ((1600, 1000), 192)]
SCREENS = list(itertools.product([(800, 600), (1366, 768), (1600, 1000)], [96, 144, 192]))


def labels(widget: tk.Misc) -> Iterator[tk.Label]:
    """Return the labels that show a text now."""
    for child in widget.winfo_children():
        if isinstance(child, tk.Label) and child.winfo_viewable() and child.cget("text"):
            yield child
        yield from labels(child)


def rectangle(label: tk.Label) -> tuple[int, int, int, int]:
    x, y = label.winfo_rootx(), label.winfo_rooty()
    return x, y, x + label.winfo_width(), y + label.winfo_height()


def check_in_sight(root: tk.Tk) -> None:
    """Check that no labels overlap, leave the window, or are cut by its edges."""
    settle(root)
    seen = list(labels(root))
    assert seen
    whole = (
        root.winfo_rootx(),
        root.winfo_rooty(),
        root.winfo_rootx() + root.winfo_width(),
        root.winfo_rooty() + root.winfo_height(),
    )
    for label in seen:
        text, (x1, y1, x2, y2) = label.cget("text"), rectangle(label)
        assert whole[0] <= x1, text
        assert whole[1] <= y1, text
        assert x2 <= whole[2], text
        assert y2 <= whole[3], text
        if not isinstance(label, FittedLabel):
            assert label.winfo_width() >= label.winfo_reqwidth(), text
        assert label.winfo_height() >= label.winfo_reqheight(), text
    for one, other in itertools.combinations(seen, 2):
        a, b = rectangle(one), rectangle(other)
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (one.cget("text"), other.cget("text"))


@pytest.fixture(scope="session")
def displays(display: str) -> Iterator[dict[int, str]]:
    """Displays by dots per inch. They stay to the end: Tk ends the process when a display it used is gone."""
    with ExitStack() as opened:
        names = {dots: opened.enter_context(virtual_display(dots)) for dots in (192, 144)}
        os.environ["DISPLAY"] = display
        yield {96: display, **names}


@pytest.fixture
def posters(tmp_path: Path) -> Path:
    Image.new("RGB", (600, 860), "navy").save(tmp_path / A, quality=92)
    Image.new("RGB", (480, 760), "darkred").save(tmp_path / B, quality=80)
    return tmp_path


@pytest.mark.parametrize(("size", "dots"), SCREENS)
@pytest.mark.parametrize("is_disputed", [False, True])
def test_the_comparers_facts_are_in_sight_with_both_names(
    posters: Path,
    displays: dict[int, str],
    monkeypatch: pytest.MonkeyPatch,
    size: tuple[int, int],
    dots: int,
    *,
    is_disputed: bool,
) -> None:
    measures = (("ahash", 13.0), ("phash", 22.0), ("dhash", 31.0), ("cosine", 0.0413))
    pair = Pair(Poster(A), Poster(B), measures, "ahash", 13.0, high_confidence=True)  # type: ignore[arg-type]
    log = posters / "v.jsonl"
    if is_disputed:
        for name, verdict, removed in (("somebody else", "duplicate", B), ("ben", "distinct", None)):
            VerdictLog(log).append(
                PairVerdict(
                    reviewer=name, first=A, first_sha256=sha("a"), second=B, second_sha256=sha("b"),
                    verdict=verdict, removed=removed,  # type: ignore[arg-type]
                )
            )  # fmt: skip
    monkeypatch.setenv("DISPLAY", displays[dots])
    session = ReviewSession([pair], Logs(log), "ann")
    with closing(Comparer(session, PosterFolder(posters), size=size)) as window:
        check_in_sight(window.root)
        for card, name in ((window.panel.left, A), (window.panel.right, B)):
            assert card.cut_name == name or (size[0] == 800 and dots == 192), "only there a name is too wide"
        assert len(card.cut_name) > len(name) * 2 / 3
        window.status.warn(f"not recorded, decided meanwhile by somebody else: duplicates (removes {B})")
        check_in_sight(window.root)


@pytest.mark.parametrize(("size", "dots"), FEW)
@pytest.mark.parametrize("readonly", [False, True])
def test_the_labelers_header_shows_the_layer_and_no_state_is_cut(
    tmp_path: Path, displays: dict[int, str], monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], dots: int,
    *, readonly: bool,
) -> None:  # fmt: skip
    monkeypatch.setenv("DISPLAY", displays[dots])
    (tmp_path / "0").mkdir()
    Image.new("RGB", (600, 860), "navy").save(tmp_path / "0" / A)
    opened = replace(opening(tmp_path), readonly=readonly)
    with closing(LabelerGUI(window_size=size).use(opened).window()) as window:
        check_in_sight(window.root)
        shown = [label.cget("text") for label in labels(window.header)]
        assert {window.session.layer.title, "HELP", f"0/{A}"} <= set(shown)
        if size[0] > 800 or dots == 96:
            assert {"not reviewed", *(["read-only"] if readonly else [])} <= set(shown)


def texts_on(canvas: tk.Canvas) -> dict[str, tuple[int, int, int, int]]:
    """Return the texts on a canvas and their positions."""
    kinds = [(item, canvas.tk.call(canvas, "type", item)) for item in canvas.find_all()]
    shown = [(str(canvas.tk.call(canvas, "itemcget", item, "-text")), item) for item, kind in kinds if kind == "text"]
    return {f"{text} #{item}": canvas.bbox(item) for text, item in shown if text}


def check_apart(texts: dict[str, tuple[int, int, int, int]]) -> None:
    """Check that no two texts overlap by more than the px of their edges."""
    for (one, a), (other, b) in itertools.combinations(texts.items(), 2):
        assert a[2] - 2 <= b[0] or b[2] - 2 <= a[0] or a[3] - 2 <= b[1] or b[3] - 2 <= a[1], (one, other)


@pytest.mark.parametrize(("size", "dots"), FEW)
def test_no_two_texts_over_tiles_overlap_however_small_they_are(
    posters: Path, displays: dict[int, str], monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], dots: int
) -> None:
    for number in range(1, 13):
        Image.new("RGB", (400 + number, 600), "navy").save(posters / f"MAL00009_WA00123_{number:03d}.jpg")
    monkeypatch.setenv("DISPLAY", displays[dots])
    groups = Groups(PosterFolder(posters).groups())
    marking = Marking(Logs(posters / "marks.jsonl"), "ann", [])
    with closing(Explorer(groups, marking, position=groups.ids.index(9), size=size)) as window:
        wait_for(window.root, lambda: window.is_ready)
        window.toggle(window.grid.tiles[1])
        for layout in (window.grid.layout, window.grid.layout.scaled(0.5), window.grid.layout.with_columns(9)):
            window.grid.lay_out(layout)
            settle(window.root)
            texts = texts_on(window.grid.canvas)
            assert len(texts) >= 12
            check_apart(texts)
            assert all(left >= 0 and right <= window.grid.canvas.winfo_width() for left, _, right, _ in texts.values())


@pytest.mark.parametrize(("size", "dots"), FEW)
def test_the_texts_below_thumbnails_lie_below_them(
    tmp_path: Path, displays: dict[int, str], monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], dots: int
) -> None:
    monkeypatch.setenv("DISPLAY", displays[dots])
    with closing(LabelerGUI(window_size=size).use(opening(folder(tmp_path / "images", 9))).window()) as window:
        for columns in (0, 2):
            window.lay_out(columns)
            settle(window.root)
            texts = texts_on(window.thumbnails._canvas)
            check_apart(texts)
            high = window.thumbnails.cell[1]
            for index, place in enumerate(list(texts.values())[:2]):
                top = window.thumbnails._position(index)[1]
                assert top + window.thumbnails.box[1] <= place[1] + 2
                assert place[3] <= top + high
