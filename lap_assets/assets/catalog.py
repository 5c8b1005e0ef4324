"""Catalog assets: the anime of each site, and the matches between both sites."""

import asyncio
from collections.abc import Iterator

import dagster as dg
import polars as pl

from lap_assets.assets.catalog_rows import catalog_tag, rows_version
from lap_assets.core.sites import MAL, WA
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.metadata import unfinished
from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.queues import CPU, on
from lap_assets.run_context import RunContext
from lap_assets.sites.catalogs import match
from lap_assets.sites.connection import open_state
from lap_assets.sites.ratings import with_ratings
from lap_assets.sites.scrapes import note_scrape
from lap_assets.sites.spec import SiteSpec
from lap_assets.sites.specs import site_specs, spec_of
from lap_assets.slices import record_unchanged
from lap_assets.versions import content_version


def catalog_assets() -> list[dg.AssetsDefinition]:
    """Return each site's catalog, and `matched_ids`."""
    return [*(_catalog(spec) for spec in site_specs()), _matched_ids()]


def _catalog(spec: SiteSpec) -> dg.AssetsDefinition:
    @dg.asset(
        name=spec.entry.catalog_asset,
        description=spec.catalog.description,
        group_name="catalog",
        kinds={"python", "polars"},
        pool=spec.key,
        op_tags=on(spec.key),
        code_version="1",
    )
    def catalog(
        context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext]
    ) -> Iterator[dg.Output[pl.DataFrame]]:
        stopped = asyncio.run(spec.catalog.crawl(run_context.logging_to(context.log.info)))
        with open_state(run_context, spec.site) as state:
            table = spec.catalog.table(state)
            counts = spec.catalog.counts(table, state)
            note_scrape(state, spec.entry.catalog_asset, None, stopped, table.height)
        if stopped and table.is_empty():
            raise dg.Failure(stopped, allow_retries=False)
        yield dg.Output(
            table,
            data_version=content_version(table, spec.catalog.versioned),
            metadata={**counts, **unfinished(stopped)},
        )
        rows = {key: rows_version(spec, table, key) for key in SUBFOLDERS}
        record_unchanged(context, spec.entry.catalog_asset, dict.fromkeys(_made_from(spec), rows))

    return catalog


def _made_from(spec: SiteSpec) -> list[str]:
    """Return the partitioned assets that are made from the site's catalog."""
    own = [spec.entry.posters_asset] if spec.posters.upstream == spec.entry.catalog_asset else []
    return [*own, "matched_ids"] if spec.entry in (MAL, WA) else own


def _matched_ids() -> dg.AssetsDefinition:
    @dg.asset(
        group_name="catalog",
        kinds={"polars"},
        partitions_def=SUBFOLDER_PARTITIONS,
        op_tags=on(CPU),
        code_version="2",
        deps=[MAL.posters_asset],
    )
    def matched_ids(
        context: dg.AssetExecutionContext,
        run_context: dg.ResourceParam[RunContext],
        mal_catalog: pl.DataFrame,
        wa_catalog: pl.DataFrame,
    ) -> dg.Output[pl.DataFrame]:
        """World Art's animations of each MAL anime of this subfolder.

        Anime that are excluded, unlisted, or whose rating has not been read from their MAL page are left out. Since
        `mal_posters` reads these pages, this asset depends on it.
        """
        with open_state(run_context, spec_of(MAL.key).site) as state:
            table = match(with_ratings(mal_catalog, state), wa_catalog, context.partition_key)
        used = {MAL: mal_catalog, WA: wa_catalog}
        return dg.Output(
            table,
            data_version=content_version(table),
            metadata={"animations": table.height, "anime": table["mal_id"].n_unique()},
            tags={
                name: version
                for entry, catalog in used.items()
                for name, version in catalog_tag(spec_of(entry.key), catalog, context.partition_key).items()
            },
        )

    return matched_ids
