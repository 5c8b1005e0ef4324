"""The Comparer's list of past decisions: a pair of it is shown again, so that it can be decided anew."""

from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.lines import AnyVerdict, PairVerdict
from lap_gui.comparer.controls import ComparerControls
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.texts import named
from lap_gui.review.pair_rows import Pair
from lap_gui.review.past import PastVerdicts
from lap_gui.shared.past import PastList


def past_list(window: ComparerControls) -> PastList[AnyVerdict]:
    """The list over a Comparer."""
    session, status = window.session, window.status

    def show(verdict: AnyVerdict) -> bool:
        if not isinstance(verdict, PairVerdict):
            status.warn("a mark is about one poster alone: the Explorer shows it")
            return False
        place = place_of(session, verdict)
        if place is None:
            status.warn("one of the two holds another picture now: there is nothing to decide anew")
            return False
        session.asked.reopen(place)
        window.next(f"decided before: {named(verdict)}; Escape leaves it so")
        return session.place == place

    source = PastVerdicts(session.recorder, show, status.say, lambda _verdict: window.next(), alone=session.alone)
    return PastList(window.root, source, status, window.gate, status.warn, lambda: status.say(""))


def place_of(session: ReviewSession, verdict: PairVerdict) -> int | None:
    """The position of the pair that a verdict is about; a pair that is not in the list is added to it.

    None where no poster holds what the verdict is about.
    """
    if places := session.asked.places_about(verdict):
        return min(places)
    pairs = session.index.contents.pairs(verdict)
    if not pairs:
        return None
    ends = Poster(verdict.first, verdict.first_sha256), Poster(verdict.second, verdict.second_sha256)
    first, second = ends if ends in pairs else pairs[0]
    if listed := session.asked.places_of(first, second):
        return min(listed)
    known = ((verdict.measure, verdict.distance),) if verdict.measure and verdict.distance is not None else ()
    return session.asked.add(Pair(first, second, known, verdict.measure, verdict.distance))
