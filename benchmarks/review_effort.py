"""How far a person's time goes: a simulated reviewer who knows the truth works through replica worlds.

Figures of the queue's order, of groups, of accepting the nearly sure pairs, of wrong answers, and of what the estimates
promise. Belongs here: the reviewer and the figures of one world. The table is in `review_report`.
"""

import random
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.review_worlds import World
from lap_assets.commands.review_status import UNLIKELY
from lap_assets.core.estimates import SURE, ProbablyLeft, probably_left
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.core.verdicts.contents import Poster
from lap_assets.duplicates.candidates import candidate_list
from lap_assets.duplicates.resolution import resolve
from lap_assets.duplicates.rules import DEFAULT_RULES
from lap_assets.duplicates.verdict_table import NO_VERDICTS
from lap_assets.review.calibration import calibration
from lap_assets.review.judging import judge_pairs
from lap_assets.review.pair_model import PairModel
from lap_assets.review.queue import review_queue, write_queue
from lap_gui.comparer.accepting import Acceptance
from lap_gui.comparer.grouping import all_different, group_of, keep_best
from lap_gui.comparer.session import ReviewSession
from lap_gui.review.lists import Pair, read_list
from lap_gui.review.logs import Logs

ENOUGH: Final = 0.99
"""The share of all removals that a person wants to have found."""
_LEAST_PAIRS: Final = 50
_RUNS: Final = 5
"""How often the reviewer who errs is simulated."""


@dataclass(frozen=True, slots=True)
class Effort:
    """One world's figures.

    `pairs`, `true`: that wait, and how many of them are copies. `removals`: what can be had from them. `listed`,
    `one_by_one`, `grouped`, `accepting`: decisions until `ENOUGH` of them, in the order of the lists by subfolder, in
    the queue's, by groups, and with nearly sure pairs accepted after a sample. `accepted_wrong`: the share of those
    pairs that are no copies. `above`: pairs of p ≥ .5 for each copy. `off`: the farthest that a tenth of the
    probability with 50 pairs lies from its share of copies. `left`, `left_true`: what was said to be left after half
    of the probable pairs, and was. `cost`: with one answer in twenty wrong, the removals that are lost or wrong, as a
    share, where pairs of p < .02 are not asked.
    """

    pairs: int
    true: int
    removals: int
    listed: int
    one_by_one: int
    grouped: int
    accepting: int
    accepted_wrong: float
    above: float
    off: float
    left: ProbablyLeft
    left_true: int
    cost: float

    @property
    def is_covered(self) -> bool:
        """Whether what was left lies in the interval that was said."""
        return self.left.low <= self.left_true <= self.left.high


class Reviewer:
    """Answers pairs by the truth, but for a share that is wrong; counts decisions and what they found."""

    def __init__(self, world: World, pairs: list[Pair], *, mistakes: float = 0.0, seed: int = 0) -> None:
        self.session = ReviewSession(pairs, Logs(Path("nowhere.jsonl")), "simulated", readonly=True)
        self.found: list[int] = []
        self._chance, self._mistakes = random.Random(seed), mistakes  # noqa: S311 - a simulation
        self._true = world.true
        self._removed: set[str] = set()
        self.right = self.wrong = 0

    def one_by_one(self, least: float = 0.0) -> None:
        """Every pair in turn, down to a probability."""
        while (pair := self.session.pair) is not None and (pair.probability or 0.0) >= least:
            self.decide(pair)

    def by_groups(self) -> None:
        """Every group at once: what shows another picture than most of it is clicked out; other pairs in turn."""
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
        """Accepts all nearly sure pairs after a sample, then the others in turn. Returns how many were accepted."""
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
        """One answer."""
        is_true = self.is_true(pair.first, pair.second)
        if self._chance.random() < self._mistakes:
            is_true = not is_true
        sha256s = (pair.first.sha256, pair.second.sha256)
        if is_true:
            side = "first" if pair.suggestion == pair.first.name else "second"
            self.session.decide("duplicate", sha256s, "first" if side == "first" else "second")
            kept, gone = (pair.second, pair.first) if side == "first" else (pair.first, pair.second)
            is_right = self.is_true(kept, gone)
            self.right, self.wrong = self.right + is_right, self.wrong + (not is_right)
        else:
            self.session.decide("distinct", sha256s)
        self._count(1)

    def until(self, removals: float) -> int:
        """How many decisions it took to find so many removals."""
        return next((place for place, found in enumerate(self.found, 1) if found >= removals), len(self.found))

    def is_true(self, one: Poster, other: Poster) -> bool:
        """Whether both show one picture."""
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
        """The removals are counted after each decision; several at once found nothing before the last."""
        before = self.found[-1] if self.found else 0
        self.found += [before] * (decisions - 1) + [len(self.session.found)]


