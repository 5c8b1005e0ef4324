"""Resolution: from posters, pairs, rules and people's verdicts to one decision (keep or remove) per poster.

The order:

1. People's removals hold (`verdict_effects`), whatever the rules say. No rule acts on a pair that somebody decided or
   that is in conflict.
2. From the largest poster down, a poster is removed if a removing rule covers its pair with a larger kept poster: by
   the first such rule, and there in favor of the nearest. So a poster that a rule removes is within the rule's range
   of a poster that stays, except for step 3.
3. If the only larger poster within range is one that a person removed, the smaller poster is still removed and its
   chain leads to that person's survivor: a copy of a duplicate is a duplicate. So a rescrape that finds another copy of
   a removed poster does not ask again. The poster stays only if its chain would lead back to itself.
4. A person decides about kept posters that are joined only through removed ones: the ends of a chain, and a larger copy
   of a poster that a person removed, paired with that poster's survivor.
5. A person decides about a pair whose pictures hold too little for a rule to act alone (`coverage.is_evidence`).

Each removed poster names its partner (in whose favor it was removed) and its survivor (where the chain of partners
ends). The survivor is missing only if a person removed posters outright. The result does not depend on the order of
rows, and posters that no pair or verdict links do not influence each other: the rules act on some groups of linked
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
"""One row per poster. `decision`: "keep", "remove" or "aside" (unreadable). `by`: "rule" or "person"; `reviewer` names
the person. `rule`, `measure` and `distance` belong to the pair with `partner`; all are null for a kept poster."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The decisions about all posters.

    `decisions`: `DECISIONS`, sorted by name. `pending`: `pending.PENDING`, the pairs for a person to decide.
    `conflicts`: a line for each pair in conflict, and for each circle of removals. `not_applying`: the active verdicts
    (`VERDICTS`) on contents that no poster has today.
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
    """Decide about all posters at once.

    Args:
        posters: `tables.POSTERS`, all subfolders.
        pairs: `tables.PAIRS` of all subfolders; `cosine` may be missing. Pairs of unreadable posters are left out.
        verdicts_table: `verdict_table.VERDICTS`.
        rules: the table of rules; without a rule for marks, marks have no effect.
        most_pairs: the approximate number of pairs processed at a time; it affects memory and time, never the result.

    Raises:
        TableError: a column is missing, a name occurs twice, or the names of a pair do not ascend.
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
    """Return the pairs of a poster that a person removed and its partner."""
    removals = effects.removals.items()
    return [ordered(name, removal.partner) for name, removal in removals if removal.partner is not None]


def _resolve_groups(
    groups: PairGroups,
    steps: dict[str, RemovalStep],
    effects: VerdictEffects,
    sizes: Mapping[str, SizeKey],
    rules: Rules,
) -> pl.DataFrame:
    """Apply the rules to some groups, add their removals to `steps`, and return the groups' pending pairs."""
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
