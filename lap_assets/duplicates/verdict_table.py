"""The active verdicts of the logs, as a table. Their effects on posters are in `verdict_effects`."""

from typing import Any, Final

import polars as pl

from lap_assets.core.errors import TableError, VerdictLineError
from lap_assets.core.verdicts.lines import AnyVerdict, Mark, PairVerdict
from lap_assets.core.verdicts.log import VerdictSet, conflicts
from lap_assets.duplicates.tables import require_columns

VERDICTS: Final = pl.Schema(
    {
        "id": pl.String,
        "time": pl.String,
        "reviewer": pl.String,
        "kind": pl.String,
        "first": pl.String,
        "first_sha256": pl.String,
        "second": pl.String,
        "second_sha256": pl.String,
        "verdict": pl.String,
        "removed": pl.String,
        "measure": pl.String,
        "distance": pl.Float64,
        "tool": pl.String,
        "conflict": pl.Boolean,
    }
)
"""One row per active verdict. `kind` is "pair" or "mark"; a mark has its poster in `first` and the verdict "remove".

`conflict`: another active verdict decides the same pair differently.
"""

NO_VERDICTS: Final = pl.DataFrame(schema=VERDICTS)
"""A table without verdicts."""

_PAIR_COLUMNS: Final = (
    "first", "first_sha256", "second", "second_sha256", "verdict", "removed", "measure", "distance",
)  # fmt: skip


def verdicts_table(verdicts: VerdictSet) -> pl.DataFrame:
    """Return the active verdicts as `VERDICTS`, in order of time."""
    disputed = {verdict.id for conflict in conflicts(verdicts) for verdict in conflict.verdicts}
    rows = [_row(verdict, conflict=verdict.id in disputed) for verdict in verdicts.active]
    return pl.DataFrame(rows, schema=VERDICTS, orient="row") if rows else NO_VERDICTS


def verdicts_of(table: pl.DataFrame) -> tuple[pl.DataFrame, list[AnyVerdict]]:
    """Return the rows of a table of `VERDICTS` and their verdicts, both in order of time.

    Raises:
        TableError: the table lacks a column, or a row is not a verdict.
    """
    rows = require_columns(table, VERDICTS, "verdicts").sort("time", "id")
    try:
        return rows, [_verdict(row) for row in rows.iter_rows(named=True)]
    except VerdictLineError as error:
        raise TableError(f"the table of verdicts has a row that is not a verdict: {error}") from None


def _verdict(row: dict[str, Any]) -> AnyVerdict:
    line = {name: row[name] for name in ("id", "time", "reviewer")}
    if row["kind"] == "mark":
        return Mark(name=row["first"], sha256=row["first_sha256"], tool=row["tool"], **line)
    return PairVerdict(**line, **{name: row[name] for name in _PAIR_COLUMNS})


def _row(verdict: PairVerdict | Mark, *, conflict: bool) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(VERDICTS)
    row |= {"id": verdict.id, "time": verdict.time, "reviewer": verdict.reviewer, "conflict": conflict}
    if isinstance(verdict, Mark):
        marked = {"kind": "mark", "first": verdict.name, "first_sha256": verdict.sha256}
        return row | marked | {"verdict": verdict.mark, "tool": verdict.tool}
    return row | {"kind": "pair", **{name: getattr(verdict, name) for name in _PAIR_COLUMNS}}
