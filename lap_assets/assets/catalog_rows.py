"""A subfolder's rows of a site's catalog, as a version: what its partitions are made from of the whole table."""

import polars as pl

from lap_assets.sites.catalogs import all_of_subfolder
from lap_assets.sites.spec import SiteSpec
from lap_assets.slices import rows_tag
from lap_assets.versions import content_version


def rows_version(spec: SiteSpec, catalog: pl.DataFrame, subfolder: str) -> str:
    """The version of the subfolder's anime, by the columns that matter to what follows."""
    rows = all_of_subfolder(catalog, subfolder)
    columns = list(spec.catalog.followed or rows.columns)
    return content_version(rows.select(columns).sort(columns)).value


def catalog_tag(spec: SiteSpec, catalog: pl.DataFrame, subfolder: str) -> dict[str, str]:
    """The tag of a partition that was made from the subfolder's anime."""
    return rows_tag(spec.entry.catalog_asset, rows_version(spec, catalog, subfolder))
