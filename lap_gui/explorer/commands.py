"""The Explorer's table of commands. `handlers` carries them out."""

from typing import Final

from lap_gui.shared.keys import IN_ALL_TOOLS, Command, Keymap

DIGITS: Final = "1234567890"

KEYS: Final = Keymap(
    [
        Command("next", ("Space",), "next anime (also right click; the wheel at the end)", "Go"),
        Command("back", ("BackSpace",), "previous anime (also the wheel at the top)", "Go"),
        Command("undecided", ("n",), "next anime with candidates that nobody has decided", IN_ALL_TOOLS),
        Command(
            "past", ("j", "Ctrl+h"), "past decisions: show one again, or take it back", IN_ALL_TOOLS, over_sheets=True
        ),
        Command("page_down", ("PageDown",), "scroll down", "Go"),
        Command("page_up", ("PageUp",), "scroll up", "Go"),
        Command("top", ("Home",), "scroll to the top", "Go"),
        Command("end", ("End",), "scroll to the end", "Go"),
        Command("abort", ("Shift+e", "Ctrl+q"), "stop here; every mark is saved", IN_ALL_TOOLS, over_sheets=True),
        Command("help", ("h", "F1", "?"), "this help", IN_ALL_TOOLS, over_sheets=True),
        Command(
            "mark_1",
            ("1",),
            "mark the poster with that digit for removal, or unmark it",
            "Mark",
            mouse="1 – 9  0",
            decides=True,
        ),
        *(Command(f"mark_{digit}", (digit,), "", decides=True) for digit in DIGITS[1:]),
        Command("click", (), "mark a poster for removal, or unmark it", "Mark", mouse="click"),
        Command("mark", ("m",), "mark or unmark the poster under the pointer", "Mark", decides=True),
        Command("undo", ("Ctrl+z",), "undo", IN_ALL_TOOLS, over_sheets=True),
        Command("redo", ("Ctrl+y", "Ctrl+Shift+z"), "redo", IN_ALL_TOOLS, over_sheets=True),
        Command("large", ("z", "Return"), "show the poster under the pointer alone (zoom, pan), or all again", "Look"),
        Command("close", ("Escape",), "show all again", "Look"),
        Command("larger", ("=", "+"), "larger tiles (alone: zoom in)", "Look"),
        Command("smaller", ("-", "_"), "smaller tiles (alone: zoom out)", "Look"),
        Command("wider", ("Right",), "wider tiles (alone: next poster)", "Look"),
        Command("narrower", ("Left",), "narrower tiles (alone: previous poster)", "Look"),
        Command("higher", ("Down",), "higher tiles (alone: next poster)", "Look"),
        Command("lower", ("Up",), "lower tiles (alone: previous poster)", "Look"),
        Command("fewer", ("q",), "fewer columns", "Look"),
        Command("more", ("e",), "more columns", "Look"),
        Command("fit", ("w",), "fit all posters in the window", "Look"),
        Command("removed", ("a",), "show or hide removed posters", "Look"),
    ]
)
"""Commands without a text are not in the help: the digits share one line."""
