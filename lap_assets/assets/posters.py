"""Poster assets: the raw posters of a subfolder, from each site."""

import asyncio

import dagster as dg
import polars as pl

from lap_assets.assets.catalog_rows import catalog_tag
from lap_assets.core.plain_text import markdown
from lap_assets.metadata import unfinished, unfinished_reason
from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.posters.due import revisit_days
from lap_assets.posters.manifest import manifest, problems
from lap_assets.posters.page_notes import page_notes
from lap_assets.posters.scrape import ScrapeReport, scrape
from lap_assets.queues import on
from lap_assets.run_context import RunContext
from lap_assets.sites.connection import open_state
from lap_assets.sites.ratings import ratings_of
from lap_assets.sites.scrapes import note_scrape
from lap_assets.sites.spec import SiteSpec
from lap_assets.sites.specs import site_specs
from lap_assets.versions import content_version, megabytes

VERSIONED = ["name", "url", "sha256", "bytes", "width", "height"]
"""The columns of a manifest that its data version is made from."""


def poster_assets() -> list[dg.AssetsDefinition]:
    """Return each site's posters, partitioned by subfolder."""
    return [_posters(spec) for spec in site_specs()]


def _posters(spec: SiteSpec) -> dg.AssetsDefinition:
    @dg.asset(
        name=spec.entry.posters_asset,
        description=(f"This subfolder's posters from {spec.entry.title}, byte for byte as served, and their manifest."),
        group_name="posters",
        kinds={"python", "jpeg"},
        partitions_def=SUBFOLDER_PARTITIONS,
        pool=spec.key,
        op_tags=on(spec.key),
        code_version="2",
        ins={"upstream": dg.AssetIn(spec.posters.upstream)},
    )
    def posters(
        context: dg.AssetExecutionContext, run_context: dg.ResourceParam[RunContext], upstream: pl.DataFrame
    ) -> dg.Output[pl.DataFrame]:
        subfolder, shown = context.partition_key, run_context.logging_to(context.log.info)
        pages = spec.posters.pages(upstream, subfolder, run_context)
        report = asyncio.run(
            scrape(
                shown,
                spec.site,
                spec.posters.page_kind,
                pages,
                title=f"{spec.entry.title} posters {subfolder}, pages",
                revisit_days=revisit_days(run_context, subfolder),
            )
        )
        keys = [(page.page, page.mal_id) for page in pages]
        with open_state(run_context, spec.site) as state:
            table = manifest(state, keys, run_context.home)
            failed = problems(state, keys)
            notes = page_notes(state, spec.posters.page_kind, [page.page for page in pages])
            ratings = ratings_of(state, [page.mal_id for page in pages]) if spec.site.rates else None
            reason = unfinished_reason(report.stopped, report.pending)
            note_scrape(state, spec.entry.posters_asset, subfolder, reason, table.height)
        _warn(context, report)
        version = content_version(table, VERSIONED)
        if ratings is not None:  # World Art's posters also depend on the ratings of anime without MAL posters
            version = dg.DataVersion(f"{version.value}-{content_version(ratings).value}")
        is_catalog = spec.posters.upstream == spec.entry.catalog_asset
        return dg.Output(
            table,
            data_version=version,
            metadata={**_metadata(report, table, failed), **notes},
            tags=catalog_tag(spec, upstream, subfolder) if is_catalog else None,
        )

    return posters


def _warn(context: dg.AssetExecutionContext, report: ScrapeReport) -> None:
    if report.set_aside:
        held = ", ".join(f"{version} ({count})" for version, count in report.releases.items())
        context.log.warning(
            f"{len(report.set_aside)} posters of anime rated Rx were moved to set_aside/; releases that contain some: "
            f"{held or 'none'}"
        )


def _metadata(report: ScrapeReport, table: pl.DataFrame, failed: list[tuple[str, str]]) -> dict[str, dg.MetadataValue]:
    lines = [f"- {markdown(name)}: {markdown(problem)}" for name, problem in failed[:50]]
    return {
        "posters": dg.MetadataValue.int(table.height),
        "anime with posters": dg.MetadataValue.int(table["mal_id"].n_unique()),
        "MB": dg.MetadataValue.float(megabytes(table)),
        "pages read": dg.MetadataValue.int(report.pages),
        "pictures fetched": dg.MetadataValue.int(report.fetched),
        "requests": dg.MetadataValue.int(report.requests),
        "delisted": dg.MetadataValue.int(table["gone_since"].count()),
        "could not be fetched": dg.MetadataValue.int(len(failed)),
        **({"problems": dg.MetadataValue.md("\n".join(lines))} if lines else {}),
        **(
            {"set aside": dg.MetadataValue.md("\n".join(f"- {markdown(one)}" for one in report.set_aside))}
            if report.set_aside
            else {}
        ),
        **(
            {"releases with set-aside posters": dg.MetadataValue.text(", ".join(report.releases))}
            if report.releases
            else {}
        ),
        **unfinished(report.stopped, report.pending),
    }
