"""Deciding a whole group at once: all one picture, all different, or one picture but for some. No Tk.

What a group comes to are verdicts on pairs, of one batch, like those that are given pair by pair.
"""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.lines import PairVerdict, Verdict, new_id
from lap_assets.core.verdicts.outcomes import outcome_of
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.verdicts import verdict_on
from lap_gui.review.pair_rows import Pair


@dataclass(frozen=True, slots=True)
class PosterGroup:
    """Posters that probably show one picture, the best first, and the waiting pairs of the list between them."""

    posters: tuple[Poster, ...]
    pairs: tuple[Pair, ...]


def group_of(session: ReviewSession, pair: Pair) -> PosterGroup | None:
    """The group that the list puts a pair in, as far as it still waits; None where that is no more than the pair."""
    if not pair.group:
        return None
    waiting = [
        one
        for place in session.asked.waiting()
        if (one := session.asked.pairs[place]).group == pair.group and all(poster.sha256 for poster in one.posters)
    ]
    suggested = Counter(one.suggestion for one in waiting)
    posters = {poster for one in waiting for poster in one.posters}
    if len(posters) < 3:
        return None
    return PosterGroup(
        tuple(sorted(posters, key=lambda one: (suggested[one.name], session.size_key(one)))), tuple(waiting)
    )


def keep_best(session: ReviewSession, group: PosterGroup, out: AbstractSet[Poster] = frozenset()) -> int:
    """Records that all are one picture, of which the best stays, but for those in `out`, which are other pictures.

    Pairs that somebody called distinct stay distinct. Returns the number of posters that go.

    Raises:
        OSError: the verdicts could not be written.
    """
    session.catch_up()
    inside = [poster for poster in group.posters if poster not in out and not session.index.is_removed(poster)]
    if len(inside) < 2:
        return 0
    best, batch = inside[0], new_id()
    gone = [one for one in inside[1:] if outcome_of(session.index.verdicts_on(best, one)) != "distinct"]
    verdicts = [_verdict(session, best, poster, "duplicate", batch) for poster in gone]
    verdicts += [_verdict(session, best, poster, "distinct", batch) for poster in group.posters if poster in out]
    session.record_all(verdicts)
    return len(gone)


def all_different(session: ReviewSession, group: PosterGroup) -> int:
    """Records that no two of a group are one picture, for every pair that still waits. Returns their number.

    Raises:
        OSError: the verdicts could not be written.
    """
    session.catch_up()
    batch = new_id()
    verdicts = [_verdict(session, *pair.posters, "distinct", batch) for pair in _still_waiting(session, group.pairs)]
    session.record_all(verdicts)
    return len(verdicts)


def _still_waiting(session: ReviewSession, pairs: Iterable[Pair]) -> list[Pair]:
    there = {session.asked.pairs[place] for place in session.asked.waiting()}
    return [pair for pair in pairs if pair in there]


def _verdict(session: ReviewSession, kept: Poster, other: Poster, verdict: Verdict, batch: str) -> PairVerdict:
    """A verdict on two posters, names ascending, as the list shows pairs; `other` is the one that goes."""
    first, second = sorted((kept, other))
    listed = next((session.asked.pairs[place] for place in session.asked.places_of(first, second)), Pair(first, second))
    pair = replace(listed, first=first, second=second)
    gone = other.name if verdict == "duplicate" else None
    return verdict_on(pair, session.recorder.reviewer, verdict, gone, batch=batch)
