"""The Explorer's table of commands. What they do is in `window`."""

from typing import Final

from lap_gui.shared.keys import Command, Keymap

DIGITS: Final = "0123456789"

KEYS: Final = Keymap(
    [
        Command("next", ("Space",), "next anime (also right click; the wheel at the end)", "Go"),
        Command("back", ("BackSpace",), "the one before (also the wheel at the top)", "Go"),
        Command("page_down", ("PageDown",), "scroll down", "Go"),
        Command("page_up", ("PageUp",), "scroll up", "Go"),
        Command("top", ("Home",), "to the top", "Go"),
        Command("end", ("End",), "to the end", "Go"),
        Command("abort", ("Shift+e", "Ctrl+q"), "stop here; every mark is kept", "Go"),
        Command("help", ("h", "F1", "?"), "this sheet", "Go"),
        Command("mark_0", ("0",), "mark the poster with that number, or take the mark back", "Mark", mouse="0 – 9"),
        *(Command(f"mark_{digit}", (digit,), "") for digit in DIGITS[1:]),
        Command("click", (), "mark a poster, or take the mark back", "Mark", mouse="click"),
        Command("mark", ("m",), "the same, for the one under the pointer", "Mark"),
        Command("undo", ("Ctrl+z",), "take the last step back", "Mark"),
        Command("redo", ("Ctrl+y", "Ctrl+Shift+z"), "do it again", "Mark"),
        Command("large", ("z", "Return"), "the one under the pointer alone, to zoom and pan; again: all", "Look"),
        Command("close", ("Escape",), "all of them again", "Look"),
        Command("larger", ("Up", "Right"), "larger (alone: the next one)", "Look"),
        Command("smaller", ("Down", "Left"), "smaller (alone: the one before)", "Look"),
        Command("fewer", ("q",), "fewer columns", "Look"),
        Command("more", ("e",), "more columns", "Look"),
        Command("fit", ("w",), "as many columns as let all be seen", "Look"),
        Command("removed", ("a",), "show what was removed before, or hide it", "Look"),
    ]
)
"""A command without a text is in no help: the digits share one line."""
