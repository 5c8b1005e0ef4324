"""What the Comparer's keys and its list of past decisions need of the window, which is in `window`. No code."""

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
        """Shows the pair to decide now."""

    def decide(self, verdict: Verdict, side: Side | None = None) -> None:
        """Records a verdict on the pair that is shown."""

    def show_group(self) -> None:
        """Shows the group of the pair, or the pair again."""

    def leave(self) -> None:
        """Shows the pair again, or leaves a reopened one as it was decided."""

    def accept(self) -> None:
        """Accepts all nearly sure pairs at once, after a sample."""

    def again(self) -> None:
        """At the end: shows the pairs that were left open."""

    def abort(self) -> None:
        """Stops here."""

    def look(self, mode: Mode) -> None:
        """Changes the view."""

    def flip(self) -> None:
        """The other picture in the same place."""

    def seen_anew(self, change: Callable[[], object]) -> None:
        """Shows something else to decide on."""

    def failed(self, error: BaseException) -> None:
        """Reports that nothing was saved."""
