"""Pictures in an event's metadata: contact sheets as inline JPEG, small enough for the event log."""

import base64
import textwrap
from collections.abc import Sequence

import dagster as dg
import polars as pl

from lap_assets.core.home import Home
from lap_assets.labels.detection import boxes_by_name
from lap_assets.pictures.contact_sheet import SheetBox, SheetTile, contact_sheet

_PAIRS_SHOWN = 12
_LINE = 22  # characters below a picture
_IMAGES_SHOWN = 18


def sheet(tiles: Sequence[SheetTile], *, columns: int) -> dg.MetadataValue:
    """Return a contact sheet as Markdown with an inline picture."""
    if not tiles:
        return dg.MetadataValue.md("nothing to show")
    picture = base64.b64encode(contact_sheet(tiles, columns=columns)).decode()
    return dg.MetadataValue.md(f"![contact sheet](data:image/jpeg;base64,{picture})")


def png(picture: bytes) -> dg.MetadataValue:
    """Return a small PNG as Markdown with an inline picture."""
    return dg.MetadataValue.md(f"![plot](data:image/png;base64,{base64.b64encode(picture).decode()})")


def pair_sheet(pairs: pl.DataFrame, home: Home) -> dg.MetadataValue:
    """Return a sheet of pairs of raw posters side by side.

    pairs: columns `first`, `second`, `caption` (of the pair, in words), and optionally `fate_first` and `fate_second`
    (what happens to each poster).
    """
    fates = [name for name in ("fate_first", "fate_second") if name not in pairs.columns]
    known = _sample(pairs, _PAIRS_SHOWN).with_columns(pl.lit("").alias(name) for name in fates)
    tiles = []
    for row in known.iter_rows(named=True):
        words = textwrap.wrap(row["caption"], _LINE)
        tiles.append(SheetTile(home.poster(row["first"]), _lines(row["first"], row["fate_first"], words)))
        tiles.append(SheetTile(home.poster(row["second"]), _lines(row["second"], row["fate_second"], [])))
    return sheet(tiles, columns=6)


def _lines(name: str, fate: str, words: Sequence[str]) -> tuple[str, ...]:
    return (name.removesuffix(".jpg"), *([fate] if fate else []), *words)


def box_sheet(table: pl.DataFrame, home: Home) -> dg.MetadataValue:
    """Return a sheet of cleaned images with their boxes. `table`: as made by `labels.detection`."""
    shown = _sample(table.filter(pl.col("boxes").list.len() > 0), _IMAGES_SHOWN)
    tiles = []
    for name, boxes in boxes_by_name(shown).items():
        drawn = tuple(SheetBox((x0, y0, x1, y1), f"{score:.2f}") for x0, y0, x1, y1, score in boxes.tolist())
        tiles.append(SheetTile(home.image(name), (name.removesuffix(".jpg"),), drawn))
    return sheet(tiles, columns=6)


def _sample(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return at most `most` rows, spread evenly over the table and always the same ones."""
    return rows.gather_every(max(1, rows.height // most)).head(most)
