"""The part of the window that the Comparer's keys and its list of past decisions use. `window` implements it.

No code.
"""

from collections.abc import Callable
from typing import Protocol

from lap_assets.core.verdicts.lines import AnyVerdict, Verdict
from lap_assets.core.verdicts.sizes import Side
from lap_gui.comparer.canvas import PairCanvas
from lap_gui.comparer.group_mode import GroupMode
from lap_gui.comparer.panes import Mode
from lap_gui.comparer.session import ReviewSession
from lap_gui.shared.controls import ToolControls
from lap_gui.shared.past import PastList
from lap_gui.shared.status import Tone


class ComparerControls(ToolControls, Protocol):
    """A window on pairs."""

    session: ReviewSession
    canvas: PairCanvas
    group: GroupMode
    past: PastList[AnyVerdict]

    def next(self, message: str = "", tone: Tone = "plain") -> None:
        """Show the current pair."""

    def decide(self, verdict: Verdict, side: Side | None = None) -> None:
        """Record a verdict on the shown pair."""

    def show_group(self) -> None:
        """Show the group of the pair, or the pair again."""

    def leave(self) -> None:
        """Show the pair again, or leave a reopened one unchanged."""

    def accept(self) -> None:
        """Accept all nearly certain pairs at once, after a sample."""

    def again(self) -> None:
        """At the end, show the pairs that were left open."""

    def abort(self) -> None:
        """Stop here."""

    def look(self, mode: Mode) -> None:
        """Change the view."""

    def flip(self) -> None:
        """Show the other picture in the same place."""

    def change_shown(self, change: Callable[[], object]) -> None:
        """Change what is shown for a decision."""

    def failed(self, error: BaseException) -> None:
        """Report that nothing was saved."""
