"""The Labeler's table of commands, from which its key bindings and its help are made."""

from collections.abc import Sequence
from typing import Final

from lap_gui.shared.keys import IN_ALL_TOOLS, Command, Keymap

CLASS_KEYS: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "-", "=", "+", "_", "]")
"""The keys of classes 1 to 15."""

_GO, _BOX, _CLASS, _SEE, _FILE = "Images", "Boxes", "Classes", "View", "Work"

COMMANDS: Final = (
    Command("next", ("Space",), "next image, or end the edit", _GO),
    Command("back", ("BackSpace",), "previous image", _GO),
    Command("page back", ("q", "PageUp"), "previous page", _GO),
    Command("page forward", ("e", "PageDown"), "next page", _GO),
    Command("first", ("Home",), "first image", _GO),
    Command("last", ("End",), "last image", _GO),
    Command("go to", ("g",), "go to a number or part of a name", _GO),
    Command("next unreviewed", ("n",), "next image not yet reviewed", IN_ALL_TOOLS),
    Command("previous unreviewed", ("Shift+n",), "previous image not yet reviewed", _GO),
    Command("past", ("j", "Ctrl+h"), "images reviewed last: go back to one", IN_ALL_TOOLS, over_sheets=True),
    Command("filter", ("Ctrl+f",), "filter: all images, unreviewed ones, those with boxes, …", _GO),
    Command("thumbnail", (), "go to that image", _GO, mouse="click a thumbnail"),
    Command("draw", (), "draw a box", _BOX, mouse="left drag"),
    Command("grip", (), "move only that corner or edge; a click selects it for the keys", _BOX,
            mouse="left on a corner, an edge"),
    Command("draw over", (), "draw a box even on another box's edge", _BOX, mouse="Shift + left drag"),
    Command("drag box", (), "move the whole box", _BOX, mouse="Ctrl + left drag"),
    Command("cycle", ("Tab",), "select the top left corner, the bottom right one, the next box", _BOX),
    *(
        Command(
            f"corner {name}{suffix}",
            (f"{modifier}{key}",),
            f"move the selected corner or edge {name} by {by} px",
            _BOX,
        )
        for modifier, suffix, by in (("", "", 5), ("Shift+", " finely", 2))
        for key, name in (("w", "up"), ("a", "left"), ("s", "down"), ("d", "right"))
    ),
    *(
        Command(f"corner {key} by 1", (key,), f"move the corner or edge {key.lower()} by 1 px", _BOX)
        for key in ("Up", "Left", "Down", "Right")
    ),
    *(
        Command(f"box {key}", (f"Shift+{key}",), f"move the whole box {key.lower()} by 1 px", _BOX)
        for key in ("Up", "Left", "Down", "Right")
    ),
    Command(
        "delete", ("Delete",), "delete the selected box; without one, mark or unmark the image for deletion", _BOX,
        decides=True,
    ),
    Command("copy", ("Ctrl+c",), "copy the box", _BOX),
    Command("paste", ("Ctrl+v",), "paste it, on this or another image", _BOX),
    Command("accept", ("b", "Ctrl+a"), "accept all suggestions; a click accepts one", IN_ALL_TOOLS, decides=True),
    *(
        Command(f"class {number}", (key,), f"class {number} of the selected or new box", _CLASS)
        for number, key in enumerate(CLASS_KEYS, start=1)
    ),
    Command("pan", (), "pan", _SEE, mouse="right drag"),
    Command("zoom", (), "zoom at the cursor", _SEE, mouse="wheel"),
    Command("fit", ("r",), "show the whole image", _SEE),
    Command("look", ("z",), "zoom in on the next box", _SEE),
    Command("look back", ("Shift+z",), "zoom in on the previous box", _SEE),
    Command("brighter", ("i",), "brighter (view only)", _SEE),
    Command("darker", ("Shift+i",), "darker", _SEE),
    Command("more contrast", ("o",), "more contrast (view only)", _SEE),
    Command("less contrast", ("Shift+o",), "less contrast", _SEE),
    Command("plain", ("p",), "reset brightness and contrast", _SEE),
    Command("crosshair", ("u",), "show or hide a crosshair at the pointer", _SEE),
    Command("color", ("c",), "next color of the boxes", _SEE),
    Command("classes", ("h",), "hide or show classes", _SEE),
    Command("suggestions", ("x",), "hide or show suggestions", _SEE),
    Command("fewer suggestions", (".",), "show only suggestions with higher scores", _SEE),
    Command("more suggestions", (",",), "show suggestions with lower scores too", _SEE),
    Command("layout", ("l",), "thumbnails below, or in 1 to 4 columns", _SEE),
    Command("layer", ("f",), "switch between faces and heads", _SEE),
    Command("reviewed", ("v",), "mark as reviewed, or unmark", _FILE, decides=True),
    Command("done", ("Return",), "mark as reviewed and go to the next image", _FILE, decides=True),
    Command("undo", ("Ctrl+z",), "undo", IN_ALL_TOOLS),
    Command("redo", ("Ctrl+y", "Ctrl+Shift+z"), "redo", IN_ALL_TOOLS),
    Command("save", ("Ctrl+s",), "save now (also done automatically)", _FILE),
    Command("drop", ("Escape",), "clear the selection", _FILE),
    Command("quit", ("Ctrl+q",), "save and close", IN_ALL_TOOLS, over_sheets=True),
    Command("help", ("F1", "?"), "this help", IN_ALL_TOOLS, over_sheets=True),
)  # fmt: skip

KEYS: Final = Keymap(COMMANDS)

_SHORT: Final = {
    "corner up": Command("corner", ("w", "a", "s", "d"), "move the selected corner or edge by 5 px", _BOX),
    "corner up finely": Command("corner finely", ("Shift+w", "a", "s", "d"), "… by 2 px", _BOX),
    "corner Up by 1": Command("corner by 1", ("Up", "Down", "Left", "Right"), "… by 1 px", _BOX),
    "box Up": Command("box by 1", ("Shift+Up", "Down", "Left", "Right"), "move the whole box by 1 px", _BOX),
    "class 1": Command("class", CLASS_KEYS[:9], "classes 1 to 9 of the selected or new box", _CLASS),
    "class 10": Command("class more", CLASS_KEYS[9:], "classes 10 to 15", _CLASS),
}


def help_rows(commands: Sequence[Command] = COMMANDS) -> list[Command]:
    """Return the rows of the help; the four directions share a row, and so do the fifteen classes.

    Commands whose keys differ from `COMMANDS` have their own rows.
    """
    rows = []
    for command in commands:
        if command not in COMMANDS or not command.name.startswith(("corner ", "box ", "class ")):
            rows.append(command)
        elif command.name in _SHORT:
            rows.append(_SHORT[command.name])
    return rows
