"""Cleaning a partition's kept posters into its folder of images: reusing rows, on all cores, replacing atomically."""

import hashlib
import sys
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from pathlib import Path
from typing import Any, Final

import polars as pl

from lap_assets.core.errors import NameInvalid, PictureError
from lap_assets.core.files import is_leftover, link_or_copy, write_bytes
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.progress import Progress
from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits, check_whole, read_bytes
from lap_assets.pictures.recipe import Action, Recipe, clean
from lap_assets.pictures.upscaling import Upscaling

SCHEMA: Final[dict[str, pl.DataType | type[pl.DataType]]] = {
    "name": pl.String,
    "raw_sha256": pl.String,
    "raw_bytes": pl.Int64,
    "raw_width": pl.Int32,
    "raw_height": pl.Int32,
    "action": pl.String,
    "sha256": pl.String,
    "bytes": pl.Int64,
    "width": pl.Int32,
    "height": pl.Int32,
    "recipe": pl.String,
}
_UNLIMITED: Final = Limits(*(sys.maxsize,) * 4)
"""For images written by LAP."""


def clean_partition(
    posters: pl.DataFrame,
    subfolder: str,
    *,
    previous: pl.DataFrame | None,
    home: Home,
    recipe: Recipe,
    upscaling: Upscaling | None,
    progress: Progress,
    limits: Limits = DEFAULT_LIMITS,
) -> pl.DataFrame:
    """Write the images of `posters` (name, sha256, bytes, width, height), and remove the images of other posters.

    `previous`: the previous table. A row is reused if its raw poster, recipe and file are unchanged; the upscaler is
    part of the recipe of small posters only. `upscaling`: None leaves small posters at their size.
    """
    home.images.joinpath(subfolder).mkdir(parents=True, exist_ok=True)
    known = {row["name"]: row for row in previous.iter_rows(named=True)} if previous is not None else {}
    rows = list(posters.sort("name").iter_rows(named=True))
    with progress.task(f"images {subfolder}", len(rows)) as advance, ThreadPoolExecutor(cpu_count()) as pool:

        def one(row: dict[str, Any]) -> dict[str, Any]:
            used = _recipe_of(row, recipe, upscaling)
            kept = _reusable(known.get(row["name"]), row, home, used)
            kept = kept or {**_write_image(row, home, recipe, upscaling, limits), "recipe": used}
            advance(1)
            return kept

        table = pl.DataFrame(list(pool.map(one, rows)), schema=SCHEMA)
    _remove_others(home.images / subfolder, set(table["name"]))
    return table


def broken_images(table: pl.DataFrame, home: Home) -> list[str]:
    """Return the names whose image is missing, differs in size from the table, or was changed after LAP wrote it."""
    rows = list(table.sort("name").iter_rows(named=True))
    with ThreadPoolExecutor(cpu_count()) as pool:
        intact = pool.map(lambda row: _is_in_place(row, home) and _is_as_written(row, home), rows)
        return [row["name"] for row, is_intact in zip(rows, intact, strict=True) if not is_intact]


def _recipe_of(row: dict[str, Any], recipe: Recipe, upscaling: Upscaling | None) -> str:
    if not recipe.is_small(row["width"], row["height"]):
        return recipe.digest()
    return f"{recipe.digest()}-{upscaling.version if upscaling else 'none'}"


def _reusable(known: dict[str, Any] | None, row: dict[str, Any], home: Home, recipe: str) -> dict[str, Any] | None:
    if known is None or known["raw_sha256"] != row["sha256"] or known["recipe"] != recipe:
        return None
    return known if _is_in_place(known, home) else None


def _is_in_place(known: dict[str, Any], home: Home) -> bool:
    try:
        return home.image(known["name"]).stat().st_size == int(known["bytes"])
    except FileNotFoundError:
        return False


def _is_as_written(known: dict[str, Any], home: Home) -> bool:
    if known["action"] == Action.LINKED:
        return True
    try:
        body = read_bytes(home.image(known["name"]), _UNLIMITED)
        if hashlib.sha256(body).hexdigest() != known["sha256"]:
            return False
        check_whole(body, _UNLIMITED)
    except PictureError:
        return False
    return True


def _write_image(
    row: dict[str, Any], home: Home, recipe: Recipe, upscaling: Upscaling | None, limits: Limits
) -> dict[str, Any]:
    raw, image = home.poster(row["name"]), home.image(row["name"])
    cleaned = clean(raw, recipe, upscaling, limits)
    if cleaned.body is None:
        link_or_copy(raw, image)
        content = (row["sha256"], row["bytes"])
    else:
        write_bytes(image, cleaned.body)
        content = (hashlib.sha256(cleaned.body).hexdigest(), len(cleaned.body))
    return {
        "name": row["name"],
        "raw_sha256": row["sha256"],
        "raw_bytes": row["bytes"],
        "raw_width": row["width"],
        "raw_height": row["height"],
        "action": cleaned.action.value,
        "sha256": content[0],
        "bytes": content[1],
        "width": cleaned.width,
        "height": cleaned.height,
    }


def _remove_others(folder: Path, names: set[str]) -> None:
    """Remove images that are no longer needed, and leftovers of a killed writer. Files of other origin stay."""
    for path in folder.iterdir():
        if path.name in names:
            continue
        if is_leftover(path) or _is_poster(path.name):
            path.unlink()


def _is_poster(name: str) -> bool:
    try:
        PosterName.parse(name)
    except NameInvalid:
        return False
    return True
