"""The action of each of the Comparer's commands, by its name in `commands`."""

from collections.abc import Callable

from lap_assets.core.verdicts.lines import AnyVerdict
from lap_gui.comparer.controls import ComparerControls
from lap_gui.comparer.looking import look_handlers
from lap_gui.comparer.texts import named


def handlers(window: ComparerControls, show_help: Callable[[], object]) -> dict[str, Callable[[], object]]:
    """Return the handlers for the keymap. `show_help`: shows or hides the help."""
    group, canvas, say, session = window.group, window.canvas, window.status.say, window.session

    def toggling(change: Callable[[], bool], yes: str, no: str) -> Callable[[], object]:
        return lambda: say(yes if change() else no)

    return {
        "confirm": lambda: group.keep_best() if group.is_open else window.decide("duplicate", "second"),
        "swap": lambda: window.decide("duplicate", "first"),
        "reject": lambda: group.keep_all() if group.is_open else window.decide("distinct"),
        "group": lambda: window.change_shown(window.show_group),
        "pair": lambda: window.change_shown(window.leave),
        "both": lambda: window.decide("both_removed"),
        "accept": window.accept,
        "skip": lambda: window.decide("skip"),
        "unsure": lambda: window.decide("unsure"),
        "back": lambda: _step(window, session.undo, "undo", "undone"),
        "redo": lambda: _step(window, session.redo, "redo", "redone"),
        "past": window.past.toggle,
        "again": window.again,
        "abort": window.abort,
        **look_handlers(window.canvas, window.look, window.flip, say),
        "mirror": toggling(canvas.mirror, "right picture mirrored", "right picture as it is"),
        "line_up": toggling(canvas.toggle_lining_up, "pictures lined up", "pictures edge to edge"),
        "keep": toggling(canvas.toggle_keeping, "zoom and position stay from pair to pair", "each pair is fitted"),
        "help": show_help,
    }


def _step(window: ComparerControls, work: Callable[[], AnyVerdict | None], what: str, done: str) -> None:
    """Undo or redo the last step, and show its pair."""
    try:
        verdict = work()
    except OSError as error:
        window.failed(error)
        return
    window.next(f"{done}: {named(verdict)}" if verdict is not None else f"nothing to {what}")
