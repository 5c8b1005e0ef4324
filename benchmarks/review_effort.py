"""Effort of review: a simulated reviewer who knows the truth works through replica worlds.

Figures for the queue's order, for groups, for accepting nearly sure pairs, for wrong answers, and for the accuracy of
estimates. The figures of one world belong here; the reviewer is in `simulated_reviewer`, the table in `review_report`.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.review_worlds import World
from benchmarks.simulated_reviewer import Reviewer
from lap_assets.commands.review_status import UNLIKELY
from lap_assets.core.estimates import SURE, ProbablyLeft, probably_left
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.duplicates.candidates import candidate_list
from lap_assets.duplicates.resolution import resolve
from lap_assets.duplicates.rules import DEFAULT_RULES
from lap_assets.duplicates.verdict_table import NO_VERDICTS
from lap_assets.review.calibration import calibration
from lap_assets.review.judging import judge_pairs
from lap_assets.review.pair_model import PairModel
from lap_assets.review.queue import review_queue, write_queue
from lap_gui.review.lists import read_list
from lap_gui.review.pair_rows import Pair

ENOUGH: Final = 0.99
"""The share of all removals to find."""
_LEAST_PAIRS: Final = 50
_RUNS: Final = 5
"""Number of simulations of the erring reviewer."""


@dataclass(frozen=True, slots=True)
class Effort:
    """Figures of one world.

    `pairs`, `true`: waiting pairs, and how many of them are copies. `removals`: removals possible through them.
    `listed`, `one_by_one`, `grouped`, `accepting`: decisions until `ENOUGH` of the removals, in the order of the lists
    by subfolder, in the order of the queue, by groups, and with nearly sure pairs accepted after a sample.
    `accepted_wrong`: share of those pairs that are not copies. `above`: pairs of p ≥ .5 per copy. `off`: largest
    difference between probability and share of copies in any tenth of probability with 50 pairs. `left`, `left_true`:
    estimated and actual number of copies left after half of the probable pairs. `cost`: share of removals that are lost
    or wrong if one answer in twenty is wrong and pairs of p < .02 are not asked.
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
        """Whether the actual number left is inside the estimated interval."""
        return self.left.low <= self.left_true <= self.left.high


def effort(world: World, model: PairModel, *, with_vectors: bool = True) -> Effort:
    """Work through a world several times and return its figures."""
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
    """Return the estimated and actual number of copies left after half of the probable pairs are decided."""
    reviewer = Reviewer(world, queue)
    for _ in range(sum((pair.probability or 0) >= 0.5 for pair in queue) // 2):
        pair = reviewer.session.pair
        if pair is not None:
            reviewer.decide(pair)
    undecided = reviewer.session.undecided()
    estimate = probably_left(pair.probability for pair in undecided if pair.probability is not None)
    return estimate, sum(reviewer.is_true(*pair.posters) for pair in undecided)


def _lists(world: World, model: PairModel, *, with_vectors: bool) -> tuple[list[Pair], list[Pair]]:
    """Return the waiting pairs of a world, in the order of the lists by subfolder and in the order of the queue."""
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
