"""What the Explorer's keys and its list of past decisions need of the window, which is in `window`. No code."""

from collections.abc import Set as AbstractSet
from typing import Protocol

from lap_assets.core.verdicts.lines import AnyVerdict
from lap_gui.explorer.grid import Grid
from lap_gui.explorer.groups import Groups, Tile
from lap_gui.explorer.looking import Looking
from lap_gui.explorer.marking import Marking
from lap_gui.shared.controls import ToolControls
from lap_gui.shared.past import PastList
from lap_gui.shared.status import Tone


class ExplorerControls(ToolControls, Protocol):
    """A window on groups. `place`: the group that is shown; `places`: those to look at."""

    groups: Groups
    marking: Marking
    grid: Grid
    looking: Looking
    places: range
    place: int
    past: PastList[AnyVerdict]

    def go(self, by: int) -> None:
        """Moves by so many groups."""

    def go_to(self, place: int, brought: AbstractSet[str] = frozenset()) -> None:
        """Shows a group; `brought` are posters that are shown although they were removed before."""

    def next_undecided(self) -> None:
        """Goes to the next group with candidates that nobody has decided."""

    def turn(self, steps: int) -> None:
        """The wheel: scrolls, or moves to another group at an end."""

    def toggle(self, tile: Tile | None) -> None:
        """Marks a poster or unmarks it."""

    def toggle_removed(self) -> None:
        """Shows the posters that were removed before, or hides them."""

    def show(self, *, stay: bool = False) -> None:
        """Shows the group of `place`."""

    def changed(self, message: str, tone: Tone = "good") -> None:
        """Marks have changed."""

    def close(self) -> None:
        """Closes the window."""

    def failed(self, error: BaseException) -> None:
        """Reports that nothing was saved."""
