"""The action of each of the Explorer's commands, by its name in `commands`."""

from collections.abc import Callable

from lap_assets.core.verdicts.lines import AnyVerdict
from lap_gui.explorer.commands import DIGITS
from lap_gui.explorer.controls import ExplorerControls
from lap_gui.shared.help import Help


def handlers(window: ExplorerControls, sheet: Help) -> dict[str, Callable[[], object]]:
    """Return the handlers for the keymap. `sheet`: the help."""

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
        "undo": lambda: _step(window, window.marking.undo, "undo", "undone"),
        "redo": lambda: _step(window, window.marking.redo, "redo", "redone"),
        "removed": window.toggle_removed,
    }


def _step(window: ExplorerControls, work: Callable[[], AnyVerdict | None], what: str, done: str) -> None:
    """Undo or redo the last step, and show its group."""
    try:
        verdict = work()
    except OSError as error:
        window.failed(error)
        return
    if verdict is None:
        window.status.say(f"nothing to {what}", "warn")
        return
    position = window.groups.holding(verdict.names, window.positions)
    if position is not None and position != window.position:
        window.go_to(position)
    window.changed(f"{done}: {' and '.join(verdict.names)}", "plain")
