"""Effects of people's verdicts on today's posters, by the names that the tables use.

`lap_assets.core.verdicts.index` defines the effects, for the review tools too. Belongs here: converting tables to its
types and back. The removals that follow are in `removals`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.index import Removal, VerdictIndex
from lap_assets.core.verdicts.lines import AnyVerdict, Mark
from lap_assets.core.verdicts.outcomes import Outcome
from lap_assets.core.verdicts.sizes import SizeKey
from lap_assets.duplicates.verdict_table import verdicts_of

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PersonalRemoval:
    """A person's removal of a poster: the verdict, and the poster it favors (None: nothing stays)."""

    verdict: AnyVerdict
    partner: str | None
    by_mark: bool


@dataclass(frozen=True, slots=True)
class VerdictEffects:
    """What people decided about today's posters.

    `outcomes`: the verdict or "conflict" for each pair with a verdict (smaller name first). `removals`: the posters
    that people removed. `circles`: removals in a circle, the poster that stays first. `not_applying`: rows of the
    verdict table that match no poster of today.
    """

    outcomes: dict[Pair, Outcome]
    removals: dict[str, PersonalRemoval]
    circles: tuple[tuple[str, ...], ...]
    not_applying: pl.DataFrame


def verdict_effects(
    verdicts: pl.DataFrame, readable: pl.DataFrame, size_keys: Mapping[str, SizeKey], *, marks_act: bool
) -> VerdictEffects:
    """Apply a table of `VERDICTS` to the posters in `readable` (as returned by `readable_posters`).

    Raises:
        TableError: the table lacks a column, or a row is not a verdict.
    """
    rows, given = verdicts_of(verdicts)
    posters = [Poster(*row) for row in _possibly_decided(rows, readable).select("name", "sha256").iter_rows()]
    index = VerdictIndex(
        posters, given, marks_act=marks_act, complete=True, size_key=lambda poster: size_keys[poster.name]
    )
    removals = index.removals()
    applies = pl.Series([index.contents.applies(verdict) for verdict in given], dtype=pl.Boolean)
    return VerdictEffects(
        {(first.name, second.name): outcome for (first, second), outcome in index.outcomes()},
        {poster.name: _personal(index, poster, removal) for poster, removal in removals.of.items()},
        tuple(sorted(tuple(poster.name for poster in circle) for circle in removals.circles)),
        rows.filter(~applies),
    )


def _possibly_decided(verdicts: pl.DataFrame, readable: pl.DataFrame) -> pl.DataFrame:
    """Return the posters that a verdict may be about: those whose name or content occurs in one."""
    names, contents = (
        pl.concat([verdicts[f"first{suffix}"], verdicts[f"second{suffix}"]]).drop_nulls().unique().implode()
        for suffix in ("", "_sha256")
    )
    return readable.filter(pl.col("name").is_in(names) | pl.col("sha256").is_in(contents))


def ordered(one: str, other: str) -> Pair:
    """Return the two names, the smaller first."""
    return (one, other) if one < other else (other, one)


def _personal(index: VerdictIndex, poster: Poster, removal: Removal) -> PersonalRemoval:
    if removal.partner is not None:
        return PersonalRemoval(removal.verdict, removal.partner.name, by_mark=False)
    by_mark = any(isinstance(verdict, Mark) for verdict in index.removing(poster))
    return PersonalRemoval(removal.verdict, None, by_mark=by_mark)
