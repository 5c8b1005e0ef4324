"""What each command of the Explorer does, by its name in `commands`."""

from collections.abc import Callable

from lap_assets.core.verdicts.lines import AnyVerdict
from lap_gui.explorer.commands import DIGITS
from lap_gui.explorer.controls import ExplorerControls
from lap_gui.shared.help import Help


def handlers(window: ExplorerControls, sheet: Help) -> dict[str, Callable[[], object]]:
    """For the keymap. `sheet`: the help."""

    def numbered(digit: int) -> Callable[[], object]:
        def mark() -> None:
            if (tile := window.grid.numbered(digit)) is None:
                window.status.say(f"no poster has the digit {digit}")
            window.toggle(tile)

        return mark

    def mark_pointed() -> None:
        if (tile := window.looking.pointed()) is None:
            window.status.say("point at a poster first")
        window.toggle(tile)

    return {
        **{f"mark_{digit}": numbered(int(digit)) for digit in DIGITS},
        **window.looking.handlers(),
        "next": lambda: window.go(1),
        "back": lambda: window.go(-1),
        "undecided": window.next_undecided,
        "past": window.past.toggle,
        "abort": window.close,
        "help": sheet.toggle,
        "close": lambda: sheet.close() if sheet.is_open else window.looking.close(),
        "mark": mark_pointed,
        "undo": lambda: _step(window, window.marking.undo, "undone"),
        "redo": lambda: _step(window, window.marking.redo, "redone"),
        "removed": window.toggle_removed,
    }


def _step(window: ExplorerControls, work: Callable[[], AnyVerdict | None], what: str) -> None:
    """Undoes or redoes the last step, and shows its group."""
    try:
        verdict = work()
    except OSError as error:
        window.failed(error)
        return
    if verdict is None:
        window.status.say(f"nothing to be {what}", "warn")
        return
    place = window.groups.holding(verdict.names, window.places)
    if place is not None and place != window.place:
        window.go_to(place)
    window.changed(f"{what}: {' and '.join(verdict.names)}", "plain")
