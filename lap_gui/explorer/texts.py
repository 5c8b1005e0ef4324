"""Texts of the Explorer's window about the group and the marks. No widgets."""

from lap_gui.explorer.groups import Groups
from lap_gui.explorer.marking import Marking


def facts(groups: Groups, position: int, marking: Marking, shown: int, out_of_sight: int) -> str:
    """Return the status line: the anime, posters shown and removed before, marks, reviewer."""
    parts = [
        f"MAL {groups.ids[position]}",
        f"anime {position + 1} of {len(groups.ids)}",
        "1 poster" if shown == 1 else f"{shown} posters",
        f"{out_of_sight} removed (A shows them)" if out_of_sight else "",
        f"{len(marking.marked())} marked in total",
        marking.recorder.reviewer,
        "READ-ONLY: nothing is saved" if marking.recorder.readonly else "",
        "H: help",
    ]
    return "  ·  ".join(part for part in parts if part)


def greeting(marking: Marking) -> str:
    """Return the message shown when the window opens; empty if all is well."""
    if problems := marking.problems:
        return f"{len(problems)} invalid lines in the verdicts: {problems[0]}"
    return "" if marking.marks_act else "marks are saved but remove nothing: the rule for marks is off"
