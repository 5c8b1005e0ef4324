"""Decides a whole group at once: all one picture, all different, or one picture with exceptions. No Tk.

The result is a batch of verdicts on pairs, like those given pair by pair.
"""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.lines import PairVerdict, Verdict, new_id
from lap_assets.core.verdicts.outcomes import outcome_of
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.verdicts import verdict_on
from lap_gui.review.pair_rows import Pair


@dataclass(frozen=True, slots=True)
class PosterGroup:
    """Posters that probably show one picture, the best first, and the undecided pairs of the list between them."""

    posters: tuple[Poster, ...]
    pairs: tuple[Pair, ...]


def group_of(session: ReviewSession, pair: Pair) -> PosterGroup | None:
    """Return the undecided part of a pair's group in the list; None if that is only the pair."""
    if not pair.group:
        return None
    waiting = [
        one
        for position in session.queue.waiting()
        if (one := session.queue.pairs[position]).group == pair.group and all(poster.sha256 for poster in one.posters)
    ]
    suggested = Counter(one.suggestion for one in waiting)
    posters = {poster for one in waiting for poster in one.posters}
    if len(posters) < 3:
        return None
    return PosterGroup(
        tuple(sorted(posters, key=lambda one: (suggested[one.name], session.size_key(one)))), tuple(waiting)
    )


def keep_best(session: ReviewSession, group: PosterGroup, out: AbstractSet[Poster] = frozenset()) -> int:
    """Record that all posters except those in `out` are one picture, of which the best stays.

    Pairs that somebody called distinct stay distinct. Returns the number of removed posters.

    Raises:
        OSError: the verdicts could not be written.
    """
    session.catch_up()
    inside = [poster for poster in group.posters if poster not in out and not session.index.is_removed(poster)]
    if len(inside) < 2:
        return 0
    best, batch = inside[0], new_id()
    removed = [one for one in inside[1:] if outcome_of(session.index.verdicts_on(best, one)) != "distinct"]
    verdicts = [_verdict(session, best, poster, "duplicate", batch) for poster in removed]
    verdicts += [_verdict(session, best, poster, "distinct", batch) for poster in group.posters if poster in out]
    session.record_all(verdicts)
    return len(removed)


def all_different(session: ReviewSession, group: PosterGroup) -> int:
    """Record that no two posters of a group are one picture, for every undecided pair. Returns the number of pairs.

    Raises:
        OSError: the verdicts could not be written.
    """
    session.catch_up()
    batch = new_id()
    verdicts = [_verdict(session, *pair.posters, "distinct", batch) for pair in _still_waiting(session, group.pairs)]
    session.record_all(verdicts)
    return len(verdicts)


def _still_waiting(session: ReviewSession, pairs: Iterable[Pair]) -> list[Pair]:
    waiting = {session.queue.pairs[position] for position in session.queue.waiting()}
    return [pair for pair in pairs if pair in waiting]


def _verdict(session: ReviewSession, kept: Poster, other: Poster, verdict: Verdict, batch: str) -> PairVerdict:
    """Return a verdict on two posters, names ascending, as the list shows pairs; `other` is the one that is removed."""
    first, second = sorted((kept, other))
    listed = next(
        (session.queue.pairs[position] for position in session.queue.positions_of(first, second)), Pair(first, second)
    )
    pair = listed._replace(first=first, second=second)
    removed = other.name if verdict == "duplicate" else None
    return verdict_on(pair, session.recorder.reviewer, verdict, removed, batch=batch)
