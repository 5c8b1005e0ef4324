"""Create a home with many posters in seconds: tables and small files as after scraping and hashing, without either.

Later assets, from pairs on, are then materialized by the graph itself. Posters have distinct bytes and realistic codes;
three tenths are near another poster.
"""

import hashlib
import io
from pathlib import Path
from typing import Final

import dagster as dg
import numpy as np
import polars as pl
from numpy.typing import NDArray
from PIL import Image

from benchmarks.inputs import poster_like_codes
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.sites import MAL, WA
from lap_assets.core.subfolders import SUBFOLDERS, subfolder_of
from lap_assets.duplicates import hash_table
from lap_assets.engine.graph import Graph
from lap_assets.engine.instance import open_instance
from lap_assets.posters import manifest
from lap_assets.resources import table_path
from lap_assets.sites import mal_site, wa_site
from lap_assets.versions import content_version

_LARGEST_ID: Final = 60_000
_MOMENT: Final = pl.Datetime("ms", "UTC")
_HASHES: Final = ("ahash", "phash", "dhash")
_SAME_ANIME: Final = 0.8
_WIDTHS: Final = (225, 425, 600, 1000)
_MADE_FROM: Final = {
    "mal_catalog": (),
    "wa_catalog": (),
    "mal_posters": ("mal_catalog",),
    "matched_ids": ("mal_catalog", "wa_catalog", "mal_posters"),
    "wa_posters": ("matched_ids",),
    "image_hashes": ("mal_posters", "wa_posters"),
}


def full_home(home: Home, graph: Graph, posters: pl.DataFrame) -> None:
    """Fill a home with hashed posters (`invented_posters`); later assets are missing.

    A second call with more posters simulates another scrape.
    """
    _write_files(home, posters)
    with open_instance(home) as instance:
        for asset in _MADE_FROM:
            for _, key in graph.slots(asset):
                table = _table(asset, key, posters)
                path = table_path(home.tables, asset, key)
                path.parent.mkdir(parents=True, exist_ok=True)
                table.write_parquet(path)
                _report(graph, instance, asset, key, content_version(table).value)


def invented_posters(count: int, seed: int) -> pl.DataFrame:
    """Return `count` MAL posters with the columns of `hash_table.SCHEMA` and `subfolder`."""
    rng = np.random.default_rng(seed)
    anime = np.sort(rng.integers(1, _LARGEST_ID, count))
    names = [str(PosterName.mal(int(mal_id), n // 1_000_000, n % 1_000_000)) for n, mal_id in enumerate(anime)]
    width = rng.choice(_WIDTHS, count)
    codes = _with_copies({code: poster_like_codes(count, seed + n) for n, code in enumerate(_HASHES)}, rng)
    known = {
        "name": names,
        "mal_id": anime,
        "source": [MAL.key] * count,
        "sha256": [hashlib.sha256(_picture(name)).hexdigest() for name in names],
        "bytes": [len(_picture(name)) for name in names],
        "width": width,
        "height": width * 17 // 12,
        **codes,
        "structure": np.full(count, 100, np.float32),
        "method": [hash_table.METHOD] * count,
    }
    rows = {column: known.get(column, [None] * count) for column in hash_table.SCHEMA}
    subfolders = [subfolder_of(int(mal_id)) for mal_id in anime]
    return pl.DataFrame(rows, schema=hash_table.SCHEMA).with_columns(pl.Series("subfolder", subfolders))


def _with_copies(codes: dict[str, NDArray[np.uint64]], rng: np.random.Generator) -> dict[str, NDArray[np.uint64]]:
    """Turn three tenths into copies: codes up to two bits from those of another poster, mostly of the same anime."""
    count = len(next(iter(codes.values())))
    copies = rng.choice(np.arange(1, count), count * 3 // 10, replace=False)
    of = np.where(rng.random(len(copies)) < _SAME_ANIME, copies - 1, rng.integers(0, count, len(copies)))
    for values in codes.values():
        flips = np.uint64(1) << rng.integers(0, 64, (2, len(copies))).astype(np.uint64)
        kept = rng.random((2, len(copies))) < 0.5
        values[copies] = values[of] ^ np.where(kept, flips, np.uint64(0))[0] ^ np.where(kept, flips, np.uint64(0))[1]
    return codes


def _picture(name: str) -> bytes:
    """Return a small valid JPEG with the name in a comment, so that its bytes are unique."""
    text = name.encode()
    return _JPEG[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text + _JPEG[2:]


def _jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 16), (90, 120, 160)).save(out, "JPEG")
    return out.getvalue()


_JPEG: Final = _jpeg()


def _write_files(home: Home, posters: pl.DataFrame) -> None:
    for key in SUBFOLDERS:
        (home.posters / key).mkdir(parents=True, exist_ok=True)
    for name, key in posters.select("name", "subfolder").iter_rows():
        Path(home.posters / key / name).write_bytes(_picture(name))


def _table(asset: str, key: str | None, posters: pl.DataFrame) -> pl.DataFrame:
    own = posters if key is None else posters.filter(pl.col("subfolder") == key)
    moment = pl.lit(0).cast(_MOMENT)
    if asset == MAL.catalog_asset:
        anime = own.select("mal_id").unique().sort("mal_id")
        return anime.select(
            "mal_id", slug=pl.lit("a"), excluded=pl.lit(value=False), first_seen=moment, last_seen=moment,
            listed_as=pl.lit(""),
        ).select(list(mal_site.SCHEMA))  # fmt: skip
    if asset == MAL.posters_asset:
        return own.select(
            "name", "mal_id", "source", "bytes", "sha256", "width", "height", "subfolder", url=pl.lit(""),
            fetched_at=moment, gone_since=pl.lit(None, _MOMENT),
        ).select(list(manifest.SCHEMA))  # fmt: skip
    if asset == "image_hashes":
        return own.select(list(hash_table.SCHEMA))
    if asset == WA.catalog_asset:
        return pl.DataFrame(schema=wa_site.SCHEMA)
    if asset == "matched_ids":
        return pl.DataFrame(schema={"mal_id": pl.Int64, "wa_id": pl.Int64})
    return pl.DataFrame(schema=manifest.SCHEMA)


def _report(graph: Graph, instance: dg.DagsterInstance, asset: str, key: str | None, version: str) -> None:
    """Report the event that the asset's own run would have left, with its inputs as they are now."""
    tags = {"dagster/data_version": version, "dagster/code_version": graph.code_version(asset) or ""}
    for parent in _MADE_FROM[asset]:
        newest = instance.fetch_materializations(dg.AssetKey(parent), limit=1).records[0]
        materialization = newest.asset_materialization
        if materialization is not None and materialization.tags is not None:
            tags[f"dagster/input_data_version/{parent}"] = materialization.tags["dagster/data_version"]
            tags[f"dagster/input_event_pointer/{parent}"] = str(newest.storage_id)
    instance.report_runless_asset_event(dg.AssetMaterialization(asset, partition=key, tags=tags))
