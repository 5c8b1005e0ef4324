"""What stands in the verdict logs, as a table. Reading the logs is in `verdicts`; what they do is in `resolution`."""

from typing import Any, Final

import polars as pl

from lap_assets.core.verdicts.log import Mark, PairVerdict, VerdictSet, conflicts

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
"""One row a standing verdict. `kind` is "pair" or "mark"; a mark has its poster in `first`, its verdict is "remove".

`conflict` says that another standing verdict decides the same pair differently.
"""

NO_VERDICTS: Final = pl.DataFrame(schema=VERDICTS)
"""Nobody has decided anything."""


def verdicts_table(verdicts: VerdictSet) -> pl.DataFrame:
    """The standing verdicts as `VERDICTS`, in order of time."""
    disputed = {verdict.id for conflict in conflicts(verdicts) for verdict in conflict.verdicts}
    rows = [_row(verdict, conflict=verdict.id in disputed) for verdict in verdicts.active]
    return pl.DataFrame(rows, schema=VERDICTS, orient="row") if rows else NO_VERDICTS


def _row(verdict: PairVerdict | Mark, *, conflict: bool) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(VERDICTS)
    row |= {"id": verdict.id, "time": verdict.time, "reviewer": verdict.reviewer, "conflict": conflict}
    if isinstance(verdict, Mark):
        marked = {"kind": "mark", "first": verdict.name, "first_sha256": verdict.sha256}
        return row | marked | {"verdict": verdict.mark, "tool": verdict.tool}
    return row | {
        "kind": "pair",
        "first": verdict.first,
        "first_sha256": verdict.first_sha256,
        "second": verdict.second,
        "second_sha256": verdict.second_sha256,
        "verdict": verdict.verdict,
        "removed": verdict.removed,
        "measure": verdict.measure,
        "distance": verdict.distance,
    }