def effort(world: World, model: PairModel, *, with_vectors: bool = True) -> Effort:
    """Works through a world several times."""
    lists, queue = _lists(world, model, with_vectors=with_vectors)
    one_by_one, listed = Reviewer(world, queue), Reviewer(world, lists)
    halves = _at_half(world, queue)
    one_by_one.one_by_one()
    listed.one_by_one()
    removals = one_by_one.found[-1] if one_by_one.found else 0
    grouped, accepting = Reviewer(world, queue), Reviewer(world, queue)
    grouped.by_groups()
    accepting.accepting()
    costs = []
    for seed in range(_RUNS):
        erring = Reviewer(world, queue, mistakes=0.05, seed=seed)
        erring.one_by_one(UNLIKELY)
        costs.append((one_by_one.right - erring.right + erring.wrong) / max(1, one_by_one.right))
    table = pl.DataFrame(
        {"p": [pair.probability for pair in queue], "true": [one_by_one.is_true(*pair.posters) for pair in queue]},
        {"p": pl.Float64, "true": pl.Boolean},
    )
    sure = table.filter(pl.col("p") >= SURE)
    known = calibration(table["p"].to_numpy(), table["true"].to_numpy()).filter(pl.col("pairs") >= _LEAST_PAIRS)
    off = (known["predicted"] - known["observed"]).abs().max()
    true = int(table["true"].sum())
    enough = ENOUGH * removals
    return Effort(
        len(queue),
        true,
        removals,
        listed.until(enough),
        one_by_one.until(enough),
        grouped.until(enough),
        accepting.until(enough),
        1 - float(sure["true"].mean()) if sure.height else 0.0,  # type: ignore[arg-type]
        table.filter(pl.col("p") >= 0.5).height / max(1, true),
        float(off) if isinstance(off, float) else 0.0,
        *halves,
        sum(costs) / len(costs),
    )


def _at_half(world: World, queue: list[Pair]) -> tuple[ProbablyLeft, int]:
    """What is said to be left where half of the sure pairs are decided, and what is."""
    reviewer = Reviewer(world, queue)
    for _ in range(sum((pair.probability or 0) >= 0.5 for pair in queue) // 2):
        pair = reviewer.session.pair
        if pair is not None:
            reviewer.decide(pair)
    undecided = reviewer.session.undecided()
    said = probably_left(pair.probability for pair in undecided if pair.probability is not None)
    return said, sum(reviewer.is_true(*pair.posters) for pair in undecided)


def _lists(world: World, model: PairModel, *, with_vectors: bool) -> tuple[list[Pair], list[Pair]]:
    """What waits in a world: in the order of the lists by subfolder, and in the queue's."""
    pairs = world.pairs(DEFAULT_RULES, with_vectors=with_vectors)
    resolved = resolve(world.posters, pairs, NO_VERDICTS, DEFAULT_RULES)
    lists = pl.concat(candidate_list(key, resolved.pending, world.posters, resolved.decisions) for key in SUBFOLDERS)
    vectors = world.vectors if with_vectors else None
    judged = judge_pairs(lists, world.posters, vectors, NO_VERDICTS, model)
    with tempfile.TemporaryDirectory() as folder:
        write_queue(review_queue(lists, judged.table), Path(folder))
        queue = list(read_list(Path(folder) / "queue.csv").pairs) if lists.height else []
    by_name = {(pair.first.name, pair.second.name): pair for pair in queue}
    return [by_name[names] for names in lists.select("first", "second").iter_rows()], queue
