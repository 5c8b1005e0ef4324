"""The Comparer's list of past decisions: shows a pair again, so that it can be decided anew."""

from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.lines import AnyVerdict, PairVerdict
from lap_gui.comparer.controls import ComparerControls
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.texts import named
from lap_gui.review.pair_rows import Pair
from lap_gui.review.past import PastVerdicts
from lap_gui.shared.past import PastList


def past_list(window: ComparerControls) -> PastList[AnyVerdict]:
    """Return the list over a Comparer."""
    session, status = window.session, window.status

    def show(verdict: AnyVerdict) -> bool:
        if not isinstance(verdict, PairVerdict):
            status.warn("a mark concerns only one poster: the Explorer shows it")
            return False
        position = position_of(session, verdict)
        if position is None:
            status.warn("one of the two files has another picture now, so the pair cannot be decided again")
            return False
        session.queue.reopen(position)
        window.next(f"decided before: {named(verdict)}; Escape leaves it unchanged")
        return session.position == position

    source = PastVerdicts(session.recorder, show, status.say, lambda _verdict: window.next(), alone=session.alone)
    return PastList(window.root, source, status, window.gate, status.warn, lambda: status.say(""))


def position_of(session: ReviewSession, verdict: PairVerdict) -> int | None:
    """Return the position of a verdict's pair; a pair that is not in the list is added to it.

    None if no poster has the content that the verdict names.
    """
    if positions := session.queue.positions_about(verdict):
        return min(positions)
    pairs = session.index.contents.pairs(verdict)
    if not pairs:
        return None
    ends = Poster(verdict.first, verdict.first_sha256), Poster(verdict.second, verdict.second_sha256)
    first, second = ends if ends in pairs else pairs[0]
    if listed := session.queue.positions_of(first, second):
        return min(listed)
    known = ((verdict.measure, verdict.distance),) if verdict.measure and verdict.distance is not None else ()
    return session.queue.add(Pair(first, second, known, verdict.measure, verdict.distance))
