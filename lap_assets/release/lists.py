"""The lists of a release as tables: where each image came from, and which posters were removed and why."""

import polars as pl

from lap_assets.posters.names import PosterName


def release_manifest(images: pl.DataFrame, posters: pl.DataFrame) -> pl.DataFrame:
    """A row a released image: what it is, where it came from, what was done to it.

    `images`: the cleaned images' tables together; `posters`: both sites' manifests together.
    """
    return (
        images.join(posters.select("name", "mal_id", "source", "url"), on="name", how="left")
        .with_columns(subfolder=_subfolders(images["name"]))
        .select(
            "name", "subfolder", "mal_id", "source", "url", "sha256", "bytes", "width", "height", "action",
            original_sha256="raw_sha256", original_bytes="raw_bytes",
            original_width="raw_width", original_height="raw_height",
        )
        .sort("subfolder", "name")
    )  # fmt: skip


def removed_posters(decisions: pl.DataFrame, posters: pl.DataFrame) -> pl.DataFrame:
    """A row a poster that was not released: by which rule or person, in favour of which survivor."""
    gone = decisions.filter(pl.col("decision") != "keep")
    return gone.join(posters.select("name", "url"), on="name", how="left").select(
        "name", "url", "sha256", "decision", "rule", "by", "measure", "distance", "partner", "survivor"
    ).sort("name")  # fmt: skip


def _subfolders(names: pl.Series) -> pl.Series:
    return pl.Series("subfolder", [PosterName.parse(name).subfolder for name in names], dtype=pl.String)
