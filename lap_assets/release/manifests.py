"""The manifests of a release: each image's source and labels; the removed posters and the reasons."""

from collections.abc import Iterable, Mapping

import polars as pl

from lap_assets.core.names import PosterName
from lap_assets.core.subfolders import subfolder_of
from lap_assets.labels.annotations import Annotations, Split
from lap_assets.release.judging_sets import is_classed

_DRAWN = "replica"
_LABEL_COLUMNS = {
    "": pl.UInt32, "_tier": pl.String, "_reviewed": pl.Boolean, "_model": pl.String, "_classed": pl.Boolean
}  # fmt: skip


def release_manifest(images: pl.DataFrame, posters: pl.DataFrame, *, is_drawn: bool = False) -> pl.DataFrame:
    """Return one row per released image: its size and checksum, source, date, and processing.

    `images`: all tables of cleaned images; `posters`: both sites' manifests. `fetched` is a day. `is_drawn`: the
    posters come from a replica, so they have no URL.
    """
    origins = posters.select(
        "name", "mal_id", "source", url=_address(is_drawn=is_drawn), fetched=pl.col("fetched_at").dt.date(),
        origin=pl.lit(_DRAWN if is_drawn else "site"),
    )  # fmt: skip
    return (
        images.join(origins, on="name", how="left")
        .with_columns(subfolder=pl.Series(map(subfolder_of, mal_ids(images["name"]).values()), dtype=pl.String))
        .select(
            "name", "subfolder", "mal_id", "source", "origin", "url", "fetched", "sha256", "bytes", "width", "height",
            "action", original_sha256="raw_sha256", original_bytes="raw_bytes",
            original_width="raw_width", original_height="raw_height",
        )
        .sort("subfolder", "name")
    )  # fmt: skip


def mal_ids(names: Iterable[str]) -> dict[str, int]:
    """Return the MAL id of each poster; some of the graph's tables only have names."""
    return {name: PosterName.parse(name).mal_id for name in names}


def with_splits(manifest: pl.DataFrame, splits: Mapping[str, Split], groups: Mapping[str, int]) -> pl.DataFrame:
    """Return the manifest with each image's split and group."""
    names = manifest["name"]
    return manifest.with_columns(
        pl.Series("split", [splits[name] for name in names], pl.String),
        pl.Series("group", [groups[name] for name in names], pl.Int64),
    )


def with_labels(manifest: pl.DataFrame, labels: Mapping[str, Annotations]) -> pl.DataFrame:
    """Return the manifest with each kind's columns: boxes, tier, reviewed, model, and whether every box has a class."""
    for kind, of_kind in labels.items():
        rows = [
            (
                image.name.rpartition("/")[2],
                len(image.boxes),
                image.tier,
                image.reviewed,
                image.model,
                is_classed(image),
            )
            for image in of_kind.images
        ]
        schema = {"name": pl.String, **{f"{kind}{column}": dtype for column, dtype in _LABEL_COLUMNS.items()}}
        manifest = manifest.join(pl.DataFrame(rows, schema, orient="row"), on="name", how="left", maintain_order="left")
    return manifest


def _address(*, is_drawn: bool) -> pl.Expr:
    return pl.lit(None, pl.String) if is_drawn else pl.col("url")


def removed_posters(decisions: pl.DataFrame, posters: pl.DataFrame, *, is_drawn: bool = False) -> pl.DataFrame:
    """Return one row per removed poster: the rule or person, and the survivor in whose favor it was removed."""
    removed = decisions.filter(pl.col("decision") != "keep")
    return removed.join(posters.select("name", url=_address(is_drawn=is_drawn)), on="name", how="left").select(
        "name", "url", "sha256", "decision", "rule", "by", "measure", "distance", "partner", "survivor"
    ).sort("name")  # fmt: skip
