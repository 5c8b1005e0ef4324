"""What people's standing verdicts say about today's posters.

A verdict is about content. It speaks of every poster of the same anime that holds these bytes today, whatever its
name; where both posters of a verdict hold the same bytes, it speaks of its two names alone. A verdict whose content is
gone speaks of nothing, and is handed back. Belongs here: that translation. What follows is in `grounding` and
`resolution`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import polars as pl

from lap_assets.core.names import PosterName
from lap_assets.duplicates.tables import require_columns
from lap_assets.duplicates.verdict_table import VERDICTS

Pair = tuple[str, str]

_STRENGTH: Final = {"skip": 0, "unsure": 1, "distinct": 2, "duplicate": 2, "both_removed": 2, "conflict": 3}


@dataclass(frozen=True, slots=True, order=True)
class Word:
    """One person's decision, as far as a removal names it."""

    time: str
    reviewer: str
    measure: str | None = None
    distance: float | None = None


@dataclass(frozen=True, slots=True)
class People:
    """What people say of today's posters.

    `states`: verdict of each pair (smaller name first), or "conflict". `instead`: removed poster, the posters that
    stay for it, and the word. `gone`: posters removed with nothing in their place. `marked` are those of `gone` that a
    mark removes. `not_applying`: rows of the verdict table that speak of no poster of today.
    """

    states: dict[Pair, str]
    instead: dict[str, dict[str, Word]]
    gone: dict[str, Word]
    marked: frozenset[str]
    not_applying: pl.DataFrame


def listen(verdicts: pl.DataFrame, fine: pl.DataFrame, *, marks_act: bool) -> People:
    """Translates a table of `VERDICTS` to the posters in `fine` (as `readable_posters` gives them).

    Raises:
        ValueError: the table lacks a column.
    """
    rows = require_columns(verdicts, VERDICTS, "verdicts").sort("time", "id")
    holders = _Holders(fine)
    people = People({}, defaultdict(dict), {}, frozenset(), rows.clear())
    marked: set[str] = set()
    applies: list[bool] = []
    for row in rows.iter_rows(named=True):
        if row["kind"] == "mark":
            names = holders.of(row["first"], row["first_sha256"])
            applies.append(bool(names))
            if marks_act:
                marked.update(names)
                people.gone.update(dict.fromkeys(names, Word(row["time"], row["reviewer"])))
        else:
            pairs = holders.pairs(row)
            applies.append(bool(pairs))
            _take_in(people, row, pairs)
    silent = rows.filter(~pl.Series(applies, dtype=pl.Boolean))
    return People(people.states, dict(people.instead), people.gone, frozenset(marked), silent)


def ordered(one: str, other: str) -> Pair:
    """The two names, smaller first."""
    return (one, other) if one < other else (other, one)


def _take_in(people: People, row: dict[str, Any], pairs: Iterable[Pair]) -> None:
    """Adds one pair verdict, for each (first, second) of today that it speaks of."""
    state = "conflict" if row["conflict"] else row["verdict"]
    word = Word(row["time"], row["reviewer"], row["measure"], row["distance"])
    for first, second in pairs:
        pair = ordered(first, second)
        if _STRENGTH[state] >= _STRENGTH[people.states.get(pair, "skip")]:
            people.states[pair] = state
        if state == "both_removed":
            people.gone.update({first: word, second: word})
        elif state == "duplicate":
            removed, kept = (first, second) if row["removed"] == row["first"] else (second, first)
            people.instead[removed][kept] = word


class _Holders:
    """Which posters of an anime hold given bytes today."""

    def __init__(self, fine: pl.DataFrame) -> None:
        self._names: dict[tuple[int, str], list[str]] = defaultdict(list)
        for name, mal_id, sha256 in fine.select("name", "mal_id", "sha256").iter_rows():
            self._names[(mal_id, sha256)].append(name)

    def of(self, name: str, sha256: str) -> list[str]:
        """Posters of the anime of `name` with these bytes."""
        return self._names.get((PosterName.parse(name).mal_id, sha256), [])

    def pairs(self, row: dict[str, Any]) -> list[Pair]:
        """The pairs that a verdict about `first` and `second` speaks of."""
        firsts = self.of(row["first"], row["first_sha256"])
        seconds = self.of(row["second"], row["second_sha256"])
        if row["first_sha256"] == row["second_sha256"]:
            both = row["first"] in firsts and row["second"] in seconds
            return [(row["first"], row["second"])] if both else []
        return list(product(firsts, seconds))
