"""Catalog assets: which anime there are on both sites, and which belong together."""

import asyncio

import dagster as dg
import polars as pl

from lap_assets.metadata import unfinished
from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.posters.catalogs import mal_table, match, wa_table
from lap_assets.queues import CPU, MAL, WA, on
from lap_assets.run_context import RunContext
from lap_assets.sites import mal_listing_crawl, mal_sources, wa_id_crawl
from lap_assets.sites.addresses import Site
from lap_assets.sites.connection import open_state
from lap_assets.sites.wa_updates import last_look
from lap_assets.versions import content_version


@dg.asset(group_name="catalog", kinds={"python", "polars"}, pool="mal", op_tags=on(MAL), code_version="1")
def mal_catalog(
    context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext]
) -> dg.Output[pl.DataFrame]:
    """Every anime in MyAnimeList's listing: id, slug, whether it is excluded (rated Rx), first and last seen.

    The first run reads the whole listing, later ones its newest pages. An anime appears once its rating is known.
    """
    stopped = asyncio.run(mal_sources.crawl(run_context.logging_to(context.log.info)))
    with open_state(run_context, Site.MAL) as state:
        table = mal_table(mal_listing_crawl.catalog(state))
    if stopped and table.is_empty():
        raise dg.Failure(stopped, allow_retries=False)
    return dg.Output(
        table,
        data_version=content_version(table, ["mal_id", "slug", "excluded"]),
        metadata={"anime": table.height, "excluded": int(table["excluded"].sum()), **unfinished(stopped)},
    )


@dg.asset(group_name="catalog", kinds={"python", "polars"}, pool="wa", op_tags=on(WA), code_version="1")
def wa_catalog(context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext]) -> dg.Output[pl.DataFrame]:
    """Every animation of World Art: its id, the MAL anime it links to, title, type, genre, release, score, rank."""
    stopped = asyncio.run(wa_id_crawl.crawl(run_context.logging_to(context.log.info)))
    with open_state(run_context, Site.WA) as state:
        table = wa_table(wa_id_crawl.catalog(state))
        updates = last_look(state)
    if stopped and table.is_empty():
        raise dg.Failure(stopped, allow_retries=False)
    linked = table["mal_id"].count()
    return dg.Output(
        table,
        data_version=content_version(table),
        metadata={
            "animations": table.height,
            "linked to MAL": linked,
            "list of updates": updates,
            **unfinished(stopped),
        },
    )


@dg.asset(
    group_name="catalog", kinds={"polars"}, partitions_def=SUBFOLDER_PARTITIONS, op_tags=on(CPU), code_version="1"
)
def matched_ids(
    context: dg.AssetExecutionContext, mal_catalog: pl.DataFrame, wa_catalog: pl.DataFrame
) -> dg.Output[pl.DataFrame]:
    """World Art's animations of each MAL anime of this subfolder. Excluded and unlisted anime never pass."""
    table = match(mal_catalog, wa_catalog, context.partition_key)
    return dg.Output(
        table,
        data_version=content_version(table),
        metadata={"animations": table.height, "anime": table["mal_id"].n_unique()},
    )
