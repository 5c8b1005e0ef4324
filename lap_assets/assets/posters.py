"""Poster assets: the raw posters of a subfolder, from each site."""

import asyncio
from collections.abc import Sequence

import dagster as dg
import polars as pl

from lap_assets.metadata import unfinished
from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.posters.due import revisit_days
from lap_assets.posters.manifest import manifest, problems
from lap_assets.posters.pages import MAL_KIND, WA_KIND, mal_pages, wa_pages
from lap_assets.posters.scrape import PosterPage, ScrapeReport, scrape
from lap_assets.queues import MAL, WA, on
from lap_assets.run_context import RunContext
from lap_assets.sites.addresses import Site
from lap_assets.sites.connection import open_state
from lap_assets.versions import content_version, megabytes

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
