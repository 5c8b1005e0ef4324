"""The Explorer's list of past decisions: the anime of one is shown again, so that it can be marked anew."""

from lap_assets.core.verdicts.lines import AnyVerdict
from lap_gui.explorer.controls import ExplorerControls
from lap_gui.review.past import PastVerdicts, what
from lap_gui.shared.past import PastList


def past_list(window: ExplorerControls) -> PastList[AnyVerdict]:
    """The list over an Explorer."""
    status, groups = window.status, window.groups

    def show(verdict: AnyVerdict) -> bool:
        names = frozenset(verdict.names)
        place = groups.holding(names, window.places)
        if place is None:
            place = groups.bring(names)
        if place is None:
            status.warn(f"{' and '.join(verdict.names)}: not in this folder")
            return False
        window.go_to(place, names)
        status.say(f"decided before: {what(verdict)}: {' and '.join(verdict.names)}")
        return True

    def changed(_verdict: AnyVerdict) -> None:
        window.show(stay=True)
        window.past.refresh()

    source = PastVerdicts(window.marking.recorder, show, status.say, changed)
    return PastList(window.root, source, status, window.gate, status.warn, lambda: status.say(""))
