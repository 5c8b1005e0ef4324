"""Pictures in an event's metadata: contact sheets as inline JPEG, small enough for the event log."""

import base64
from collections.abc import Sequence

import dagster as dg
import polars as pl

from lap_assets.home import Home
from lap_assets.images.sheet import Tile, contact_sheet
from lap_assets.posters.names import PosterName

_PAIRS_SHOWN = 12


def sheet(tiles: Sequence[Tile], *, columns: int) -> dg.MetadataValue:
    """A contact sheet as markdown with the picture in it."""
    if not tiles:
        return dg.MetadataValue.md("nothing to show")
    picture = base64.b64encode(contact_sheet(tiles, columns=columns)).decode()
    return dg.MetadataValue.md(f"![contact sheet](data:image/jpeg;base64,{picture})")


def pair_sheet(pairs: pl.DataFrame, home: Home) -> dg.MetadataValue:
    """Pairs of raw posters side by side. `pairs`: `first`, `second` and a `caption` for each."""
    tiles = []
    for first, second, caption in _sample(pairs).select("first", "second", "caption").iter_rows():
        tiles.append(Tile(home.poster(PosterName.parse(first)), (first.removesuffix(".jpg"), caption)))
        tiles.append(Tile(home.poster(PosterName.parse(second)), (second.removesuffix(".jpg"),)))
    return sheet(tiles, columns=6)


def _sample(pairs: pl.DataFrame) -> pl.DataFrame:
    """The same few rows for the same table, spread over it."""
    step = max(1, pairs.height // _PAIRS_SHOWN)
    return pairs.gather_every(step).head(_PAIRS_SHOWN)
