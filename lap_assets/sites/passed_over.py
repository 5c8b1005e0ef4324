"""Catalog pages that cannot be fetched: passed over, retried at the end of the crawl, given up after a few runs.

A failure concerns only its address: a page that always fails does not end a crawl, and later pages are read.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from lap_assets.core.errors import PageFailed
from lap_assets.sites.client import Parsed, SiteClient
from lap_assets.sites.failures import WAITING_TRIES, failure_of, failures
from lap_assets.sites.state import SiteState


@dataclass(slots=True, kw_only=True)
class PassingCrawl:
    """Pages that a crawl passed over, kept in the state file with the rest of its progress.

    `skipped`: start rows of pages that could not be fetched; `is_through`: only these are left; `lost`: number of
    pages given up.
    """

    skipped: list[int] = field(default_factory=list)
    is_through: bool = False
    lost: int = 0

    def next_start(self, following: int) -> int:
        """Return the start of the next page; `following`: its start in the regular order of the crawl."""
        return self.skipped[0] if self.is_through else following

    def mark_read(self, start: int) -> None:
        """Record that the page at `start` was read, at the first or a later try."""
        if start in self.skipped:
            self.skipped.remove(start)

    def mark_failed(self, start: int) -> None:
        """Record that the page at `start` failed: it is skipped, or given up the second time."""
        if self.is_through:
            self.skipped.remove(start)
            self.lost += 1
        elif start not in self.skipped:
            self.skipped.append(start)

    def is_over(self, is_end: bool) -> bool:
        """Return whether the crawl is over; at the end of its regular order (`is_end`) the skipped pages follow."""
        self.is_through = self.is_through or is_end
        return self.is_through and not self.skipped


async def read_or_pass(
    client: SiteClient, state: SiteState, crawl: PassingCrawl, url: str, parse: Callable[[bytes, str], Parsed]
) -> Parsed | None:
    """Return the parsed page; None if it cannot be fetched and the crawl continues without it.

    Raises:
        PageFailed: only skipped pages are left, and the next run tries this one again.
        ScrapeStopped: the scrape has to end.
    """
    try:
        return await client.read(url, parse)
    except PageFailed:
        if crawl.is_through and not is_given_up(state, url):
            raise
        return None


def is_given_up(state: SiteState, url: str) -> bool:
    """Return whether an address failed so often in a row that nothing waits for it."""
    failure = failure_of(state, url)
    return failure is not None and failure.tries >= WAITING_TRIES


def unread(state: SiteState, beginning: str) -> list[str]:
    """Return a line about addresses with this beginning that could not be read; empty if there are none."""
    failing = [one for one in failures(state).values() if one.address.startswith(beginning)]
    if not failing:
        return []
    return [
        f"{len(failing)} pages of the catalog could not be read, such as {failing[0].address} ({failing[0].reason})"
    ]
