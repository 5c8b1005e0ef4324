"""The part of the window that the Explorer's keys and its list of past decisions use. `window` implements it.

No code.
"""

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
    """A window on groups. `position`: the group shown; `positions`: the range to look at."""

    groups: Groups
    marking: Marking
    grid: Grid
    looking: Looking
    positions: range
    position: int
    past: PastList[AnyVerdict]

    def go(self, by: int) -> None:
        """Move by a number of groups."""

    def go_to(self, position: int, brought: AbstractSet[str] = frozenset()) -> None:
        """Show a group; `brought` are posters shown although they were removed before."""

    def next_undecided(self) -> None:
        """Go to the next group with undecided candidates."""

    def turn(self, steps: int) -> None:
        """Handle the wheel: scroll, or move to another group at an end."""

    def toggle(self, tile: Tile | None) -> None:
        """Mark or unmark a poster."""

    def toggle_removed(self) -> None:
        """Show or hide the removed posters."""

    def show(self, *, stay: bool = False) -> None:
        """Show the group at `position`."""

    def changed(self, message: str, tone: Tone = "good") -> None:
        """Redraw after marks changed, and show a message."""

    def close(self) -> None:
        """Close the window."""

    def failed(self, error: BaseException) -> None:
        """Report that nothing was saved."""
