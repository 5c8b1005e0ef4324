"""The outcome of several active verdicts on one pair: a decision, no decision, or a conflict."""

from collections.abc import Collection, Iterable
from typing import Literal

from lap_assets.core.verdicts.active import time_order
from lap_assets.core.verdicts.lines import DECIDING, PairVerdict, Verdict

Outcome = Verdict | Literal["conflict"]


def disagree(verdicts: Collection[PairVerdict]) -> bool:
    """Return whether verdicts decide one pair of contents differently; "skip" and "unsure" decide nothing."""
    if len(verdicts) < 2:  # most pairs
        return False
    deciding = [verdict for verdict in verdicts if verdict.verdict in DECIDING]
    return len({(one.key, one.decision) for one in deciding}) > len({one.key for one in deciding})


def outcome_of(verdicts: Iterable[PairVerdict]) -> Outcome | None:
    """Return the outcome of the active verdicts on a pair; None if there are none.

    Decisions take precedence over "unsure", and that over "skip"; different decisions are a conflict.
    """
    given = list(verdicts)
    if len(given) < 2:
        return given[0].verdict if given else None
    if disagree(given):
        return "conflict"
    strength = {"skip": 0, "unsure": 1}
    return max(given, key=lambda one: (strength.get(one.verdict, 2), *time_order(one))).verdict
