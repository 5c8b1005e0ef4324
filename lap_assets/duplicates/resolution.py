"""Keep or remove: from posters, pairs, rules and people's verdicts to one decision a poster.

The order of things:

1. People's removals hold (`people`, `grounding`), whatever the rules say. A pair that somebody decided, or that people
   dispute, is shielded from every rule.
2. The rules that remove act one after the other, each measure by measure, by ascending distance, ties by names. The
   smaller poster goes: fewer pixels, then fewer bytes, then the later name. A pair is skipped if the smaller one is
   removed already, or if a rule has removed the larger one.
3. If the larger one was removed by a person, the smaller goes all the same and its chain leads on to that person's
   survivor: a copy of a duplicate is a duplicate. So a rescrape that brings back a copy of what people removed does
   not bring back the work. Only where that would lead back to the smaller one itself it stays.
4. A larger copy of a poster that a person removed stays, and is pending against that poster's survivor.

Each removed poster names its partner (whom it went for) and its survivor (where the chain of partners ends). There
is no survivor only where a person removed posters outright. The result depends on the rows of the tables, not on their
order, and posters that no pair or verdict links do not influence each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from lap_assets.duplicates.coverage import cover, first_cover, readable_pairs
from lap_assets.duplicates.grounding import Grounded, ground
from lap_assets.duplicates.pending import pending_pairs
from lap_assets.duplicates.people import People, listen
from lap_assets.duplicates.removals import Step, automatic_steps, personal_steps, survivors
from lap_assets.duplicates.rules import Rules
from lap_assets.duplicates.tables import POSTERS, readable_posters, require_columns

DECISIONS: Final = pl.Schema(
    {
        "name": pl.String,
        "sha256": pl.String,
        "decision": pl.String,
        "rule": pl.String,
        "by": pl.String,
        "reviewer": pl.String,
        "partner": pl.String,
        "survivor": pl.String,
        "measure": pl.String,
        "distance": pl.Float64,
    }
)
"""One row a poster. `decision`: "keep", "remove" or "aside" (unreadable). `by`: "rule" or "person", then `reviewer` is
the person. `rule`, `measure` and `distance` belong to the pair with `partner`; all are null for a poster that stays."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What becomes of the posters.

    `decisions`: `DECISIONS`, sorted by name. `pending`: `pending.PENDING`, what a person has still to decide.
    `conflicts`: a line for each pair that people dispute, and for each circle of removals. `not_applying`: the standing
    verdicts whose content is not there today (`VERDICTS`).
    """

    decisions: pl.DataFrame
    pending: pl.DataFrame
    conflicts: tuple[str, ...]
    not_applying: pl.DataFrame


def resolve(posters: pl.DataFrame, pairs: pl.DataFrame, verdicts_table: pl.DataFrame, rules: Rules) -> Resolution:
    """Decides over all posters at once.

    Args:
        posters: `tables.POSTERS`, all subfolders.
        pairs: `tables.PAIRS` of all subfolders; `cosine` may be missing. Pairs of unreadable posters are left out.
        verdicts_table: `verdict_table.VERDICTS`.
        rules: the table of rules; without its rule for marks, marks do nothing.

    Raises:
        ValueError: a column is missing, a name occurs twice, or a pair's names are not in order.
    """
    fine = readable_posters(posters)
    readable = readable_pairs(pairs, fine)
    covered = cover(readable, rules)
    marks = next((rule.name for rule in rules.rules if rule.action == "marks"), None)
    people = listen(verdicts_table, fine, marks_act=marks is not None)
    rank = _rank(fine)
    grounded = ground(people, rank)
    steps = personal_steps(people, grounded, first_cover(covered), marks)
    copies = automatic_steps(steps, covered, people, rank)
    ends = survivors(steps)
    return Resolution(
        _decisions(posters, fine, steps, ends),
        pending_pairs(readable, covered, people.states, ends, copies),
        _conflict_lines(people, grounded),
        people.not_applying,
    )


def _rank(fine: pl.DataFrame) -> dict[str, int]:
    """Place of each poster from the largest (0) to the smallest."""
    area = (pl.col("width").cast(pl.Int64) * pl.col("height")).alias("area")
    in_order = fine.select("name", area, "bytes").sort("area", "bytes", "name", descending=[True, True, False])
    return {name: place for place, name in enumerate(in_order["name"].to_list())}


def _decisions(
    posters: pl.DataFrame, fine: pl.DataFrame, steps: Mapping[str, Step], ends: Mapping[str, str | None]
) -> pl.DataFrame:
    rows = [
        (name, one.rule, "rule" if one.reviewer is None else "person", one.reviewer, one.partner, ends[name], *one[3:])
        for name, one in steps.items()
    ]
    columns = ("name", "rule", "by", "reviewer", "partner", "survivor", "measure", "distance")
    removed = pl.DataFrame(rows, {column: DECISIONS[column] for column in columns}, orient="row")
    decision = (
        pl.when(pl.col("by").is_not_null())
        .then(pl.lit("remove"))
        .when(pl.col("name").is_in(fine["name"].implode()))
        .then(pl.lit("keep"))
        .otherwise(pl.lit("aside"))
    )
    every = require_columns(posters, POSTERS, "posters").select("name", "sha256")
    joined = every.join(removed, on="name", how="left").with_columns(decision.alias("decision"))
    return joined.select(DECISIONS.names()).sort("name")


def _conflict_lines(people: People, grounded: Grounded) -> tuple[str, ...]:
    disputed = sorted(pair for pair, state in people.states.items() if state == "conflict")
    pairs = [
        f"{first} and {second}: reviewers decided differently; the pair is undecided" for first, second in disputed
    ]
    circles = [
        f"{', '.join(circle)}: removed for one another in a circle; the largest, {circle[0]}, stays"
        for circle in grounded.circles
    ]
    return (*pairs, *circles)
