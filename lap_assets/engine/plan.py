"""What has to run, and why: the rules behind `lap run`, `lap refresh`, `lap status` and automation.

A reason is a status (missing, stale, failed), due work that no upstream change reveals (pages to read again, unfinished
scrapes, lost files), or newer decisions from the review tools.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from lap_assets.core.verdicts.log import read_verdicts
from lap_assets.duplicates.verdict_table import verdicts_table
from lap_assets.engine.graph import AssetPartition, Step
from lap_assets.engine.status import GraphStatus, Status
from lap_assets.labels.refined import FILES, refined_table
from lap_assets.metadata import PARTIAL, UNFINISHED
from lap_assets.posters.due import catalog_due, due_pages
from lap_assets.resources import table_path
from lap_assets.run_context import RunContext
from lap_assets.sites.scrapes import unfinished_scrapes
from lap_assets.sites.spec import SiteSpec
from lap_assets.sites.specs import site_specs
from lap_assets.table_files import read_table
from lap_assets.versions import content_version

StaleReasons = Callable[[Step, GraphStatus], tuple[str, ...]]
"""Returns why a step has to run, in words; empty if everything that it makes is up to date."""


def stale_reasons_for(run_context: RunContext, *, scrapes: bool) -> StaleReasons:
    """Return the reasons from status and people's decisions; with `scrapes`, also from due pages and lost files."""
    also = partial(due_work if scrapes else review_changes, run_context=run_context)

    def reasons(step: Step, statuses: GraphStatus) -> tuple[str, ...]:
        found: list[str] = []
        for slot in step.slots:
            status = statuses.of(slot)
            if status.status is Status.FAILED:
                found.extend(f"another try: {reason}" for reason in status.reasons)
            elif status.status is not Status.FRESH:
                found.extend(status.reasons or (status.status.value,))
            if status.status is not Status.MISSING:
                found.extend(also(slot, statuses))
        return tuple(dict.fromkeys(found))

    return reasons


@dataclass(slots=True)
class Forecast:
    """What a pass would run: steps with reasons now, and steps that follow if the results of the former change."""

    certain: dict[Step, tuple[str, ...]] = field(default_factory=dict)
    possible: list[Step] = field(default_factory=list)


def forecast(steps: Sequence[Step], statuses: GraphStatus, reasons: StaleReasons) -> Forecast:
    """Predict a pass over `steps`, which are in the graph's order: each after the steps that it needs."""
    ahead = Forecast()
    affected: set[AssetPartition] = set()
    for step in steps:
        if found := reasons(step, statuses):
            ahead.certain[step] = found
        elif step.needs & affected:
            ahead.possible.append(step)
        else:
            continue
        affected.update(step.slots)
    return ahead


def as_rows(steps: Iterable[Step]) -> list[dict[str, object]]:
    """Return steps as rows for scripts."""
    return [{"assets": list(step.assets), "partition": step.partition} for step in steps]


def due_work(slot: AssetPartition, statuses: GraphStatus, run_context: RunContext) -> tuple[str, ...]:
    """Return why this partition is out of date although no input changed; empty if it is not."""
    if lost := _lost(slot, statuses, run_context):
        return (lost,)
    return _reason(_scrape_checks(), slot, statuses, run_context) or review_changes(slot, statuses, run_context)


def review_changes(slot: AssetPartition, statuses: GraphStatus, run_context: RunContext) -> tuple[str, ...]:
    """Return a reason if people's decisions or labels have changed since this partition was made; else empty."""
    return _reason(_FILES, slot, statuses, run_context)


def _reason(
    checks: "Mapping[str, _Check]", slot: AssetPartition, statuses: GraphStatus, run_context: RunContext
) -> tuple[str, ...]:
    check = checks.get(slot[0])
    reason = check(slot, statuses, run_context) if check else None
    return (reason,) if reason else ()


def _scrape_checks() -> dict[str, "_Check"]:
    """Return the checks of the assets that ask a site, and of the release."""
    specs = site_specs()
    catalogs: dict[str, _Check] = {spec.entry.catalog_asset: partial(_catalog, spec) for spec in specs}
    posters: dict[str, _Check] = {spec.entry.posters_asset: partial(_pages, spec) for spec in specs}
    return catalogs | posters | {"lap_dataset": _partial_release}


def _partial_release(slot: AssetPartition, statuses: GraphStatus, run_context: RunContext) -> str | None:
    """Return a reason if the last release was made with unfinished scrapes and these are finished now."""
    is_due = statuses.metadata(slot, PARTIAL) is not None and not unfinished_scrapes(run_context)
    return "the last release is partial, and its scrapes are finished now" if is_due else None


def _catalog(spec: SiteSpec, slot: AssetPartition, statuses: GraphStatus, run_context: RunContext) -> str | None:
    return catalog_due(spec, run_context) or _unfinished(slot, statuses)


def _pages(spec: SiteSpec, slot: AssetPartition, statuses: GraphStatus, run_context: RunContext) -> str | None:
    upstream, subfolder = spec.posters.upstream, str(slot[1])
    source = (upstream, None if upstream == spec.entry.catalog_asset else subfolder)
    path = table_path(run_context.home.tables, *source)
    if statuses.table_problem(source):
        return _unfinished(slot, statuses)
    count = due_pages(spec, subfolder, read_table(path), run_context) if path.exists() else 0
    return f"{count} pages are due" if count else _unfinished(slot, statuses)


def _verdicts(slot: AssetPartition, statuses: GraphStatus, run_context: RunContext) -> str | None:
    table = verdicts_table(read_verdicts([run_context.home.verdicts / f"{slot[1]}.jsonl"]))
    return "people decided since" if content_version(table).value != statuses.version(slot) else None


def _labels(slot: AssetPartition, statuses: GraphStatus, run_context: RunContext) -> str | None:
    path = table_path(run_context.home.tables, "resized_images", slot[1])
    if not path.exists() or statuses.table_problem(("resized_images", slot[1])):
        return None
    refined = refined_table(slot[0], str(slot[1]), read_table(path), run_context.home)
    return "people labeled since" if content_version(refined.table).value != statuses.version(slot) else None


def _lost(slot: AssetPartition, statuses: GraphStatus, run_context: RunContext) -> str | None:
    """Return a reason if images of this partition were deleted; lost tables are part of the status."""
    if slot[0] != "resized_images" or statuses.version(slot) is None or statuses.table_problem(slot):
        return None
    folder = run_context.home.images / str(slot[1])
    present = {one.name for one in folder.iterdir()} if folder.is_dir() else set()
    missing = set(read_table(table_path(run_context.home.tables, *slot), ["name"])["name"]) - present
    return f"{len(missing)} images are missing" if missing else None


def _unfinished(slot: AssetPartition, statuses: GraphStatus) -> str | None:
    why = statuses.metadata(slot, UNFINISHED)
    return f"unfinished: {why}" if why else None


_Check = Callable[[AssetPartition, GraphStatus, RunContext], str | None]
_FILES: Final[Mapping[str, _Check]] = {"review_verdicts": _verdicts, **dict.fromkeys(FILES, _labels)}
