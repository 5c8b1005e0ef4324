"""Scraping the posters of one partition from one site: read the pages that are due, fetch what is not held.

Everything is kept after every page. A picture's content never changes under its address, so a file that is in place
and whole is never asked for again. Pictures that a page no longer lists are marked as delisted, and kept. A page
that lacks something (it lists nothing, or not all that it listed before) is believed at the second reading alone. Pages
whose fetch is not final are fetched once more at the end of the run.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from lap_assets.core.errors import PageFailed, ScrapeStopped
from lap_assets.posters import picture_rows as rows
from lap_assets.posters.picture_fetcher import PictureFetcher, at_once
from lap_assets.run_context import RunContext
from lap_assets.sites.addresses import Site
from lap_assets.sites.client import SiteClient
from lap_assets.sites.connection import open_client, open_state
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.page_records import due_pages, provisional, record_fetch, was_final
from lap_assets.sites.spec import PosterPage
from lap_assets.sites.state import SiteState

_FETCHES: Final = 3  # of a page for a picture that cannot be had; then when the page is due again
_DAY: Final = 24 * 3600.0
_UNEXPECTED_IN_A_ROW: Final = 10


@dataclass(slots=True)
class ScrapeReport:
    """What a scrape did. `pending` pages are still due; `stopped`: why it ended early."""

    pages: int = 0
    fetched: int = 0
    requests: int = 0
    pending: int = 0
    stopped: str | None = None


async def scrape(
    run_context: RunContext, site: Site, kind: str, pages: Sequence[PosterPage], *, title: str, revisit_days: float
) -> ScrapeReport:
    """Brings the posters of `pages` up to date, as far as they are due."""
    report = ScrapeReport()
    with open_state(run_context, site) as state:
        if waiting := _due(run_context, state, kind, pages, revisit_days):
            scraper = _Scraper(run_context, state, kind)
            report = await _fetch_all(run_context, site, scraper, waiting, title=title)
        report.pending = len(_due(run_context, state, kind, pages, revisit_days))
    return report


def count_due(run_context: RunContext, site: Site, kind: str, pages: Sequence[PosterPage], revisit_days: float) -> int:
    """How many of `pages` a scrape would fetch now."""
    with open_state(run_context, site) as state:
        return len(_due(run_context, state, kind, pages, revisit_days))


def _due(
    run_context: RunContext, state: SiteState, kind: str, pages: Sequence[PosterPage], revisit_days: float
) -> list[PosterPage]:
    before = time.time() - revisit_days * _DAY
    wanted = set(due_pages(state, kind, [page.page for page in pages], before=before))
    wanted |= rows.pages_with_lost_files(state, [page.mal_id for page in pages], run_context.home)
    return [page for page in pages if page.page in wanted]


async def _fetch_all(
    run_context: RunContext, site: Site, scraper: "_Scraper", waiting: list[PosterPage], *, title: str
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


@dataclass(frozen=True, slots=True)
class _Fetch:
    """How the fetch of a page ended. `is_final`: none is needed until it is due; `unexpected`: its layout was."""

    is_final: bool
    unexpected: bool = False


class _Scraper:
    """Fetches pages one after the other; a picture is checked while the next one is fetched."""

    def __init__(self, run_context: RunContext, state: SiteState, kind: str) -> None:
        self.state = state
        self.pictures = PictureFetcher(run_context.home, run_context.settings.picture_limits)
        self._home = run_context.home
        self._kind = kind

    async def fetch(self, client: SiteClient, page: PosterPage) -> _Fetch:
        """Reads one page and fetches its new pictures; keeps both in one transaction."""
        try:
            outcome, names = await page.read(client)
        except PageFailed:
            outcome, names = Outcome.UNKNOWN, ()
        if not outcome.is_conclusive:
            with self.state.transaction():
                record_fetch(self.state, self._kind, page.page, outcome, None, is_final=outcome is Outcome.NOT_FOUND)
            return _Fetch(outcome is Outcome.NOT_FOUND, unexpected=outcome is Outcome.UNKNOWN)
        known = rows.known(self.state, page.mal_id)
        jobs: list[asyncio.Task[rows.Fetched]] = []
        stopped: BaseException | None = None
        try:
            for name in dict.fromkeys(names):
                if (held := known.get(name)) is None or not self._home.poster(name).exists():
                    jobs.append(await self.pictures.obtain(client, name, page.image_urls(name)))
                elif held.delisted:
                    jobs.append(asyncio.create_task(at_once(replace(held, delisted=False))))
        except ScrapeStopped as error:
            stopped = error
        ended = await asyncio.gather(*jobs, return_exceptions=True)
        fetched = [one for one in ended if isinstance(one, rows.Fetched)]
        stopped = stopped or next((one for one in ended if isinstance(one, BaseException)), None)
        if stopped is not None:  # what came is kept, so that it is not asked for again; the page stays due
            with self.state.transaction():
                rows.keep(self.state, page.page, fetched)
            raise stopped
        listed = {str(name) for name in names}
        emptied = not listed and bool(rows.present(self.state, page.page, page.mal_id))
        with self.state.transaction():
            rows.keep(self.state, page.page, fetched)
            is_final = self._is_believed(page, listed)
            if is_final:
                rows.mark_delisted(self.state, page.page, page.mal_id, listed)
            is_final = is_final and not rows.is_wanting(self.state, page.page, page.mal_id, listed, _FETCHES)
            record_fetch(self.state, self._kind, page.page, outcome, sorted(listed), is_final=is_final)
        return _Fetch(is_final, unexpected=emptied)

    def _is_believed(self, page: PosterPage, listed: AbstractSet[str]) -> bool:
        """Whether to believe what a page lacks: the reading before, if it was not final, showed no more than this one.

        A site that is overloaded or blocks says "no pictures" on otherwise normal pages.
        """
        if listed >= rows.present(self.state, page.page, page.mal_id) and (
            listed or was_final(self.state, self._kind, page.page)
        ):
            return True
        before = provisional(self.state, self._kind, page.page)
        return before is not None and listed >= set(before)
