"""The Comparer's table of commands. `window` carries them out."""

from typing import Final

from lap_gui.shared.keys import IN_ALL_TOOLS, Command, Keymap

KEYS: Final = Keymap(
    [
        Command("confirm", ("Space",), "duplicates: remove the right one", "Decide", decides=True),
        Command("swap", ("s",), "duplicates: remove the left one", "Decide", decides=True),
        Command("reject", ("r",), "not duplicates: keep both", "Decide", decides=True),
        Command("both", ("b",), "remove both", "Decide", decides=True),
        Command(
            "accept",
            ("a", "Ctrl+a"),
            "accept all nearly certain pairs, after you decided a sample",
            IN_ALL_TOOLS,
            decides=True,
        ),
        Command("group", ("g",), "show the group: Space keeps the best, R all, a click takes one out", "Decide"),
        Command(
            "skip",
            ("n",),
            "next undecided pair; this one stays open",
            IN_ALL_TOOLS,
            decides=True,
        ),
        Command("unsure", ("u",), "unsure (recorded, asked again later)", "Decide", decides=True),
        Command(
            "back", ("BackSpace", "Ctrl+z"), "undo the last verdict and show its pair", IN_ALL_TOOLS, over_sheets=True
        ),
        Command("redo", ("Shift+BackSpace", "Ctrl+y", "Ctrl+Shift+z"), "redo", IN_ALL_TOOLS, over_sheets=True),
        Command(
            "past", ("j", "Ctrl+h"), "past decisions: show one again, or take it back", IN_ALL_TOOLS, over_sheets=True
        ),
        Command("again", ("Return",), "at the end: show pairs that were left open", "Go"),
        Command("pair", ("Escape",), "back from the group to the pair; leave a reopened pair unchanged", "Go"),
        Command("abort", ("Shift+e", "Ctrl+q"), "stop here; every verdict is saved", IN_ALL_TOOLS, over_sheets=True),
        Command("side", ("1",), "side by side", "Look"),
        Command("flicker", ("2",), "in the same place; Tab flips", "Look"),
        Command("difference", ("3", "d"), "differences, in red", "Look"),
        Command("split", ("4", "v"), "split by a slider", "Look"),
        Command("flip", ("Tab",), "flip to the other picture", "Look"),
        Command("hold", ("f",), "show the other picture while the key is held", "Look"),
        Command("mirror", ("m",), "mirror the right picture", "Look"),
        Command("line_up", ("l",), "difference and split: lined up, or edge to edge", "Look"),
        Command("slide_left", (",",), "move the slider left", "Look"),
        Command("slide_right", (".",), "move the slider right", "Look"),
        Command("zoom_in", ("+", "="), "zoom in on both", "Zoom"),
        Command("zoom_out", ("-", "_"), "zoom out", "Zoom"),
        Command("whole", ("0",), "fit the window", "Zoom"),
        Command("keep", ("k",), "keep zoom and position from pair to pair, or fit each", "Zoom"),
        Command("pixels", ("p",), "actual size (100 %) of the better one", "Zoom"),
        Command("pan_left", ("Left",), "pan left", "Zoom"),
        Command("pan_right", ("Right",), "pan right", "Zoom"),
        Command("pan_up", ("Up",), "pan up", "Zoom"),
        Command("pan_down", ("Down",), "pan down", "Zoom"),
        Command("wheel", (), "zoom at the pointer", "Zoom", mouse="wheel"),
        Command("drag", (), "pan; in the split view: move the slider", "Zoom", mouse="drag"),
        Command("help", ("h", "F1", "?"), "this help", IN_ALL_TOOLS, over_sheets=True),
    ]
)
