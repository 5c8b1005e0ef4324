"""The version of a subfolder's rows in a site's catalog: the part of the table that its partitions are made from."""

import polars as pl

from lap_assets.sites.catalogs import all_of_subfolder
from lap_assets.sites.spec import SiteSpec
from lap_assets.slices import rows_tag
from lap_assets.versions import content_version


def rows_version(spec: SiteSpec, catalog: pl.DataFrame, subfolder: str) -> str:
    """Return the version of the subfolder's anime, from the columns that downstream assets use."""
    rows = all_of_subfolder(catalog, subfolder)
    columns = list(spec.catalog.followed or rows.columns)
    return content_version(rows.select(columns).sort(columns)).value


def catalog_tag(spec: SiteSpec, catalog: pl.DataFrame, subfolder: str) -> dict[str, str]:
    """Return the tag of a partition that was made from the subfolder's anime."""
    return rows_tag(spec.entry.catalog_asset, rows_version(spec, catalog, subfolder))
