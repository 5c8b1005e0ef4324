"""Asset checks of the scrapes: each warns, in one sentence, if a site is not read properly."""

import dagster as dg
import polars as pl

from lap_assets.partitions import SUBFOLDER_PARTITIONS
from lap_assets.posters.health import ScrapeHealth, catalog_health, posters_health
from lap_assets.run_context import RunContext
from lap_assets.sites.spec import SiteSpec
from lap_assets.sites.specs import site_specs


def scrape_checks() -> list[dg.AssetChecksDefinition]:
    """Return two checks per site: of its catalog, and of its posters by subfolder."""
    return [check for spec in site_specs() for check in (_catalog(spec), _posters(spec))]


def _catalog(spec: SiteSpec) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=spec.entry.catalog_asset, name=f"{spec.entry.catalog_asset}_is_well", blocking=False,
        description=f"{spec.entry.title} is read properly: unreadable pages, rows compared with the previous crawl.",
    )  # fmt: skip
    def check(run_context: dg.ResourceParam[RunContext]) -> dg.AssetCheckResult:
        return _result(catalog_health(spec, run_context))

    return check


def _posters(spec: SiteSpec) -> dg.AssetChecksDefinition:
    @dg.asset_check(
        asset=spec.entry.posters_asset, name=f"{spec.entry.posters_asset}_are_well", blocking=False,
        partitions_def=SUBFOLDER_PARTITIONS, additional_ins={"upstream": dg.AssetIn(spec.posters.upstream)},
        description=(
            f"{spec.entry.title}'s pages are read properly: share of unreadable pages, posters compared with the "
            "previous scrape, age of the oldest reading."
        ),
    )  # fmt: skip
    def check(
        context: dg.AssetCheckExecutionContext, run_context: dg.ResourceParam[RunContext], upstream: pl.DataFrame
    ) -> dg.AssetCheckResult:
        return _result(posters_health(spec, context.partition_key, upstream, run_context))

    return check


def _result(health: ScrapeHealth) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=health.is_well,
        severity=dg.AssetCheckSeverity.WARN,
        description=health.sentence,
        metadata={name: dg.MetadataValue.float(float(value)) for name, value in health.numbers.items()},
    )
