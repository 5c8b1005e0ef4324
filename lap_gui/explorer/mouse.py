"""Mouse actions over the Explorer's tiles: mark, go on, scroll. `handlers` has the keys."""

from lap_gui.explorer.controls import ExplorerControls
from lap_gui.shared.deciding import UNSEEN
from lap_gui.shared.wheel import bind_wheel


def bind_mouse(window: ExplorerControls) -> None:
    """Bind a window's clicks and its wheel. A click decides, so it acts only after the picture was on the screen."""
    canvas = window.grid.canvas

    def mark(x: float, y: float) -> None:
        if window.gate.is_open:
            window.toggle(window.grid.under(x, y))
        else:
            window.status.warn(UNSEEN)

    canvas.bind("<Button-1>", lambda event: mark(event.x, event.y))
    for button in (2, 3):
        canvas.bind(f"<Button-{button}>", lambda _event: window.go(1))
    bind_wheel(canvas, lambda steps, _event: window.turn(steps))
