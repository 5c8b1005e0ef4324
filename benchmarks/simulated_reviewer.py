"""A simulated reviewer, who works through the Comparer's pairs as a person does.

The reviewer's actions belong here; the figures are in `review_effort`.
"""

import random
from pathlib import Path

from benchmarks.review_worlds import World
from lap_assets.core.estimates import SURE
from lap_assets.core.verdicts.contents import Poster
from lap_gui.comparer.accepting import Acceptance
from lap_gui.comparer.grouping import all_different, group_of, keep_best
from lap_gui.comparer.session import ReviewSession
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair


class Reviewer:
    """Decides pairs by the truth, with a share of mistakes; counts decisions and the removals after each."""

    def __init__(self, world: World, pairs: list[Pair], *, mistakes: float = 0.0, seed: int = 0) -> None:
        self.session = ReviewSession(pairs, Logs(Path("nowhere.jsonl")), "simulated", readonly=True)
        self.found: list[int] = []
        self._chance, self._mistakes = random.Random(seed), mistakes  # noqa: S311 - a simulation
        self._true = world.true
        self._removed: set[str] = set()
        self.right = self.wrong = 0

    def one_by_one(self, least: float = 0.0) -> None:
        """Decide every pair in turn, down to the probability `least`."""
        while (pair := self.session.pair) is not None and (pair.probability or 0.0) >= least:
            self.decide(pair)

    def by_groups(self) -> None:
        """Decide whole groups, clicking out posters with another picture than most; then other pairs in turn."""
        while (pair := self.session.pair) is not None:
            group = group_of(self.session, pair)
            if group is None:
                self.decide(pair)
                continue
            pictures = self._pictures(group.posters)
            largest = max(pictures, key=len)
            if len(largest) < 2:
                all_different(self.session, group)
                self._count(1)
                continue
            out = set(group.posters) - largest
            keep_best(self.session, group, out)
            self._count(1 + len(out))

    def accepting(self) -> int:
        """Accept all nearly sure pairs after a sample, then decide the others; return how many were accepted."""
        acceptance = Acceptance(self.session, SURE, seed=0)
        acceptance.ask()
        for _ in range(min(20, self.session.progress.left)):
            pair = self.session.pair
            if pair is None or pair.probability is None or pair.probability < SURE:
                break
            self.decide(pair)
        step = acceptance.ask()
        self._count(1)
        self.one_by_one()
        return step.accepted

    def decide(self, pair: Pair) -> None:
        """Decide one pair."""
        is_true = self.is_true(pair.first, pair.second)
        if self._chance.random() < self._mistakes:
            is_true = not is_true
        sha256s = (pair.first.sha256, pair.second.sha256)
        if is_true:
            side = "first" if pair.suggestion == pair.first.name else "second"
            self.session.decide("duplicate", sha256s, "first" if side == "first" else "second")
            kept, removed = (pair.second, pair.first) if side == "first" else (pair.first, pair.second)
            is_right = self.is_true(kept, removed)
            self.right, self.wrong = self.right + is_right, self.wrong + (not is_right)
        else:
            self.session.decide("distinct", sha256s)
        self._count(1)

    def until(self, removals: float) -> int:
        """Return the number of decisions until this many removals were found."""
        return next((number for number, found in enumerate(self.found, 1) if found >= removals), len(self.found))

    def is_true(self, one: Poster, other: Poster) -> bool:
        """Return whether both posters show the same picture."""
        return (min(one.name, other.name), max(one.name, other.name)) in self._true

    def _pictures(self, posters: tuple[Poster, ...]) -> list[set[Poster]]:
        found: list[set[Poster]] = []
        for poster in posters:
            home = next((one for one in found if any(self.is_true(poster, other) for other in one)), None)
            if home is None:
                found.append({poster})
            else:
                home.add(poster)
        return found

    def _count(self, decisions: int) -> None:
        """Record the removals after each decision; of several at once, only the last adds removals."""
        previous = self.found[-1] if self.found else 0
        self.found += [previous] * (decisions - 1) + [len(self.session.found)]
