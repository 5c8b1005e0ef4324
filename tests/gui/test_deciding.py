"""Deciding keys in each tool: once per press, and only after the picture was on the screen. Real windows, real keys."""

import time
import tkinter as tk
from collections.abc import Iterator

import pytest

from lap_gui.shared.deciding import HELD, UNSEEN
from lap_gui.shared.keys import Command, Keymap
from lap_gui.shared.window import ToolWindow
from tests.gui.hands import BETWEEN, Hands, settle, wait_for

KEYS = Keymap([Command("decide", ("Space",), "decides", decides=True), Command("move", ("Right",), "moves on")])


class Clicker(ToolWindow):
    """Counts decisions. Each decision shows something new, as in the tools."""

    def __init__(self) -> None:
        super().__init__("Clicker", (400, 300))
        self.decided = self.moved = 0
        self.refusals: list[str] = []
        KEYS.bind(self.root, {"decide": self._decide, "move": self._move}, gate=self.gate, refused=self.refusals.append)

    def _decide(self) -> None:
        self.decided += 1
        self.gate.reset()

    def _move(self) -> None:
        self.moved += 1


@pytest.fixture
def clicker(display: str, hands: Hands) -> Iterator[Clicker]:
    window = Clicker()
    hands.on(window)
    yield window
    window.close()


def test_a_held_key_decides_once_and_moves_on_as_often_as_it_repeats(clicker: Clicker, hands: Hands) -> None:
    hands.hold("space", lambda: len(clicker.refusals) > 20)
    assert clicker.decided == 1
    assert set(clicker.refusals) == {HELD}
    hands.hold("Right", lambda: clicker.moved > 20)
    hands.press("space")
    assert clicker.decided == 2


def test_a_press_before_what_is_shown_was_seen_decides_nothing_and_says_so(clicker: Clicker, hands: Hands) -> None:
    hands.press("space")
    clicker.gate.reset()
    time.sleep(BETWEEN)
    hands.down("space")  # at once: nobody has looked
    hands.up("space")
    assert (clicker.decided, clicker.refusals) == (1, [UNSEEN])
    hands.press("space")  # after a look
    assert clicker.decided == 2


def test_keys_that_came_while_the_window_was_busy_came_too_early(clicker: Clicker, hands: Hands) -> None:
    def busy() -> None:
        clicker.gate.reset()
        for held in (True, False):
            hands.send("space", held=held)
        time.sleep(0.3)  # longer than a look takes, and no event was handled meanwhile

    clicker.root.after(0, busy)
    wait_for(clicker.root, lambda: clicker.refusals)
    assert (clicker.decided, clicker.refusals) == (0, [UNSEEN])


def test_five_decisions_a_second_all_count(clicker: Clicker, hands: Hands) -> None:
    """By the window's clock: a busy machine may take longer, but loses none."""
    for _ in range(10):
        hands.press("space")
    assert (clicker.decided, clicker.refusals) == (10, [])


def test_a_key_released_over_another_window_does_not_count_as_held(clicker: Clicker, hands: Hands) -> None:
    hands.down("space")
    other = tk.Toplevel(clicker.root)
    settle(clicker.root)
    other.focus_force()
    settle(clicker.root)
    hands.up("space")
    other.destroy()
    clicker.root.focus_force()
    settle(clicker.root)
    hands.press("space")
    assert clicker.decided == 2


def test_a_window_that_closes_before_it_was_seen_closes_quietly(
    display: str, capfd: pytest.CaptureFixture[str]
) -> None:
    window = Clicker()
    settle(window.root)
    window.gate.reset()
    window.close()
    other = Clicker()
    settle(other.root)
    other.close()
    assert capfd.readouterr().err == ""
