"""Poster assets: the raw posters of a subfolder, from each site."""

import asyncio
from collections.abc import Sequence

import dagster as dg
import polars as pl

from lap_assets.assets.catalog import unfinished
from lap_assets.assets.versions import content_version, megabytes
from lap_assets.cluster.queues import MAL, WA, on
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.posters.manifest import manifest, problems
from lap_assets.posters.pages import MAL_KIND, WA_KIND, mal_pages, wa_pages
from lap_assets.posters.scrape import PosterPage, ScrapeReport, count_due, scrape
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.sites.addresses import Site
from lap_assets.sites.connection import open_state

VERSIONED = ["name", "url", "sha256", "bytes", "width", "height"]


@dg.asset(
    group_name="posters",
    kinds={"python", "jpeg"},
    partitions_def=SUBFOLDER_PARTITIONS,
    pool="mal",
    op_tags=on(MAL),
    code_version="1",
)
def mal_posters(
    context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext], mal_catalog: pl.DataFrame
) -> dg.Output[pl.DataFrame]:
    """This subfolder's posters from MyAnimeList, byte for byte as they came, and their manifest."""
    return _posters(
        context, run_context, Site.MAL, MAL_KIND, mal_pages(mal_catalog, context.partition_key, run_context.settings)
    )


@dg.asset(
    group_name="posters",
    kinds={"python", "jpeg"},
    partitions_def=SUBFOLDER_PARTITIONS,
    pool="wa",
    op_tags=on(WA),
    code_version="1",
)
def wa_posters(
    context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext], matched_ids: pl.DataFrame
) -> dg.Output[pl.DataFrame]:
    """This subfolder's posters from World Art, byte for byte as they came, and their manifest."""
    return _posters(context, run_context, Site.WA, WA_KIND, wa_pages(matched_ids))


def due_pages(asset: str, subfolder: str, upstream: pl.DataFrame, run_context: RunContext) -> int:
    """How many pages a run of `mal_posters` (from `mal_catalog`) or `wa_posters` (from `matched_ids`) would read."""
    days = revisit_days(run_context.settings, subfolder)
    if asset == "mal_posters":
        return count_due(run_context, Site.MAL, MAL_KIND, mal_pages(upstream, subfolder, run_context.settings), days)
    return count_due(run_context, Site.WA, WA_KIND, wa_pages(upstream), days)


def revisit_days(settings: Settings, subfolder: str) -> float:
    """How old a page of this subfolder may grow before it is read again: the newest one's change most."""
    return settings.revisit_days_newest if subfolder == SUBFOLDERS[-1] else settings.revisit_days


def _posters(
    context: dg.AssetExecutionContext, run_context: RunContext, site: Site, kind: str, pages: Sequence[PosterPage]
) -> dg.Output[pl.DataFrame]:
    subfolder = context.partition_key
    title = f"{'MAL' if site is Site.MAL else 'World Art'} posters {subfolder}, pages"
    report = asyncio.run(
        scrape(
            run_context.logging_to(context.log.info),
            site,
            kind,
            pages,
            title=title,
            revisit_days=revisit_days(run_context.settings, subfolder),
        )
    )
    keys = [(page.page, page.mal_id) for page in pages]
    with open_state(run_context, site) as state:
        table = manifest(state, keys, run_context.home)
        failed = problems(state, keys)
    return dg.Output(table, data_version=content_version(table, VERSIONED), metadata=_told(report, table, failed))


def _told(report: ScrapeReport, table: pl.DataFrame, failed: list[tuple[str, str]]) -> dict[str, dg.MetadataValue]:
    lines = [f"- `{name}`: {problem}" for name, problem in failed[:50]]
    return {
        "posters": dg.MetadataValue.int(table.height),
        "anime with posters": dg.MetadataValue.int(table["mal_id"].n_unique()),
        "MB": dg.MetadataValue.float(megabytes(table)),
        "pages read": dg.MetadataValue.int(report.pages),
        "pictures fetched": dg.MetadataValue.int(report.fetched),
        "requests": dg.MetadataValue.int(report.requests),
        "gone from the site": dg.MetadataValue.int(table["gone_since"].count()),
        "could not be had": dg.MetadataValue.int(len(failed)),
        **({"problems": dg.MetadataValue.md("\n".join(lines))} if lines else {}),
        **unfinished(report.stopped, report.pending),
    }
