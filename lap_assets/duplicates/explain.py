"""Explanations of why a poster was kept or removed, in a few lines. Deciding is in `resolution`."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from lap_assets.core.errors import InputError
from lap_assets.core.verdicts.fidelity import LACKS
from lap_assets.core.verdicts.sizes import PosterSize, compare_sizes
from lap_assets.duplicates.resolution import DECISIONS
from lap_assets.duplicates.tables import require_columns
from lap_assets.duplicates.verdict_table import VERDICTS

_SMALLER: Final[Mapping[str, str]] = {
    **{aspect: words for aspect, words in LACKS.items()},  # noqa: C416 - another type of keys
    "pixels": "fewer pixels",
    "bytes": "as many pixels, fewer bytes",
    "name": "the same size; its name comes later",
}
_NEAREST = 5
_MEASURES = {"ahash": "aHash", "phash": "pHash", "dhash": "dHash", "cosine": "cosine"}


def explain(
    name: str,
    decisions: pl.DataFrame,
    pairs: pl.DataFrame,
    verdicts: pl.DataFrame,
    sizes: Mapping[str, PosterSize] | None = None,
) -> list[str]:
    """Explain a poster's decision: the steps to its survivor, the posters it replaces, its nearest pairs, its verdicts.

    Args:
        name: the poster.
        decisions: `resolution.DECISIONS`.
        pairs: `tables.PAIRS` (`cosine` may be missing).
        verdicts: `verdict_table.VERDICTS`.
        sizes: the sizes of posters (`poster_sizes`); with them, a removal by a rule names the deciding difference.

    Raises:
        InputError: there is no such poster.
        TableError: a table lacks a column.
    """
    rows = {row["name"]: row for row in require_columns(decisions, DECISIONS, "decisions").iter_rows(named=True)}
    if name not in rows:
        raise InputError(f"{name}: no such poster among the {len(rows):,} posters with a decision")
    return [
        *_steps(name, rows, sizes or {}),
        *_damage(name, sizes or {}),
        *_absorbed(name, rows),
        *_pairs(name, pairs),
        *_verdicts(name, verdicts),
    ]


def _steps(name: str, rows: dict[str, dict[str, Any]], sizes: Mapping[str, PosterSize]) -> list[str]:
    lines = []
    at: str | None = name
    while at is not None:
        row = rows[at]
        if row["decision"] == "keep":
            lines.append(f"{at} is kept")
        elif row["decision"] == "aside":
            lines.append(f"{at} is not used: it is unreadable")
        else:
            favor = f"in favor of {row['partner']}" if row["partner"] else "with nothing in its place"
            by = f"by {row['reviewer']}" if row["by"] == "person" else f"by rule {row['rule']}"
            lines.append(f"{at} was removed {by} {favor}{_near(row)}{_lacks(row, sizes)}")
        at = row["partner"]
    return lines


def _lacks(row: dict[str, Any], sizes: Mapping[str, PosterSize]) -> str:
    """Return why a poster removed by a rule counts as smaller than its partner."""
    if row["by"] != "rule" or row["name"] not in sizes or row["partner"] not in sizes:
        return ""
    by = compare_sizes(sizes[row["name"]], sizes[row["partner"]]).by
    return f": {_SMALLER[by]}"


def _damage(name: str, sizes: Mapping[str, PosterSize]) -> list[str]:
    fidelity = sizes[name].fidelity if name in sizes else None
    return [f"its file is damaged: {fidelity.damage}"] if fidelity is not None and fidelity.damage else []


def _near(row: dict[str, Any]) -> str:
    if row["measure"] is None or row["distance"] is None:
        return ""
    return f" ({_MEASURES[row['measure']]} distance {row['distance']:.3g})"


def _absorbed(name: str, rows: dict[str, dict[str, Any]]) -> list[str]:
    removed = sorted(other for other, row in rows.items() if row["survivor"] == name)
    return [f"it stays in place of {len(removed)} removed: {', '.join(removed)}"] if removed else []


def _pairs(name: str, pairs: pl.DataFrame) -> list[str]:
    measures = [measure for measure in _MEASURES if measure in pairs.columns]
    touching = pairs.filter((pl.col("first") == name) | (pl.col("second") == name))
    lines = []
    for row in touching.sort(*measures, "first", "second", nulls_last=True).head(_NEAREST).iter_rows(named=True):
        other = row["second"] if row["first"] == name else row["first"]
        distances = ", ".join(f"{_MEASURES[m]} {row[m]:.3g}" for m in measures if row[m] is not None)
        lines.append(f"near {other}: {distances}")
    if touching.height > _NEAREST:
        lines.append(f"and {touching.height - _NEAREST} more pairs")
    return lines


def _verdicts(name: str, verdicts: pl.DataFrame) -> list[str]:
    about = require_columns(verdicts, VERDICTS, "verdicts").filter(
        (pl.col("first") == name) | (pl.col("second") == name).fill_null(value=False)
    )
    lines = []
    for row in about.sort("time", "id").iter_rows(named=True):
        other = row["second"] if row["first"] == name else row["first"]
        if row["kind"] == "mark":
            lines.append(f"{row['reviewer']} marked it in the {row['tool']} ({row['time']})")
            continue
        what = f"{row['verdict']}, removes {row['removed']}" if row["removed"] else row["verdict"].replace("_", " ")
        disputed = "; other reviewers disagree" if row["conflict"] else ""
        lines.append(f"{row['reviewer']} on it and {other}: {what} ({row['time']}){disputed}")
    return lines
