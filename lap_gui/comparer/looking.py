"""What the keys of the groups "Look" and "Zoom" do to the canvas. No verdicts."""

from collections.abc import Callable
from typing import Final

from lap_gui.comparer.canvas import PairCanvas
from lap_gui.comparer.panes import Mode

_PAN: Final = 80
_SLIDE: Final = 0.05


def look_handlers(
    stage: PairCanvas, look: Callable[[Mode], None], flip: Callable[[], None]
) -> dict[str, Callable[[], object]]:
    """A handler for each command; `look` and `flip` change the view of the whole window."""
    return {
        "side": lambda: look("side"),
        "flicker": lambda: look("flicker"),
        "difference": lambda: look("difference"),
        "split": lambda: look("split"),
        "flip": flip,
        "hold": stage.hold,
        "slide_left": lambda: stage.overlay.slide(stage.overlay.edge - _SLIDE),
        "slide_right": lambda: stage.overlay.slide(stage.overlay.edge + _SLIDE),
        "zoom_in": lambda: stage.active.zoom(1),
        "zoom_out": lambda: stage.active.zoom(-1),
        "whole": lambda: stage.active.look(stage.active.view.fitted()),
        "pixels": stage.pixels,
        "pan_left": lambda: stage.pan(_PAN, 0),
        "pan_right": lambda: stage.pan(-_PAN, 0),
        "pan_up": lambda: stage.pan(0, _PAN),
        "pan_down": lambda: stage.pan(0, -_PAN),
    }
