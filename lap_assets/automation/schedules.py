"""Schedules: the scrapes requested each night. Off until turned on; only due scrapes are requested.

The settings determine how often a page is read again (`LAP_SWEEP_DAYS`, `LAP_REVISIT_DAYS` and others). A scrape that
spent its budget or was blocked resumes the next night.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import dagster as dg

from lap_assets.core.sites import sites
from lap_assets.core.subfolders import SUBFOLDERS
from lap_assets.engine.graph import AssetPartition, Graph
from lap_assets.engine.plan import due_work
from lap_assets.engine.preflight import unmet_requirements
from lap_assets.engine.staleness import partition_name
from lap_assets.engine.status import GraphStatus, Status
from lap_assets.materializations import made_at
from lap_assets.posters.due import revisit_days
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings

_NEWEST: Final = SUBFOLDERS[-1]
_OLDER: Final = SUBFOLDERS[:-1]
_DAY: Final = 24 * 3600.0
_Answer = dg.RunRequest | dg.SkipReason


def schedules() -> list[dg.ScheduleDefinition]:
    """Return the schedules of catalogs, of the newest subfolder's posters, and of older subfolders' posters."""
    return [_rescrape_catalogs(), _rescrape_newest(), _rescrape_older()]


def _rescrape_catalogs() -> dg.ScheduleDefinition:
    assets = [entry.catalog_asset for entry in sites()]

    @dg.schedule(
        cron_schedule="0 2 * * *", target=[dg.AssetKey(asset) for asset in assets],
        description="Off until you turn it on. Looks for new anime every LAP_SWEEP_DAYS: MAL's newest pages (rarely "
                    "all pages), World Art's updates and new ids.",
    )  # fmt: skip
    def rescrape_catalogs(
        context: dg.ScheduleEvaluationContext, run_context: dg.ResourceParam[RunContext]
    ) -> Iterator[_Answer]:
        """Request every due catalog."""
        yield from _requests([(asset, None) for asset in assets], context, run_context)

    return rescrape_catalogs


def _rescrape_newest() -> dg.ScheduleDefinition:
    assets = [entry.posters_asset for entry in sites()]

    @dg.schedule(
        cron_schedule="0 3 * * *", target=[dg.AssetKey(asset) for asset in assets],
        description="Off until you turn it on. Reads each page of the newest subfolder again after "
                    "LAP_REVISIT_DAYS_NEWEST.",
    )  # fmt: skip
    def rescrape_newest(
        context: dg.ScheduleEvaluationContext, run_context: dg.ResourceParam[RunContext]
    ) -> Iterator[_Answer]:
        """Request the newest subfolder from each site with due pages."""
        yield from _requests([(asset, _NEWEST) for asset in assets], context, run_context)

    return rescrape_newest


def _rescrape_older() -> dg.ScheduleDefinition:
    assets = [entry.posters_asset for entry in sites()]

    @dg.schedule(
        cron_schedule="0 4 * * *", target=[dg.AssetKey(asset) for asset in assets],
        description="Off until you turn it on. Reads the pages of older subfolders again, one subfolder after the "
                    "other, all within LAP_REVISIT_DAYS.",
    )  # fmt: skip
    def rescrape_older(
        context: dg.ScheduleEvaluationContext, run_context: dg.ResourceParam[RunContext]
    ) -> Iterator[_Answer]:
        """Request the subfolder whose turn it is, from each site with due pages."""
        if not _OLDER:
            yield dg.SkipReason("this home has only one subfolder, which rescrape_newest reads")
            return
        turn = whose_turn(context.scheduled_execution_time, run_context.settings)
        yield from _requests([(asset, turn) for asset in assets], context, run_context)

    return rescrape_older


def whose_turn(now: datetime, settings: Settings) -> str:
    """Return the older subfolder to read again at this time: each once in `LAP_REVISIT_DAYS`, one after the other."""
    turns = now.timestamp() / _DAY / max(settings.revisit_days, len(_OLDER)) * len(_OLDER)
    return _OLDER[int(turns) % len(_OLDER)]


def _requests(
    slots: Sequence[AssetPartition], context: dg.ScheduleEvaluationContext, run_context: RunContext
) -> Iterator[_Answer]:
    """Request a run for each of `slots` that is due and not running; else say when it is due, or what prevents it."""
    statuses = GraphStatus(Graph(context.repository_def.asset_graph), context.instance, run_context.home.tables)
    waiting, due = [], []
    for slot in slots:
        if statuses.of(slot).status is Status.RUNNING:
            waiting.append(f"{partition_name(slot)} is being made")
        elif due_work(slot, statuses, run_context) or statuses.table_problem(slot):
            due.append(slot)
        else:
            waiting.append(_due_when(slot, statuses, run_context))
    if due and (problems := unmet_requirements(run_context, {asset for asset, _ in due})):
        yield dg.SkipReason("; ".join(problems))
        return
    for asset, partition in due:
        yield dg.RunRequest(partition_key=partition, asset_selection=[dg.AssetKey(asset)])
    if not due:
        yield dg.SkipReason("nothing is due: " + "; ".join(waiting))


def _due_when(slot: AssetPartition, statuses: GraphStatus, run_context: RunContext) -> str:
    """Return when the next page is due at the latest, given that the last scrape or an earlier one read every page."""
    name, made = partition_name(slot), statuses.event_log.latest(slot)
    if made is None:
        return f"{name} was never made, and its site lists no pages for it"
    setting, days = _interval(slot[1], run_context)
    due = datetime.fromtimestamp(made_at(made) + days * _DAY)
    return f"{name} is due by {due:%Y-%m-%d %H:%M} ({setting}={days:g})"


def _interval(subfolder: str | None, run_context: RunContext) -> tuple[str, float]:
    """Return the setting for the days after which a page is read again, and its value."""
    if subfolder is None:
        return "LAP_SWEEP_DAYS", run_context.settings.sweep_days
    setting = "LAP_REVISIT_DAYS_NEWEST" if subfolder == _NEWEST else "LAP_REVISIT_DAYS"
    return setting, revisit_days(run_context, subfolder)
