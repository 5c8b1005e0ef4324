"""What the rules would do to given tables, before they do it: counts by rule, and pictures of sample pairs."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl
from PIL import Image, ImageDraw, ImageFont, ImageOps

from lap_assets.duplicates.coverage import cover, first_cover, readable_pairs
from lap_assets.duplicates.resolution import resolve
from lap_assets.duplicates.rules import Rules
from lap_assets.duplicates.tables import fine_posters
from lap_assets.duplicates.verdict_table import NO_VERDICTS

PREVIEW: Final = pl.Schema(
    {
        "rule": pl.String,
        "title": pl.String,
        "action": pl.String,
        "pairs": pl.UInt32,
        "pairs_first": pl.UInt32,
        "posters": pl.UInt32,
        "removed": pl.UInt32,
        "pending": pl.UInt32,
    }
)
"""One row a rule, in order: pairs that it covers, those that no earlier rule covers, posters in its pairs; posters that
it removes and pairs that it leaves to a person once all rules before it have acted."""

_THUMB: Final = (150, 210)
_GAP: Final = 10
_TEXT: Final = 32


def preview_rules(
    posters: pl.DataFrame, pairs: pl.DataFrame, rules: Rules, verdicts_table: pl.DataFrame = NO_VERDICTS
) -> pl.DataFrame:
    """What each rule would touch, as `PREVIEW`; nothing is changed.

    Raises:
        ValueError: a table lacks a column.
    """
    covered = cover(readable_pairs(pairs, fine_posters(posters)), rules)
    resolved = resolve(posters, pairs, verdicts_table, rules)
    counts = [
        covered.group_by("rule").agg(
            pl.struct("first", "second").n_unique().alias("pairs"),
            pl.concat([pl.col("first"), pl.col("second")]).n_unique().alias("posters"),
        ),
        first_cover(covered).group_by("rule").agg(pl.len().alias("pairs_first")),
        resolved.decisions.filter(pl.col("decision") == "remove").group_by("rule").agg(pl.len().alias("removed")),
        resolved.pending.group_by("rule").agg(pl.len().alias("pending")),
    ]
    table = pl.DataFrame(
        [(rule.name, rule.title, rule.action) for rule in rules.rules],
        {name: PREVIEW[name] for name in ("rule", "title", "action")},
        orient="row",
    )
    for count in counts:
        table = table.join(count, on="rule", how="left", maintain_order="left")
    return table.with_columns(pl.col(pl.UInt32).fill_null(0)).select(PREVIEW.names()).cast(dict(PREVIEW.items()))


def sample_pairs(posters: pl.DataFrame, pairs: pl.DataFrame, rules: Rules, rule: str, count: int) -> pl.DataFrame:
    """Up to `count` pairs of a rule, spread evenly from its nearest to its farthest: `coverage.COVERED`.

    Raises:
        ValueError: there is no such rule, or a table lacks a column.
    """
    if rule not in {one.name for one in rules.rules}:
        raise ValueError(f"no rule {rule!r}: there are {', '.join(one.name for one in rules.rules)}")
    covered = cover(readable_pairs(pairs, fine_posters(posters)), rules).filter(pl.col("rule") == rule)
    ordered = first_cover(covered).sort("share", "first", "second")
    chosen = min(count, ordered.height)
    places = [place * (ordered.height - 1) // max(1, chosen - 1) for place in range(chosen)]
    return ordered[places]


def contact_sheet(sample: pl.DataFrame, where: Callable[[str], Path], *, columns: int = 4) -> bytes:
    """A PNG of pairs side by side, each with its measure, its distance and the two names.

    `sample` has first, second, measure and distance; `where` gives the file of a poster. One that cannot be read is
    drawn as an empty frame.
    """
    cell = (2 * _THUMB[0] + 3 * _GAP, _THUMB[1] + _TEXT + 2 * _GAP)
    rows = max(1, -(-sample.height // columns))
    sheet = Image.new("RGB", (cell[0] * min(columns, max(1, sample.height)), cell[1] * rows), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(11)
    shown = sample.select("first", "second", "measure", "distance").iter_rows()
    for place, (first, second, measure, distance) in enumerate(shown):
        left, top = cell[0] * (place % columns) + _GAP, cell[1] * (place // columns) + _GAP
        for offset, name in ((0, first), (_THUMB[0] + _GAP, second)):
            picture = _thumbnail(where(name))
            if picture is None:
                draw.rectangle((left + offset, top, left + offset + _THUMB[0], top + _THUMB[1]), outline="gray")
            else:
                sheet.paste(picture, (left + offset, top))
            draw.text((left + offset, top + _THUMB[1] + 2), name.removesuffix(".jpg"), fill="black", font=font)
        draw.text((left, top + _THUMB[1] + 16), f"{measure} {distance:.3g}", fill="black", font=font)
    png = io.BytesIO()
    sheet.save(png, "PNG", optimize=True)
    return png.getvalue()


def _thumbnail(path: Path) -> Image.Image | None:
    try:
        with Image.open(path) as opened:
            opened.draft("RGB", (2 * _THUMB[0], 2 * _THUMB[1]))
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError):
        return None
    upright.thumbnail(_THUMB, Image.Resampling.LANCZOS)
    return upright
