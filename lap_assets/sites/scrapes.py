"""Results of the last scrape of each asset, kept in its site's state: why it is unfinished, rows now and before."""

import time
from dataclasses import dataclass

from lap_assets.run_context import RunContext
from lap_assets.sites.connection import open_state
from lap_assets.sites.specs import site_specs
from lap_assets.sites.state import SiteState

_PREFIX = "scrape "


@dataclass(frozen=True, slots=True)
class LastScrape:
    """The last scrape of a partition: its end (Unix seconds), why it is unfinished, rows now and before."""

    asset: str
    partition: str | None
    at: float
    unfinished: str | None
    rows: int
    rows_before: int | None

    def __str__(self) -> str:
        return self.asset if self.partition is None else f"{self.asset} [{self.partition}]"


def note_scrape(state: SiteState, asset: str, partition: str | None, unfinished: str | None, rows: int) -> None:
    """Record the result of a scrape; `unfinished`: why pages are left to read, or None."""
    key = f"{_PREFIX}{asset} {partition or ''}"
    previous = state.get(key)
    state.put(
        key,
        {
            "asset": asset, "partition": partition, "at": time.time(), "unfinished": unfinished, "rows": rows,
            "rows_before": previous["rows"] if previous else None,
        },
    )  # fmt: skip


def last_scrapes(state: SiteState) -> list[LastScrape]:
    """Return the last scrape of each asset and partition of this site."""
    keys = state.rows("SELECT key FROM meta WHERE key LIKE ? ORDER BY key", f"{_PREFIX}%")
    return [LastScrape(**kept) for (key,) in keys if (kept := state.get(key))]


def last_scrape(state: SiteState, asset: str, partition: str | None) -> LastScrape | None:
    """Return the last scrape of this asset and partition; None if there was none."""
    kept = state.get(f"{_PREFIX}{asset} {partition or ''}")
    return LastScrape(**kept) if kept else None


def unfinished_scrapes(run_context: RunContext) -> list[LastScrape]:
    """Return the scrapes of all sites that stopped early and were not resumed yet."""
    found: list[LastScrape] = []
    for spec in site_specs():
        with open_state(run_context, spec.site) as state:
            found += [one for one in last_scrapes(state) if one.unfinished]
    return found
