"""Keep or remove: from posters, pairs, rules and people's verdicts to one decision a poster.

The order of things:

1. People's removals hold (`verdict_effects`), whatever the rules say. A pair that somebody decided, or that is in
   conflict, is shielded from every rule.
2. From the largest poster down, each goes if a rule that removes covers a pair of it and a larger one that stays: by
   the first such rule, there by the nearest. So whatever a rule removes lies within its range of a poster that stays.
3. Where only a larger one that a person removed is that near, the smaller goes all the same and its chain leads on to
   that person's survivor: a copy of a duplicate is a duplicate. So a rescrape that brings back a copy of what people
   removed does not bring back the work. Only where that would lead back to the smaller one itself it stays.
4. Posters that stay, but are joined by such pairs through others that went, are for a person: the ends of a chain, and
   a larger copy of a poster that a person removed, against what stayed for it.
5. A pair whose pictures hold too little for a rule to act alone is for a person (`coverage.is_evidence`).

Each removed poster names its partner (whom it went for) and its survivor (where the chain of partners ends). There
is no survivor only where a person removed posters outright. The result depends on the rows of the tables, not on their
order, and posters that no pair or verdict links do not influence each other: the rules act on some groups of linked
posters at a time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from lap_assets.core.verdicts.sizes import SizeKey
from lap_assets.duplicates.alike import spread_crowds
from lap_assets.duplicates.coverage import cover, first_cover, readable_pairs
from lap_assets.duplicates.pair_groups import MOST_PAIRS, PairGroups, pair_groups
from lap_assets.duplicates.pending import in_order_of_rules, pending_pairs
from lap_assets.duplicates.poster_sizes import size_keys
from lap_assets.duplicates.removals import (
    RemovalStep,
    acts_of,
    automatic_steps,
    canonical_posters,
    open_links,
    personal_steps,
)
from lap_assets.duplicates.rules import Rules
from lap_assets.duplicates.tables import PAIRS, POSTERS, readable_posters, require_columns, subfolder_column
from lap_assets.duplicates.verdict_effects import Pair, VerdictEffects, ordered, verdict_effects

_PAIR: Final = {"first": pl.String, "second": pl.String}

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
        "mal_id": pl.Int64,
        "subfolder": pl.String,
    }
)
"""One row a poster. `decision`: "keep", "remove" or "aside" (unreadable). `by`: "rule" or "person", then `reviewer` is
the person. `rule`, `measure` and `distance` belong to the pair with `partner`; all are null for a poster that stays."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What becomes of the posters.

    `decisions`: `DECISIONS`, sorted by name. `pending`: `pending.PENDING`, what a person has still to decide.
    `conflicts`: a line for each pair in conflict, and for each circle of removals. `not_applying`: the active verdicts
    whose content is not there today (`VERDICTS`).
    """

    decisions: pl.DataFrame
    pending: pl.DataFrame
    conflicts: tuple[str, ...]
    not_applying: pl.DataFrame


def resolve(
    posters: pl.DataFrame,
    pairs: pl.DataFrame,
    verdicts_table: pl.DataFrame,
    rules: Rules,
    *,
    most_pairs: int = MOST_PAIRS,
) -> Resolution:
    """Decides over all posters at once.

    Args:
        posters: `tables.POSTERS`, all subfolders.
        pairs: `tables.PAIRS` of all subfolders; `cosine` may be missing. Pairs of unreadable posters are left out.
        verdicts_table: `verdict_table.VERDICTS`.
        rules: the table of rules; without its rule for marks, marks do nothing.
        most_pairs: about how many pairs are worked on at a time; it changes memory and time, never the result.

    Raises:
        TableError: a column is missing, a name occurs twice, or a pair's names are not in order.
    """
    readable = readable_posters(posters)
    marks = rules.for_marks
    sizes = size_keys(readable, rules.keep)
    effects = verdict_effects(verdicts_table, readable, sizes, marks_act=marks is not None)
    named = pairs if "cosine" in pairs.columns else pairs.with_columns(pl.lit(None, pl.Float32).alias("cosine"))
    spread = spread_crowds(require_columns(named, PAIRS, "pairs"), readable, sizes, effects.outcomes, rules.structure)
    known = readable_pairs(spread, readable)
    by_people = _personal_pairs(effects)
    decided = known.join(pl.DataFrame(by_people, _PAIR, orient="row").unique(), on=list(_PAIR), how="semi")
    steps = personal_steps(effects, first_cover(cover(decided, rules)), marks)
    pending = [
        _resolve_groups(groups, steps, effects, sizes, rules)
        for groups in pair_groups(known, [*effects.outcomes, *by_people], most_pairs)
    ]
    return Resolution(
        _decisions(posters, readable, steps, canonical_posters(steps)),
        in_order_of_rules(pending, rules),
        _conflict_lines(effects),
        effects.not_applying,
    )


def _personal_pairs(effects: VerdictEffects) -> list[Pair]:
    """The posters that people removed, each with the one that it went for."""
    removals = effects.removals.items()
    return [ordered(name, removal.partner) for name, removal in removals if removal.partner is not None]


def _resolve_groups(
    groups: PairGroups,
    steps: dict[str, RemovalStep],
    effects: VerdictEffects,
    sizes: Mapping[str, SizeKey],
    rules: Rules,
) -> pl.DataFrame:
    """Lets the rules act on some groups and adds their removals to `steps`; returns what is pending there."""
    covered = cover(groups.pairs, rules)
    acts = acts_of(covered, effects, sizes)
    names = set(groups.names)
    own = {name: step for name in names if (step := steps.get(name)) is not None}
    automatic_steps(own, acts, sizes)
    steps |= own
    canonical = canonical_posters(own)
    outcomes = {pair: outcome for pair, outcome in effects.outcomes.items() if pair[0] in names}
    return pending_pairs(groups.pairs, covered, outcomes, canonical, open_links(acts, canonical))


def _decisions(
    posters: pl.DataFrame, readable: pl.DataFrame, steps: Mapping[str, RemovalStep], canonical: Mapping[str, str | None]
) -> pl.DataFrame:
    rows = [
        (
            name,
            one.rule,
            "rule" if one.reviewer is None else "person",
            one.reviewer,
            one.partner,
            canonical[name],
            *one[3:],
        )
        for name, one in steps.items()
    ]
    columns = ("name", "rule", "by", "reviewer", "partner", "survivor", "measure", "distance")
    removed = pl.DataFrame(rows, {column: DECISIONS[column] for column in columns}, orient="row")
    decision = (
        pl.when(pl.col("by").is_not_null())
        .then(pl.lit("remove"))
        .when(pl.col("name").is_in(readable["name"].implode()))
        .then(pl.lit("keep"))
        .otherwise(pl.lit("aside"))
    )
    every = require_columns(posters, POSTERS, "posters").select("name", "sha256", "mal_id", subfolder_column())
    joined = every.join(removed, on="name", how="left").with_columns(decision.alias("decision"))
    return joined.select(DECISIONS.names()).sort("name")


def _conflict_lines(effects: VerdictEffects) -> tuple[str, ...]:
    in_conflict = sorted(pair for pair, outcome in effects.outcomes.items() if outcome == "conflict")
    pairs = [
        f"{first} and {second}: reviewers decided differently; the pair is undecided" for first, second in in_conflict
    ]
    circles = [
        f"{', '.join(circle)}: removed for one another in a circle; the largest, {circle[0]}, stays"
        for circle in effects.circles
    ]
    return (*pairs, *circles)
