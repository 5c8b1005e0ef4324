"""Makes a verdict on a pair of a list, with the distance from the list. Records nothing."""

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
    """Return the line for a log. `sha256s`: the contents shown as first and second; by default, those in the list."""
    first, second = sha256s or (pair.first.sha256, pair.second.sha256)
    return PairVerdict(
        reviewer=reviewer, first=pair.first.name, first_sha256=first, second=pair.second.name, second_sha256=second,
        verdict=verdict, removed=removed, measure=pair.measure, distance=pair.distance, batch=batch,
    )  # fmt: skip
