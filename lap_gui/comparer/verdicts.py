"""A verdict on a pair of a list, with what the list says of how near its two lie. Nothing is recorded here."""

from lap_assets.core.verdicts.lines import PairVerdict, Verdict
from lap_gui.review.pair_rows import Pair


def verdict_on(
    pair: Pair,
    reviewer: str,
    verdict: Verdict,
    removed: str | None = None,
    *,
    sha256s: tuple[str, str] | None = None,
    batch: str | None = None,
) -> PairVerdict:
    """The line for a log. `sha256s`: what was shown as the first and the second; else what the list names."""
    first, second = sha256s or (pair.first.sha256, pair.second.sha256)
    return PairVerdict(
        reviewer=reviewer, first=pair.first.name, first_sha256=first, second=pair.second.name, second_sha256=second,
        verdict=verdict, removed=removed, measure=pair.measure, distance=pair.distance, batch=batch,
    )  # fmt: skip
