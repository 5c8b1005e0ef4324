"""Changes from one release to another, in Markdown."""

from pathlib import Path
from typing import Final

import polars as pl

from lap_assets.core.errors import InputError
from lap_assets.core.labels.files import LABEL_KINDS
from lap_assets.core.reading import open_regular
from lap_assets.release.layout import MANIFEST, REMOVED
from lap_assets.release.writer import read_about

_NAMED: Final = 30  # images listed by name per kind of change
_TEXT: Final = pl.String
_COUNTS: Final = [f"{kind}{part}" for kind in LABEL_KINDS for part in ("", "_reviewed")]


def changes(old: Path, new: Path) -> str:
    """Return the differences between two release folders.

    Raises:
        InputError: a folder is not a release.
    """
    before, after = _manifest(old), _manifest(new)
    both = before.join(after, on="name", suffix="_new")
    removed = before.join(after, on="name", how="anti").join(_removed(new), on="name", how="left")
    added = after.join(before, on="name", how="anti")
    other = both.filter(pl.col("sha256") != pl.col("sha256_new"))
    moved = both.filter(pl.col("split") != pl.col("split_new"))
    lines = [
        f"# {_version(old)} → {_version(new)}",
        "",
        _counts(before, after),
        *_section("new images", added, pl.col("name")),
        *_section("removed images", removed, _why_removed()),
        *_section("changed images", other, pl.format("{} ({} → {} bytes)", "name", "bytes", "bytes_new")),
        *_section("images in another split", moved, pl.format("{} ({} → {})", "name", "split", "split_new")),
    ]
    for kind in LABEL_KINDS:
        lines += _label_section(kind, old, new)
    return "\n".join(lines) + "\n"


def _counts(before: pl.DataFrame, after: pl.DataFrame) -> str:
    rows: list[tuple[str, float, float]] = [
        ("images", before.height, after.height),
        ("anime", before["mal_id"].n_unique(), after["mal_id"].n_unique()),
        ("MB", _megabytes(before), _megabytes(after)),
    ]
    for column in _COUNTS:
        name = column.replace("_", " ")
        rows.append((name, _total(before, column), _total(after, column)))
    for kind in LABEL_KINDS:
        one, other = _audited(before, kind), _audited(after, kind)
        rows += [(f"{kind} audited", one, other)] if one or other else []
    table = [f"| {name} | {one:,} | {other:,} | {round(other - one, 1):+,} |" for name, one, other in rows]
    return "\n".join(["| | before | after | |", "|---|---|---|---|", *table])


def _audited(table: pl.DataFrame, kind: str) -> int:
    """Count the images whose boxes were accepted in an audit."""
    tier = f"{kind}_tier"
    return int((table[tier] == "audited").sum()) if tier in table.columns else 0


def _megabytes(table: pl.DataFrame) -> float:
    return round(int(table["bytes"].sum()) / 1e6, 1)


def _total(table: pl.DataFrame, column: str) -> int:
    values = table[column]
    return int((values == "true").sum() if values.dtype == _TEXT else values.sum())


def _section(title: str, rows: pl.DataFrame, shown: pl.Expr) -> list[str]:
    if not rows.height:
        return []
    listed = rows.sort("name").head(_NAMED).select(shown.alias("line"))["line"].to_list()
    more = [f"- and {rows.height - _NAMED:,} more"] if rows.height > _NAMED else []
    return ["", f"## {title}: {rows.height:,}", "", *(f"- {line}" for line in listed), *more]


def _why_removed() -> pl.Expr:
    why = pl.coalesce("rule", "by", "decision").fill_null("no longer held")
    has_survivor = pl.col("survivor").is_not_null()
    return pl.when(has_survivor).then(pl.format("{} ({}; {} stays)", "name", why, "survivor")).otherwise(
        pl.format("{} ({})", "name", why)
    )  # fmt: skip


def _label_section(kind: str, old: Path, new: Path) -> list[str]:
    before, after = _labels(old, kind), _labels(new, kind)
    joined = before.join(after, on="name", how="inner", suffix="_new")
    changed = joined.filter(pl.col("objects") != pl.col("objects_new"))
    line = pl.format(
        "{} ({} → {} {}, {})", "name", "boxes", "boxes_new", pl.lit(kind), pl.col("tier_new").fill_null("–")
    )
    return _section(f"images with changed {kind}", changed, line)


def _labels(release: Path, kind: str) -> pl.DataFrame:
    """Return each image's boxes as one JSON text."""
    paths = sorted((release / "parquet" / kind).glob("*/metadata.parquet"))
    if not paths:
        return pl.DataFrame(schema={"name": _TEXT, "objects": _TEXT, "boxes": pl.UInt32, "tier": _TEXT})
    for path in paths:
        open_regular(path).close()  # polars waits for a FIFO's writer
    tables = [pl.read_parquet(path, columns=["file_name", "objects", "tier"]) for path in paths]
    return pl.concat(tables).select(
        pl.col("file_name").str.split("/").list.last().alias("name"),
        pl.col("objects").struct.json_encode(),
        pl.col("objects").struct.field("bbox").list.len().alias("boxes"),
        "tier",
    )


def _manifest(release: Path) -> pl.DataFrame:
    path = release / MANIFEST
    if not release.exists():
        raise InputError(f"{release}: no such folder")
    if not path.is_file():
        raise InputError(f"{release} is not a release: it has no {MANIFEST}")
    table = pl.read_csv(path, infer_schema=False)
    missing = [pl.lit(None, _TEXT).alias(column) for column in ("split", *_COUNTS) if column not in table.columns]
    return table.with_columns(missing).with_columns(pl.col(column).cast(pl.Int64) for column in ("bytes", *LABEL_KINDS))


def _removed(release: Path) -> pl.DataFrame:
    columns = ["name", "decision", "rule", "by", "survivor"]
    table = pl.read_csv(release / REMOVED, infer_schema=False)
    return (
        table.select(columns)
        if set(columns) <= set(table.columns)
        else pl.DataFrame(schema=dict.fromkeys(columns, _TEXT))
    )


def _version(release: Path) -> str:
    return str(read_about(release).get("version", release.name))
