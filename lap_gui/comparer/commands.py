"""The Comparer's table of commands. What they do is in `window`."""

from typing import Final

from lap_gui.shared.keys import Command, Keymap

KEYS: Final = Keymap(
    [
        Command("confirm", ("Space",), "duplicates: the right one goes", "Decide"),
        Command("swap", ("s",), "duplicates: the left one goes", "Decide"),
        Command("reject", ("r",), "not duplicates: both stay", "Decide"),
        Command("both", ("b",), "both go", "Decide"),
        Command("skip", ("n",), "skip; it comes again when you ask for it", "Decide"),
        Command("unsure", ("u",), "not sure; the same, but said", "Decide"),
        Command("back", ("BackSpace", "Ctrl+z"), "step back: take the last word back", "Go"),
        Command("redo", ("Shift+BackSpace", "Ctrl+y", "Ctrl+Shift+z"), "say it again", "Go"),
        Command("again", ("Return",), "at the end: go through what was left open", "Go"),
        Command("abort", ("Shift+e", "Ctrl+q"), "stop here; every word is kept", "Go"),
        Command("side", ("1",), "side by side", "Look"),
        Command("flicker", ("2",), "one place for both; Tab flips", "Look"),
        Command("difference", ("3", "d"), "what differs, in red", "Look"),
        Command("split", ("4", "v"), "split by a slider", "Look"),
        Command("flip", ("Tab",), "the other one in the same place", "Look"),
        Command("hold", ("f",), "the same, while the key is held", "Look"),
        Command("slide_left", (",",), "slider to the left", "Look"),
        Command("slide_right", (".",), "slider to the right", "Look"),
        Command("zoom_in", ("+", "="), "larger, both alike", "Zoom"),
        Command("zoom_out", ("-", "_"), "smaller", "Zoom"),
        Command("whole", ("0",), "the whole picture", "Zoom"),
        Command("pixels", ("p",), "one pixel of the better one is one of the screen's", "Zoom"),
        Command("pan_left", ("Left",), "to the left", "Zoom"),
        Command("pan_right", ("Right",), "to the right", "Zoom"),
        Command("pan_up", ("Up",), "up", "Zoom"),
        Command("pan_down", ("Down",), "down", "Zoom"),
        Command("wheel", (), "zoom under the pointer", "Zoom", mouse="wheel"),
        Command("drag", (), "move; in the split: the slider", "Zoom", mouse="drag"),
        Command("help", ("h", "F1", "?"), "this sheet", "Go"),
    ]
)
