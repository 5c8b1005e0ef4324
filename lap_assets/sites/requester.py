"""Requests within the crawl policy: pauses, budget, robots.txt, redirects, retries."""

import time
from collections.abc import Callable
from typing import Final

import httpx

from lap_assets.core.errors import Disallowed, NothingListens, PageFailed, ScrapeInterrupted
from lap_assets.sites import robots
from lap_assets.sites.addresses import Site, origin, request_url
from lap_assets.sites.crawl_policy import Budget, CrawlPolicy
from lap_assets.sites.patience import Patience
from lap_assets.sites.state import SiteState
from lap_assets.sites.tally import Tally
from lap_assets.sites.waiting import wait
from lap_assets.sites.wire import Reply, Trouble, Wire

_REDIRECTS: Final = 5
_ROBOTS_LIMIT: Final = 16 * 2**20
_LISTED: Final = {200: "ok", 404: "not found"}


class Requester:
    """Requests addresses of one site, one after the other."""

    def __init__(
        self,
        site: Site,
        state: SiteState,
        policy: CrawlPolicy,
        wire: Wire,
        *,
        budget: Budget,
        tally: Tally,
        patience: Patience,
        stopping: Callable[[], bool],
    ) -> None:
        self._site = site
        self._state = state
        self._policy = policy
        self._wire = wire
        self._budget = budget
        self._tally = tally
        self._patience = patience
        self._stopping = stopping
        self._robots: dict[str, robots.Robots] = {}
        self._not_before = 0.0

    @property
    def _advice(self) -> str:
        if self._wire.replica is None:
            return "check this machine's network, proxy and name lookup; the site is not to blame"
        return "start `lap replica`, or set LAP_SITES_URL to the address that it prints; the site is not to blame"

    def keep_pause_since(self, last_request: float) -> None:
        """Keep the pause also between the previous run's last request (Unix seconds) and this run's first."""
        since = max(0.0, time.time() - last_request)
        self._not_before = time.monotonic() + max(0.0, self._policy.next_pause(0.0) - since)

    async def wait(self, seconds: float) -> None:
        """Sleep, unless the run is asked to stop.

        Raises:
            ScrapeInterrupted: the run was asked to stop, before or while waiting.
        """
        if not await wait(seconds, self._stopping):
            raise ScrapeInterrupted(f"{self._site}: stopped; the next run resumes here")

    async def fetch(self, url: str, limit: int, *, tries: int) -> Reply:
        """Fetch an address, if robots.txt allows it; return the reply, with status 200 or 404.

        Raises:
            Trouble: all tries failed.
            PageFailed: another try cannot succeed.
            ScrapeStopped: no more requests may go to the site.
        """
        await self._obey_robots(url)
        return await self._try(url, limit, tries)

    async def _try(self, url: str, limit: int, tries: int) -> Reply:
        attempt = 0
        while True:
            try:
                reply = await self._follow(url, limit)
            except Trouble as trouble:
                seconds = self._patience.wait_after(url, trouble, attempt)
                attempt += 1
                if attempt < self._patience.tries(trouble, tries):
                    await self.wait(seconds)
                    continue
                if trouble.is_local:
                    raise NothingListens(f"{self._site}: {trouble}; {self._advice}") from None
                raise
            self._patience.replied()
            return reply

    async def _follow(self, url: str, limit: int) -> Reply:
        is_rules = httpx.URL(url).path == "/robots.txt"  # wherever it leads (RFC 9309, 2.3.1.2)
        for _ in range(_REDIRECTS):
            reply = await self._request(url, limit)
            if reply.location is None:
                return reply
            try:
                url = str(httpx.URL(url).join(reply.location))
                request_url(self._site, url, self._wire.replica)
            except PageFailed as error:
                raise PageFailed(f"redirected: {error}") from None
            except (httpx.InvalidURL, ValueError, TypeError):
                raise PageFailed(f"{url}: redirected to {reply.location[:80]!r}, which is not an address") from None
            if not is_rules:
                await self._obey_robots(url)
        raise PageFailed(f"{url}: redirected more than {_REDIRECTS} times")

    async def _request(self, url: str, limit: int) -> Reply:
        """Send one request and count it by its outcome."""
        await self.wait(self._not_before - time.monotonic())
        self._budget.take()
        outcome = "unusable"
        try:
            reply = await self._wire.ask(url, limit)
            outcome = _LISTED.get(reply.status, "redirect")
        except Trouble as trouble:
            outcome = trouble.outcome
            raise
        finally:
            self._tally.count(outcome)
            delay = max((rules.crawl_delay for rules in self._robots.values()), default=0.0)
            self._not_before = time.monotonic() + self._policy.next_pause(delay)
        return reply

    async def _obey_robots(self, url: str) -> None:
        if self._wire.has_key_for(url):
            return  # robots.txt is for crawlers; the API admits us by our key
        host = origin(url)
        rules = self._robots.get(host)
        if rules is None or not rules.is_current:
            rules = robots.remembered(self._state, host) or await self._fetch_robots(host)
        self._robots[host] = rules
        if not rules.allows(url):
            raise Disallowed(f"{self._site}: robots.txt of {host} {rules.refusal} {url}; no more requests are sent")

    async def _fetch_robots(self, host: str) -> robots.Robots:
        """Fetch a robots.txt. A block page does not count as one; a server error forbids everything for an hour."""
        url, status = f"{host}/robots.txt", 0
        for attempt in range(self._policy.attempts):
            seconds = self._policy.backoff * 2**attempt
            try:
                reply = await self._try(url, _ROBOTS_LIMIT, 1)
                if not robots.is_block_page(reply.body):
                    return robots.remember(self._state, host, reply.status, reply.body)
                seconds = self._patience.blocked(url)
            except Trouble as trouble:
                status = 0 if trouble.is_block else trouble.status
                if not robots.is_unreachable(status):
                    break
            except PageFailed:
                robots.remember(self._state, host, 0, b"")
                raise
            if attempt + 1 < self._policy.attempts:
                await self.wait(seconds)
        return robots.remember(self._state, host, status, b"")
