"""Texts of the Comparer's window about the session. No widgets."""

from collections.abc import Sequence
from typing import Final

from lap_assets.core.plain_text import printable
from lap_assets.core.verdicts.lines import AnyVerdict, PairVerdict, Verdict
from lap_gui.comparer.canvas import TITLES
from lap_gui.comparer.panes import Mode
from lap_gui.comparer.session import ReviewSession
from lap_gui.review.eta import describe
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_view import PosterView

VERDICT_TEXTS: Final[dict[Verdict, str]] = {
    "distinct": "keep both", "both_removed": "remove both", "skip": "skipped", "unsure": "unsure",
}  # fmt: skip

_VERDICTS: Final[dict[Verdict, str]] = {
    "duplicate": "duplicates", "distinct": "not duplicates", "both_removed": "remove both", "skip": "skipped",
    "unsure": "unsure",
}  # fmt: skip


def facts(session: ReviewSession, mode: Mode) -> str:
    """Return the status line: position, pairs left and the time they take, the view, the reviewer."""
    progress, position = session.progress, session.position
    parts = [
        f"pair {position + 1} of {progress.total}" if position is not None else f"{progress.total} pairs",
        f"{progress.left} left",
        describe(progress.seconds_left) if progress.left else "",
        f"{progress.done} done",
        f"{progress.open} left open" if progress.open else "",
        f"{progress.unseen} cannot be shown" if progress.unseen else "",
        TITLES[mode],
        session.recorder.reviewer,
        "READ-ONLY: nothing is saved" if session.recorder.readonly else "",
        "H: help",
    ]
    return "  ·  ".join(part for part in parts if part)


def decided_meanwhile(session: ReviewSession, pair: Pair) -> str:
    """Return what was decided about a pair since it was shown, and by whom."""
    if verdicts := session.verdicts_on(pair):
        return f"decided meanwhile by {'; '.join(map(described, verdicts))}"
    removed = [poster.name for poster in pair.posters if session.index.is_removed(poster)]
    return f"{removed[0]} was removed meanwhile" if removed else "it follows from other decisions made meanwhile"


def recorded_text(verdict: PairVerdict | None) -> str:
    """Return what this reviewer just decided."""
    if verdict is None:
        return ""
    return f"{verdict.removed} is removed" if verdict.removed else VERDICT_TEXTS.get(verdict.verdict, "")


def described(verdict: PairVerdict) -> str:
    """Return a verdict with its reviewer."""
    removed = f" (removes {verdict.removed})" if verdict.removed else ""
    return f"{printable(verdict.reviewer)}: {_VERDICTS[verdict.verdict]}{removed}"


def ending(session: ReviewSession) -> str:
    """Return the text shown in place of the pictures when no pair is left."""
    progress = session.progress
    lines = [f"No pair is left to decide: {progress.done} of {progress.total} are done."]
    if progress.open:
        lines.append(f"{progress.open} were left open: press Return to see them again.")
    unseen = list(session.queue.unseen.values())
    if unseen:
        lines += [f"{len(unseen)} cannot be shown:", *unseen[:10], *(["…"] if len(unseen) > 10 else [])]
    return "\n".join([*lines, "BackSpace undoes.  Shift+E closes."])


def greeting(session: ReviewSession) -> str:
    """Return the message shown when the window opens; empty if all is well."""
    problems = session.problems
    return f"{len(problems)} invalid lines in the verdicts: {problems[0]}" if problems else ""


def not_shown(problems: Sequence[str]) -> str:
    """Return the last reason why a pair was skipped, and how many more were."""
    return f"not shown: {problems[-1]}" + (f" (and {len(problems) - 1} more)" if problems[1:] else "")


def problem_of(pair: Pair, shown: tuple[PosterView, PosterView]) -> str | None:
    """Return why a pair cannot be shown; None if it can."""
    for poster, one in zip(pair.posters, shown, strict=True):
        if (problem := one.problem_for(poster.sha256)) is not None:
            return f"{poster.name}: {problem}"
    return None


def named(verdict: AnyVerdict) -> str:
    """Return a verdict in a few words."""
    what = VERDICT_TEXTS.get(verdict.verdict, "") if isinstance(verdict, PairVerdict) else ""
    return " and ".join(verdict.names) + (f" ({what})" if what else "")
