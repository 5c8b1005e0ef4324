"""Accepting all pairs that are as good as sure at once, after a look at a random sample of them. No Tk."""

import random
from dataclasses import dataclass
from typing import Final

from lap_assets.core.estimates import SURE
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.lines import new_id
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.verdicts import verdict_on
from lap_gui.review.pair_rows import Pair

SAMPLE: Final = 20


@dataclass(frozen=True, slots=True)
class AcceptStep:
    """What asking to accept came to: pairs accepted now, and a message for the person."""

    accepted: int
    message: str


class Acceptance:
    """Pairs of a probability of `bound` and more, and the sample of them that a person looks at first."""

    def __init__(
        self, session: ReviewSession, bound: float = SURE, *, size: int = SAMPLE, seed: int | None = None
    ) -> None:
        """Chooses no sample yet.

        Args:
            session: the review.
            bound: the least probability of a pair that is accepted.
            size: how many pairs a person decides first.
            seed: of the random choice; another one each time if None.
        """
        self.bound = bound
        self._session, self._size = session, size
        self._chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
        self._sample: list[int] = []

    def ask(self) -> AcceptStep:
        """One press of the key: brings up the sample, or accepts all the rest once the sample was decided.

        Raises:
            OSError: the verdicts could not be written.
        """
        self._session.catch_up()
        sure = self._waiting()
        if not self._sample or not self._is_sample_seen():
            return self._bring_sample(sure)
        seen = [place for place in self._sample if place not in self._session.asked.unseen]
        wrong = [place for place in seen if not self._is_duplicate(place)]
        if wrong:
            return AcceptStep(
                0,
                f"nothing is accepted: {len(wrong)} of the sample of {len(self._sample)} were not called duplicates; "
                f"decide the others one by one, or start with a higher bound than --sure {self.bound:g}",
            )
        accepted = self._accept(sure)
        return AcceptStep(
            accepted, f"{accepted} pairs of p ≥ {self.bound:g} are accepted; BackSpace takes all of them back"
        )

    def _bring_sample(self, sure: list[int]) -> AcceptStep:
        if not self._sample:
            if not sure:
                return AcceptStep(0, f"no pair of p ≥ {self.bound:g} is left")
            self._sample = self._chance.sample(sure, min(self._size, len(sure)))
            self._total = len(sure)
        left = [place for place in self._sample if self._session.asked.is_waiting(place)]
        self._session.asked.ask_first(left)
        return AcceptStep(
            0,
            f"first look at {len(left)} of the {self._total} pairs of p ≥ {self.bound:g}, chosen at random; "
            "then press A again",
        )

    def _is_sample_seen(self) -> bool:
        return not any(self._session.asked.is_waiting(place) for place in self._sample)

    def _is_duplicate(self, place: int) -> bool:
        """Whether the pair of a sample turned out as one picture: somebody said so, or it follows."""
        verdicts = self._session.verdicts_on(self._session.asked.pairs[place])
        decided = [one.verdict for one in verdicts if one.verdict not in ("skip", "unsure")]
        return set(decided) == {"duplicate"} or (not verdicts and self._session.asked.state(place) == "removed")

    def _waiting(self) -> list[int]:
        """The positions of the pairs that would be accepted, in the order of the list."""
        return [
            place
            for place in self._session.asked.waiting()
            if (probability := self._session.asked.pairs[place].probability) is not None
            and probability >= self.bound
            and all(poster.sha256 for poster in self._session.asked.pairs[place].posters)
        ]

    def _accept(self, places: list[int]) -> int:
        """Records one batch; a pair of a poster that goes for another one of the batch follows from that one."""
        gone: set[Poster] = set()
        batch, reviewer, verdicts = new_id(), self._session.recorder.reviewer, []
        for place in sorted(places):
            pair = self._session.asked.pairs[place]
            if gone.isdisjoint(pair.posters):
                removed = self._removed(pair)
                gone.add(removed)
                verdicts.append(verdict_on(pair, reviewer, "duplicate", removed.name, batch=batch))
        self._session.record_all(verdicts)
        self._sample = []
        return len(verdicts)

    def _removed(self, pair: Pair) -> Poster:
        if pair.suggestion:
            return pair.first if pair.first.name == pair.suggestion else pair.second
        return max(pair.posters, key=self._session.size_key)
