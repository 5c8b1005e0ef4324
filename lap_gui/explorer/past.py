"""The Explorer's list of past decisions: shows an anime again, so that it can be marked anew."""

from lap_assets.core.verdicts.lines import AnyVerdict
from lap_gui.explorer.controls import ExplorerControls
from lap_gui.review.past import PastVerdicts, what
from lap_gui.shared.past import PastList


def past_list(window: ExplorerControls) -> PastList[AnyVerdict]:
    """Return the list over an Explorer."""
    status, groups = window.status, window.groups

    def show(verdict: AnyVerdict) -> bool:
        names = frozenset(verdict.names)
        position = groups.holding(names, window.positions)
        if position is None:
            position = groups.find_or_add(names)
        if position is None:
            status.warn(f"{' and '.join(verdict.names)}: not in this folder")
            return False
        window.go_to(position, names)
        status.say(f"decided before: {what(verdict)}: {' and '.join(verdict.names)}")
        return True

    def changed(_verdict: AnyVerdict) -> None:
        window.show(stay=True)
        window.past.refresh()

    source = PastVerdicts(window.marking.recorder, show, status.say, changed)
    return PastList(window.root, source, status, window.gate, status.warn, lambda: status.say(""))
