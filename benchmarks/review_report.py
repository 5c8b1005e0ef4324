"""Table of the effort of review, on replica worlds that the model was not fitted to: `python -m benchmarks review`."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from rich.table import Table

from benchmarks.review_effort import Effort, effort
from benchmarks.review_worlds import World, together, world
from lap_assets.review.pair_model import shipped_model

WORLDS: Final = ((240, 1), (250, 7701), (120, 7702), (120, 7703), (120, 7704))
"""Numbers of anime and seeds, used only for these figures; the first is the world of `lap demo`."""

_COLUMNS: Final[dict[str, Callable[[Effort], str]]] = {
    "pairs": lambda one: f"{one.pairs}",
    "copies": lambda one: f"{one.true}",
    "removals": lambda one: f"{one.removals}",
    "by lists": lambda one: _times(one.listed, one),
    "by queue": lambda one: _times(one.one_by_one, one),
    "by groups": lambda one: _times(one.grouped, one),
    "accepting": lambda one: _times(one.accepting, one),
    "wrong of p ≥ .98": lambda one: f"{one.accepted_wrong:.2%}",
    "p ≥ .5 per copy": lambda one: f"{one.above:.2f}",
    "off": lambda one: f"{one.off:.3f}",
    "estimated left": lambda one: f"{one.left.expected:.0f} ({one.left.low}–{one.left.high})",
    "actually left": lambda one: f"{one.left_true}",
    "cost of 1 in 20 wrong": lambda one: f"{one.cost:.1%}",
}


def review(kept_in: Path) -> Table:
    """Work through each world and through all joined, with and without vectors; return the table."""
    table = Table(title="decisions until 99 % of the removals, in total and per removal")
    for name in ("world", *_COLUMNS):
        table.add_column(name, justify="left" if name == "world" else "right")
    named: list[tuple[str, World]] = [(f"{seed}", world(anime, seed, kept_in)) for anime, seed in WORLDS]
    for name, one in [*named, ("all as one", together([one for _, one in named]))]:
        for with_vectors in (True, False):
            found = effort(one, shipped_model(), with_vectors=with_vectors)
            label = f"{name}, {one.posters.height} posters, {'vectors' if with_vectors else 'hashes only'}"
            table.add_row(label, *(cell(found) for cell in _COLUMNS.values()))
    return table


def _times(decisions: int, one: Effort) -> str:
    return f"{decisions} ({decisions / max(1, one.removals):.2f})"
