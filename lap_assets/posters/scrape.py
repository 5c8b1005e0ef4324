"""Scrape the posters of one partition from one site: read the pages that are due, fetch missing pictures.

Progress is saved after every page. The content at a picture's address never changes, so a complete stored file is never
requested again. Pictures that a page no longer lists are marked as delisted, and kept. A page that lists fewer pictures
than before is accepted only at the second reading. Pages whose fetch is not final are fetched once more at the end of
the run. Pages that failed before come last, and are not due before their wait is over (`sites.failures`), so that
unreadable pages do not block others.
"""

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from lap_assets.core.errors import ScrapeStopped
from lap_assets.core.subfolders import subfolder_of
from lap_assets.posters import picture_rows as rows
from lap_assets.posters.aside import releases_with, set_aside_posters
from lap_assets.posters.page_scraper import PageScraper
from lap_assets.run_context import RunContext
from lap_assets.sites.addresses import Site
from lap_assets.sites.connection import open_client, open_state
from lap_assets.sites.failures import WAITING_TRIES, failing_pages
from lap_assets.sites.page_records import due_pages
from lap_assets.sites.ratings import Rating, ids_rated
from lap_assets.sites.spec import PosterPage
from lap_assets.sites.state import SiteState

_DAY: Final = 24 * 3600.0
_UNEXPECTED_IN_A_ROW: Final = 10
_FEW: Final = 5
"""Number of unreadable pages below which their share means little."""


@dataclass(slots=True)
class ScrapeReport:
    """Result of a scrape. `pending`: pages still due; `stopped`: why it ended early or is unreliable.

    `set_aside`: posters removed from the store because their anime is rated Rx; `releases`: the number of these posters
    in each release.
    """

    pages: int = 0
    fetched: int = 0
    requests: int = 0
    pending: int = 0
    stopped: str | None = None
    set_aside: list[str] = field(default_factory=list)
    releases: dict[str, int] = field(default_factory=dict)


async def scrape(
    run_context: RunContext, site: Site, kind: str, pages: Sequence[PosterPage], *, title: str, revisit_days: float
) -> ScrapeReport:
    """Update the posters of the `pages` that are due."""
    report = ScrapeReport()
    before = _due_before(revisit_days)  # fixed at the start: a page read in this run is not due again in it
    with open_state(run_context, site) as state:
        if waiting := _due(run_context, state, kind, pages, before):
            scraper = PageScraper(run_context, state, kind)
            report = await _fetch_all(run_context, site, scraper, waiting, title=title)
        report.pending = len(_due(run_context, state, kind, pages, before, unless_known=True))
        report.stopped = report.stopped or _mostly_failing(state, kind, pages)
        if site.rates:
            folders = sorted({subfolder_of(page.mal_id) for page in pages})
            report.set_aside = set_aside_posters(run_context.home, ids_rated(state, Rating.RX), folders)
            report.releases = releases_with(run_context.home, report.set_aside)
    return report


def count_due(run_context: RunContext, site: Site, kind: str, pages: Sequence[PosterPage], revisit_days: float) -> int:
    """Return how many of `pages` a scrape would fetch now."""
    with open_state(run_context, site) as state:
        return len(_due(run_context, state, kind, pages, _due_before(revisit_days)))


def _mostly_failing(state: SiteState, kind: str, pages: Sequence[PosterPage]) -> str | None:
    """Return a message if most of the pages fail repeatedly, which means that the site has changed; else None."""
    failing = failing_pages(state, kind)
    lost = [page for page in pages if page.page in failing and failing[page.page].tries >= WAITING_TRIES]
    if len(lost) < _FEW or 2 * len(lost) <= len(pages):
        return None
    reason = failing[lost[0].page].reason
    return f"{len(lost)} of {len(pages)} pages cannot be read ({reason}); `lap sites` shows which"


def _due_before(revisit_days: float) -> float:
    return time.time() - revisit_days * _DAY


def _due(
    run_context: RunContext,
    state: SiteState,
    kind: str,
    pages: Sequence[PosterPage],
    before: float,
    *,
    unless_known: bool = False,
) -> list[PosterPage]:
    """Return the due pages, those that failed before at the end. `unless_known`: without repeatedly failing ones."""
    anime = [page.mal_id for page in pages]
    incomplete = rows.pages_with_missing(state, anime)
    due_ids = set(due_pages(state, kind, [page.page for page in pages], before=before))
    due_ids |= rows.pages_with_lost_files(state, anime, run_context.home) | incomplete
    failing = failing_pages(state, kind)
    due_ids -= {page for page, one in failing.items() if one.waits or (unless_known and one.tries >= WAITING_TRIES)}
    due = [page for page in pages if page.page in due_ids]
    return sorted(due, key=lambda page: page.page in failing or page.page in incomplete)


async def _fetch_all(
    run_context: RunContext, site: Site, scraper: PageScraper, waiting: list[PosterPage], *, title: str
) -> ScrapeReport:
    report = ScrapeReport()
    unexpected = 0
    try:
        async with open_client(run_context, site, scraper.state) as client:
            with run_context.progress.task(title, len(waiting)) as advance:
                queue, again = deque(waiting), set[int]()
                while queue:
                    page = queue.popleft()
                    try:
                        fetch = await scraper.fetch(client, page)
                    finally:
                        report.requests, report.fetched = client.budget.spent, scraper.pictures.fetched
                    unexpected = unexpected + 1 if fetch.unexpected else 0
                    if unexpected >= _UNEXPECTED_IN_A_ROW:
                        raise ScrapeStopped(
                            f"{site}: {unexpected} consecutive pages had an unexpected layout; stopping"
                        )
                    if not fetch.is_final and page.page not in again:
                        again.add(page.page)
                        queue.append(page)
                        continue
                    report.pages += 1
                    advance(1)
    except ScrapeStopped as stopped:
        report.stopped = str(stopped)
    return report
