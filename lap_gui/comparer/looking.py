"""Key handling of the groups "Look" and "Zoom" on the canvas. No verdicts."""

from collections.abc import Callable
from typing import Final

from lap_gui.comparer.canvas import PairCanvas
from lap_gui.comparer.panes import Mode

_PAN: Final = 80
_SLIDE: Final = 0.05


def look_handlers(
    stage: PairCanvas, look: Callable[[Mode], None], flip: Callable[[], None], say: Callable[[str], object]
) -> dict[str, Callable[[], object]]:
    """Return a handler for each command. `look` and `flip` change the window's view, `say` shows a message."""

    def changing(change: Callable[[], object], otherwise: str) -> Callable[[], object]:
        """Change the view, and show the message `otherwise` if nothing changed."""

        def change_or_say() -> None:
            previous = stage.active.view
            change()
            say("" if stage.active.view != previous else otherwise)

        return change_or_say

    def panned(dx: float, dy: float) -> Callable[[], object]:
        return changing(lambda: stage.pan(dx, dy), "already at that edge: zoom in first")

    return {
        "side": lambda: look("side"),
        "flicker": lambda: look("flicker"),
        "difference": lambda: look("difference"),
        "split": lambda: look("split"),
        "flip": flip,
        "hold": stage.hold,
        "slide_left": lambda: _slide(stage, -_SLIDE, say),
        "slide_right": lambda: _slide(stage, _SLIDE, say),
        "zoom_in": changing(lambda: stage.active.zoom(1), "already at the largest zoom"),
        "zoom_out": changing(lambda: stage.active.zoom(-1), "already at the smallest zoom"),
        "whole": changing(lambda: stage.active.look(stage.active.view.fitted()), "the whole picture is already shown"),
        "pixels": changing(stage.pixels, "already at actual size"),
        "pan_left": panned(_PAN, 0),
        "pan_right": panned(-_PAN, 0),
        "pan_up": panned(0, _PAN),
        "pan_down": panned(0, -_PAN),
    }


def _slide(stage: PairCanvas, by: float, say: Callable[[str], object]) -> None:
    """Move the slider, which only the split view has."""
    previous = stage.overlay.edge
    if stage.mode == "split":
        stage.overlay.slide(previous + by)
    is_moved = stage.overlay.edge != previous
    at_end, elsewhere = "the slider is already at its end", "only the split view has a slider: press 4"
    say("" if is_moved else at_end if stage.mode == "split" else elsewhere)
