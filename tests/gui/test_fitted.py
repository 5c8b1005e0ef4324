"""Texts cut in their middle."""

import tkinter as tk
from collections.abc import Iterator
from tkinter import font as tkfont

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_gui.shared.fitted import FittedLabel, cut
from lap_gui.shared.window import ToolWindow
from tests.gui.hands import settle

NAME = "MAL00001_0001_000001.jpg"


@pytest.fixture(scope="module")
def window(display: str) -> Iterator[ToolWindow]:
    made = ToolWindow("fitted", (600, 200))
    settle(made.root)
    yield made
    made.close()


@given(
    text=st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=60),
    width=st.integers(0, 900),
)
def test_a_text_is_never_wider_than_its_room_and_keeps_both_ends(window: ToolWindow, text: str, width: int) -> None:
    font = tkfont.Font(root=window.root, family="sans-serif", size=11)
    shown = cut(text, width, font)
    assert font.measure(shown) <= width or shown == "…"
    if shown == text:
        return
    start, end = shown.split("…")
    assert text.startswith(start)
    assert text.endswith(end)
    assert 0 <= len(start) - len(end) <= 1
    assert len(start) + len(end) < len(text)


def test_a_label_shows_all_as_soon_as_there_is_room(window: ToolWindow) -> None:
    line = tk.Frame(window.root)
    line.place(x=0, y=0, width=120, height=30)
    label = FittedLabel(line)
    label.pack(fill="x", expand=True)
    label.show(NAME)
    settle(window.root)
    shown = str(label.cget("text"))
    assert shown.startswith("MAL")
    assert shown.endswith(".jpg")
    assert "…" in shown
    line.place(width=500)
    settle(window.root)
    assert (str(label.cget("text")), label.whole) == (NAME, NAME)
