"""`lap review status`: duplicates found, duplicates probably left, and when to stop."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from lap_assets.core.estimates import SURE, ProbablyLeft, probably_left
from lap_gui.comparer.opening import read_pairs
from lap_gui.comparer.session import ReviewSession
from lap_gui.review.eta import describe
from lap_gui.review.logs import logs_for_list
from lap_gui.review.outlook import Outlook

UNLIKELY: Final = 0.02
"""Pairs below this probability are hardly worth reviewing."""


@dataclass(frozen=True, slots=True)
class ReviewStatus:
    """Progress of the review. `sure`: p ≥ .98, `unlikely`: p < .02, `doubtful`: between; `unjudged`: without p."""

    outlook: Outlook
    sure: ProbablyLeft
    doubtful: ProbablyLeft
    unlikely: ProbablyLeft
    unjudged: int


def review_status(lists: list[Path], partition: str | None, reviewer: str, *, marks_act: bool = True) -> ReviewStatus:
    """Return the progress of the review of these lists, by the current verdicts.

    Raises:
        FileError: a list is unreadable.
        OSError: the verdicts cannot be read.
    """
    pairs = read_pairs(lists, partition)
    logs = logs_for_list(lists[0])
    session = ReviewSession(pairs, logs, reviewer, readonly=True, marks_act=marks_act)
    undecided = [pair.probability for pair in session.undecided()]
    known = [one for one in undecided if one is not None]
    left = probably_left(known)
    return ReviewStatus(
        Outlook(len(session.found), left, session.pace.seconds_for(len(undecided))),
        probably_left(one for one in known if one >= SURE),
        probably_left(one for one in known if UNLIKELY <= one < SURE),
        probably_left(one for one in known if one < UNLIKELY),
        len(undecided) - len(known),
    )


def status_lines(status: ReviewStatus, audit: str | None = None) -> list[str]:
    """Return the progress in words; `audit`: the newest finished audit, in words."""
    lines = [str(status.outlook), *([f"audit of {audit}"] if audit else [])]
    for name, part in (("p ≥ .98", status.sure), (".02 to .98", status.doubtful), ("p < .02", status.unlikely)):
        if part.pairs:
            lines.append(
                f"  {name}: {part.pairs:,} pairs, about {part.expected:,.1f} duplicates ({part.low:,} to {part.high:,})"
            )
    if status.unjudged:
        lines.append(f"  without a probability: {status.unjudged:,} pairs; `lap run` computes it")
    if status.sure.pairs:
        lines.append("`A` in the Comparer accepts all pairs with p ≥ .98 at once, after you have checked a sample")
    if not status.doubtful.pairs and status.unlikely.pairs:
        lines.append("the rest is hardly worth reviewing; `lap review audit` bounds what you would miss")
    return lines


def status_json(status: ReviewStatus, audit: str | None = None) -> dict[str, Any]:
    """Return the progress for scripts."""
    outlook = status.outlook
    expected, low, high = outlook.left.missed(outlook.found)
    return {
        "found": outlook.found,
        "probably_left": asdict(outlook.left),
        "missed_by_stopping": {"expected": expected, "low": low, "high": high},
        "seconds_left": outlook.seconds,
        "time_left": describe(outlook.seconds),
        "sure": asdict(status.sure),
        "doubtful": asdict(status.doubtful),
        "unlikely": asdict(status.unlikely),
        "unjudged": status.unjudged,
        "audit": audit,
    }
