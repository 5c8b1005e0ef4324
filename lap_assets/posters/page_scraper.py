"""Update one page of posters: read it, fetch its new pictures, record its contents.

The consequences of each outcome and rating for the posters belong here; `scrape` selects the pages.
"""

import asyncio
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from lap_assets.core.errors import AddressWaits, PageFailed, ScrapeStopped
from lap_assets.posters import picture_rows as rows
from lap_assets.posters.picture_fetcher import PictureFetcher, at_once
from lap_assets.run_context import RunContext
from lap_assets.sites.client import SiteClient
from lap_assets.sites.failures import failing_pages
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.page_records import last_outcome, note_moved, provisional, record_fetch, was_final
from lap_assets.sites.ratings import Rating, learn
from lap_assets.sites.spec import PageReading, PosterPage
from lap_assets.sites.state import SiteState


@dataclass(frozen=True, slots=True)
class Fetch:
    """Result of fetching a page. `is_final`: no further fetch until it is due; `unexpected`: the layout is."""

    is_final: bool
    unexpected: bool = False


class PageScraper:
    """Fetches pages one after the other; a picture is checked while the next one is fetched."""

    def __init__(self, run_context: RunContext, state: SiteState, kind: str) -> None:
        self.state = state
        self.pictures = PictureFetcher(run_context.home, run_context.settings.picture_limits)
        self._home = run_context.home
        self._kind = kind

    async def fetch(self, client: SiteClient, page: PosterPage) -> Fetch:
        """Read one page and, if its anime may be published, fetch its new pictures; record both in one transaction."""
        is_known = page.page in failing_pages(self.state, self._kind)
        try:
            with client.reading(self._kind, page.page):
                reading = PageReading(*await page.read(client))
        except AddressWaits:
            return Fetch(is_final=True)
        except PageFailed:  # the breaker counts these; an unexpected layout is reported only when new
            is_known, reading = True, PageReading(Outcome.UNKNOWN)
        if not reading.outcome.is_conclusive:
            fetch = self._inconclusive(page, reading)
            return replace(fetch, unexpected=fetch.unexpected and not is_known)
        rating = self._learn(page, reading)
        if rating is Rating.UNKNOWN:  # neither this page nor an earlier one has the anime's rating
            return self._inconclusive(page, PageReading(Outcome.UNKNOWN))
        if rating in (Rating.RX, Rating.UNRATED):
            with self.state.transaction():
                self._record(page, reading.outcome, None, is_final=True)
            return Fetch(is_final=True)
        fetched = await self._obtain(client, page, reading)
        return self._keep(page, reading, fetched)

    def _learn(self, page: PosterPage, reading: PageReading) -> Rating | None:
        """Record the page's rating; return the rating that counts for its anime, None on a site without ratings."""
        if reading.rating is None:
            return None
        with self.state.transaction():
            return learn(self.state, page.mal_id, reading.rating)

    def _inconclusive(self, page: PosterPage, reading: PageReading) -> Fetch:
        """Record an inconclusive page. It changes nothing, unless the site reports a deletion for the second time."""
        outcome = reading.outcome
        is_final = outcome in (Outcome.NOT_FOUND, Outcome.MOVED)
        with self.state.transaction():
            if outcome is Outcome.NOT_FOUND and rows.present(self.state, page.page, page.mal_id):
                is_final = last_outcome(self.state, self._kind, page.page) is Outcome.NOT_FOUND
                if is_final:
                    rows.mark_delisted(self.state, page.page, page.mal_id, frozenset())
            self._record(page, outcome, None, is_final=is_final)
            if reading.moved_to is not None:
                note_moved(self.state, self._kind, page.page, reading.moved_to)
        return Fetch(is_final, unexpected=outcome is Outcome.UNKNOWN)

    async def _obtain(self, client: SiteClient, page: PosterPage, reading: PageReading) -> list[rows.Fetched]:
        """Fetch the pictures that are not held.

        Raises:
            ScrapeStopped: pictures fetched so far are recorded, so that they are not requested again; the page stays
                due.
        """
        known = rows.known(self.state, page.mal_id)
        jobs: list[asyncio.Task[rows.Fetched]] = []
        stopped: BaseException | None = None
        try:
            for name in dict.fromkeys(reading.names):
                if (held := known.get(name)) is None or not self._home.poster(name).exists():
                    linked = reading.addresses.get(name)
                    jobs.append(await self.pictures.obtain(client, name, [linked] if linked else page.image_urls(name)))
                elif held.delisted:
                    jobs.append(asyncio.create_task(at_once(replace(held, delisted=False))))
        except ScrapeStopped as error:
            stopped = error
        ended = await asyncio.gather(*jobs, return_exceptions=True)
        fetched = [one for one in ended if isinstance(one, rows.Fetched)]
        stopped = stopped or next((one for one in ended if isinstance(one, BaseException)), None)
        if stopped is not None:
            with self.state.transaction():
                rows.keep(self.state, page.page, fetched)
            raise stopped
        return fetched

    def _keep(self, page: PosterPage, reading: PageReading, fetched: list[rows.Fetched]) -> Fetch:
        listed = {str(name) for name in reading.names}
        emptied = not listed and bool(rows.present(self.state, page.page, page.mal_id))
        with self.state.transaction():
            rows.keep(self.state, page.page, fetched)
            is_final = self._is_believed(page, listed)
            if is_final:
                rows.mark_delisted(self.state, page.page, page.mal_id, listed)
            is_final = is_final and not rows.has_missing(self.state, page.page, page.mal_id, listed)
            self._record(page, reading.outcome, sorted(listed), is_final=is_final)
        return Fetch(is_final, unexpected=emptied)

    def _record(self, page: PosterPage, outcome: Outcome, listed: list[str] | None, *, is_final: bool) -> None:
        record_fetch(self.state, self._kind, page.page, outcome, listed, is_final=is_final)

    def _is_believed(self, page: PosterPage, listed: AbstractSet[str]) -> bool:
        """Return whether the page is accepted: it lacks no known picture, or the last provisional fetch lacked it too.

        An overloaded or blocking site says "no pictures" on otherwise normal pages.
        """
        if listed >= rows.present(self.state, page.page, page.mal_id) and (
            listed or was_final(self.state, self._kind, page.page)
        ):
            return True
        previous = provisional(self.state, self._kind, page.page)
        return previous is not None and listed >= set(previous)
