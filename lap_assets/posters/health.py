"""Health of an asset's scrape, as one sentence and numbers, for the checks in the UI."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from lap_assets.posters.due import revisit_days
from lap_assets.run_context import RunContext
from lap_assets.sites.connection import open_state
from lap_assets.sites.failures import failing_pages
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.page_records import PageRecord, page_records
from lap_assets.sites.scrapes import last_scrape
from lap_assets.sites.spec import SiteSpec
from lap_assets.sites.state import SiteState

_DAY: Final = 24 * 3600.0
_MOST_UNKNOWN: Final = 0.05  # share of the tried pages
_FEW: Final = 20  # pages below which a share means nothing
_COLLAPSE: Final = 0.8  # share of the previous rows
_LATE: Final = 3  # multiple of the age at which a page is due


@dataclass(frozen=True, slots=True)
class ScrapeHealth:
    """Health of a scrape: `doubts` and `facts` in words, `numbers` by name."""

    doubts: Sequence[str]
    facts: Sequence[str]
    numbers: dict[str, float] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        """Whether there is no doubt."""
        return not self.doubts

    @property
    def sentence(self) -> str:
        """Doubts first, then the facts."""
        return "; ".join([*self.doubts, *self.facts])


_NOTHING: Final = ScrapeHealth([], [])


def catalog_health(spec: SiteSpec, run_context: RunContext) -> ScrapeHealth:
    """Return the health of the site's catalog: unreadable pages, rows compared with before, doubts of its `SPEC`."""
    with open_state(run_context, spec.site) as state:
        rows, kind = _rows(state, spec.entry.catalog_asset, None), spec.catalog.page_kind
        shares = _unknown(len(failing_pages(state, kind)), len(page_records(state, kind))) if kind else _NOTHING
        doubts = list(spec.catalog.doubts(state))
    return _joined(shares, rows, ScrapeHealth(doubts, []))


def posters_health(spec: SiteSpec, subfolder: str, upstream: pl.DataFrame, run_context: RunContext) -> ScrapeHealth:
    """Return the health of a subfolder's posters: unreadable pages, rows compared with before, the oldest page."""
    ids = {page.page for page in spec.posters.pages(upstream, subfolder, run_context)}
    with open_state(run_context, spec.site) as state:
        records = {page: one for page, one in page_records(state, spec.posters.page_kind).items() if page in ids}
        failing = failing_pages(state, spec.posters.page_kind).keys() & ids
        bad = {page for page, one in records.items() if one.outcome in (Outcome.UNKNOWN, Outcome.BLOCKED)}
        rows = _rows(state, spec.entry.posters_asset, subfolder)
    return _joined(
        _unknown(len(failing | bad), len(records)), rows, _oldest(records, revisit_days(run_context, subfolder))
    )


def _unknown(unknown: int, tried: int) -> ScrapeHealth:
    share = unknown / tried if tried else 0.0
    text = f"{unknown} of {tried} pages could not be read"
    numbers = {"share of unknown pages": round(share, 4)}
    is_bad = share > _MOST_UNKNOWN and tried >= _FEW
    return ScrapeHealth([text], [], numbers) if is_bad else ScrapeHealth([], [text], numbers)


def _rows(state: SiteState, asset: str, partition: str | None) -> ScrapeHealth:
    last = last_scrape(state, asset, partition)
    if last is None:
        return ScrapeHealth([], ["not scraped yet"])
    doubts = [f"unfinished: {last.unfinished}"] if last.unfinished else []
    numbers: dict[str, float] = {"rows": last.rows}
    if last.rows_before is None:
        return ScrapeHealth(doubts, [f"{last.rows:,} rows"], numbers)
    numbers["rows before"] = last.rows_before
    text = f"{last.rows:,} rows, {last.rows_before:,} before"
    if last.rows < _COLLAPSE * last.rows_before:
        return ScrapeHealth([text, *doubts], [], numbers)
    return ScrapeHealth(doubts, [text], numbers)


def _oldest(records: dict[int, PageRecord], days: float) -> ScrapeHealth:
    read = {page: one.visited_at for page, one in records.items() if one.visited_at is not None}
    if not read:
        return ScrapeHealth([], ["no page was read yet"])
    page, at = min(read.items(), key=lambda one: one[1])
    age = max(0.0, time.time() - at) / _DAY
    text = f"the page read longest ago is {page}, {age:.0f} days ago (due after {days:g})"
    numbers = {"days since the oldest page": round(age, 2)}
    return ScrapeHealth([text], [], numbers) if age > _LATE * max(days, 1) else ScrapeHealth([], [text], numbers)


def _joined(*parts: ScrapeHealth) -> ScrapeHealth:
    doubts = [one for part in parts for one in part.doubts]
    numbers = {name: value for part in parts for name, value in part.numbers.items()}
    return ScrapeHealth(doubts, [one for part in parts for one in part.facts], numbers)
