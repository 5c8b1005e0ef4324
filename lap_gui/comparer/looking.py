"""What the keys of the groups "Look" and "Zoom" do to the canvas. No verdicts."""

from collections.abc import Callable
from typing import Final

from lap_gui.comparer.canvas import PairCanvas
from lap_gui.comparer.panes import Mode

_PAN: Final = 80
_SLIDE: Final = 0.05


def look_handlers(
    stage: PairCanvas, look: Callable[[Mode], None], flip: Callable[[], None], say: Callable[[str], object]
) -> dict[str, Callable[[], object]]:
    """A handler for each command; `look` and `flip` change the view of the whole window, `say` shows a message."""

    def changing(change: Callable[[], object], otherwise: str) -> Callable[[], object]:
        """Does it, and says why nothing is to be seen of it where nothing is."""

        def change_or_say() -> None:
            before = stage.active.view
            change()
            say("" if stage.active.view != before else otherwise)

        return change_or_say

    def panned(dx: float, dy: float) -> Callable[[], object]:
        return changing(lambda: stage.pan(dx, dy), "nothing lies beyond that edge: zoom in first")

    return {
        "side": lambda: look("side"),
        "flicker": lambda: look("flicker"),
        "difference": lambda: look("difference"),
        "split": lambda: look("split"),
        "flip": flip,
        "hold": stage.hold,
        "slide_left": lambda: _slide(stage, -_SLIDE, say),
        "slide_right": lambda: _slide(stage, _SLIDE, say),
        "zoom_in": changing(lambda: stage.active.zoom(1), "it goes no closer"),
        "zoom_out": changing(lambda: stage.active.zoom(-1), "it goes no further away"),
        "whole": changing(lambda: stage.active.look(stage.active.view.fitted()), "the whole picture is seen"),
        "pixels": changing(stage.pixels, "that is the actual size"),
        "pan_left": panned(_PAN, 0),
        "pan_right": panned(-_PAN, 0),
        "pan_up": panned(0, _PAN),
        "pan_down": panned(0, -_PAN),
    }


def _slide(stage: PairCanvas, by: float, say: Callable[[str], object]) -> None:
    """Moves the slider, which the split view alone has."""
    before = stage.overlay.edge
    if stage.mode == "split":
        stage.overlay.slide(before + by)
    is_moved = stage.overlay.edge != before
    say("" if is_moved else "the slider goes no further" if stage.mode == "split" else "4: the view with the slider")
