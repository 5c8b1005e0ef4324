"""Accepts all nearly certain pairs at once, after a person decided a random sample of them. No Tk."""

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
    """The result of one press of the key: the number of pairs accepted, and a message for the person."""

    accepted: int
    message: str


class Acceptance:
    """Pairs with a probability of at least `bound`, and the sample of them that a person decides first."""

    def __init__(
        self, session: ReviewSession, bound: float = SURE, *, size: int = SAMPLE, seed: int | None = None
    ) -> None:
        """Prepare without choosing a sample.

        Args:
            session: the review.
            bound: the least probability of a pair that is accepted.
            size: how many pairs a person decides first.
            seed: of the random choice; if None, different each time.
        """
        self.bound = bound
        self._session, self._size = session, size
        self._chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
        self._sample: list[int] = []

    def ask(self) -> AcceptStep:
        """Handle one press of the key: show the sample, or accept the rest once the sample was decided.

        Raises:
            OSError: the verdicts could not be written.
        """
        self._session.catch_up()
        sure = self._waiting()
        if not self._sample or not self._is_sample_decided():
            return self._ask_sample(sure)
        decided = [position for position in self._sample if position not in self._session.queue.unseen]
        wrong = [position for position in decided if not self._is_duplicate(position)]
        if wrong:
            return AcceptStep(
                0,
                f"nothing accepted: {len(wrong)} of the {len(self._sample)} pairs in the sample are not duplicates; "
                f"decide the others one by one, or restart with a higher bound than --sure {self.bound:g}",
            )
        accepted = self._accept(sure)
        return AcceptStep(
            accepted, f"{accepted} pairs with p ≥ {self.bound:g} accepted; BackSpace takes all of them back"
        )

    def _ask_sample(self, sure: list[int]) -> AcceptStep:
        if not self._sample:
            if not sure:
                return AcceptStep(0, f"no pair with p ≥ {self.bound:g} is left")
            self._sample = self._chance.sample(sure, min(self._size, len(sure)))
            self._total = len(sure)
        left = [position for position in self._sample if self._session.queue.is_waiting(position)]
        self._session.queue.ask_first(left)
        return AcceptStep(
            0,
            f"first decide {len(left)} of the {self._total} pairs with p ≥ {self.bound:g}, chosen at random; "
            "then press A again",
        )

    def _is_sample_decided(self) -> bool:
        return not any(self._session.queue.is_waiting(position) for position in self._sample)

    def _is_duplicate(self, position: int) -> bool:
        """Return whether a pair of the sample proved to be duplicates, by a verdict or as a consequence of one."""
        verdicts = self._session.verdicts_on(self._session.queue.pairs[position])
        decided = [one.verdict for one in verdicts if one.verdict not in ("skip", "unsure")]
        return set(decided) == {"duplicate"} or (not verdicts and self._session.queue.state(position) == "removed")

    def _waiting(self) -> list[int]:
        """Return the positions of the pairs that would be accepted, in the order of the list."""
        return [
            position
            for position in self._session.queue.waiting()
            if (probability := self._session.queue.pairs[position].probability) is not None
            and probability >= self.bound
            and all(poster.sha256 for poster in self._session.queue.pairs[position].posters)
        ]

    def _accept(self, positions: list[int]) -> int:
        """Record one batch. A pair with a poster that the batch already removes needs no verdict of its own."""
        removed: set[Poster] = set()
        batch, reviewer, verdicts = new_id(), self._session.recorder.reviewer, []
        for position in sorted(positions):
            pair = self._session.queue.pairs[position]
            if removed.isdisjoint(pair.posters):
                worse = self._worse(pair)
                removed.add(worse)
                verdicts.append(verdict_on(pair, reviewer, "duplicate", worse.name, batch=batch))
        self._session.record_all(verdicts)
        self._sample = []
        return len(verdicts)

    def _worse(self, pair: Pair) -> Poster:
        if pair.suggestion:
            return pair.first if pair.first.name == pair.suggestion else pair.second
        return max(pair.posters, key=self._session.size_key)
