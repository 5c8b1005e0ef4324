"""The one polite client for both sites: one request in flight, pauses, robots.txt, retries, budget, breaker.

It does not know what pages mean: `read` takes the parser, and acts on its outcome. Addresses are always the sites' real
ones; `addresses` leads them to a replica where one is set.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType, TracebackType
from typing import Final, Protocol, Self, TypeVar

import httpx

from lap_assets.core.errors import Disallowed, PageFailed, Refused, ScrapeInterrupted
from lap_assets.sites import breaker, robots
from lap_assets.sites.addresses import Keys, Site, origin, request_url, site_url
from lap_assets.sites.bodies import ACCEPTED, decode_body
from lap_assets.sites.crawl_policy import Budget, CrawlPolicy, retry_after_seconds
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.state import SiteState

_PAGE_LIMIT: Final = 16 * 2**20
_REDIRECTS: Final = 5
_KEY_REFUSED: Final = (400, 401)
_SLICE: Final = 0.2  # how soon a wait notices that somebody asked to stop


class HasOutcome(Protocol):
    """A parsed page."""

    @property
    def outcome(self) -> Outcome: ...  # noqa: D102


Parsed = TypeVar("Parsed", bound=HasOutcome)


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer: status 200 or 404."""

    url: str
    status: int
    body: bytes


class _Transient(Exception):
    """This try failed; another may not. `wait`: seconds that the site asked for."""

    def __init__(self, reason: str, *, throttled: bool = False, wait: float | None = None) -> None:
        super().__init__(reason)
        self.throttled = throttled
        self.wait = wait


class SiteClient:
    """Asks one site. An async context manager; for one task at a time (a lock sees to it)."""

    def __init__(
        self,
        site: Site,
        state: SiteState,
        policy: CrawlPolicy,
        *,
        agent: str,
        budget: Budget | None = None,
        replica: str | None = None,
        keys: Keys = MappingProxyType({}),
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        """`keys`: headers that go to a host of that name alone."""
        self.site = site
        self._keys = keys
        self.budget = budget or Budget()
        self._state = state
        self._policy = policy
        self._replica = replica
        self._stopping = stopping
        self._robots: dict[str, robots.Robots] = {}
        self._lock = asyncio.Lock()
        self._not_before = 0.0
        self._failed_in_a_row = 0
        self._blocks_in_a_row = 0
        self._http = httpx.AsyncClient(
            headers={"User-Agent": agent, "Accept-Encoding": ACCEPTED},
            timeout=httpx.Timeout(policy.connect_seconds, read=policy.connect_seconds * 2),
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=30),
            trust_env=replica is None,
        )

    async def __aenter__(self) -> Self:
        breaker.check(self._state, self.site)
        # The pause also holds between the last request of the run before and the first of this one.
        last = self._state.get("last_request") or 0.0
        since = max(0.0, time.time() - last)
        self._not_before = time.monotonic() + max(0.0, self._policy.next_pause(0.0) - since)
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        if self.budget.spent:
            self._state.put("last_request", time.time())
        await self._http.aclose()

    async def read(self, url: str, parse: Callable[[bytes, str], Parsed]) -> Parsed:
        """Fetches a page and parses it. Raises: as `read_at`."""
        return (await self.read_at(url, parse))[1]

    async def read_at(self, url: str, parse: Callable[[bytes, str], Parsed]) -> tuple[str, Parsed]:
        """Fetches a page and parses it: the address that it came from, which a redirect changes, and the page.

        A blocked page is tried again as far as the site's habits allow.

        Raises:
            SiteBlocked, BudgetSpent, ScrapeInterrupted, Disallowed: the scrape has to end.
            PageFailed: this page cannot be had now.
        """
        for attempt in range(self._policy.attempts):
            reply = await self.get(url, limit=_PAGE_LIMIT)
            page = parse(reply.body, url)
            if page.outcome is Outcome.BLOCKED:
                await self._blocked(url)
                continue
            if reply.status == 404 and page.outcome is not Outcome.NOT_FOUND:
                await self._wait(self._policy.backoff * 2**attempt)
                continue
            if page.outcome is Outcome.NOT_FOUND and _place(reply.url) != _place(url):
                raise PageFailed(f"{url}: leads to {reply.url}, which does not exist; whether {url} exists is unknown")
            self._answered()
            return reply.url, page
        raise PageFailed(f"{url}: no page to be read in {self._policy.attempts} tries")

    async def get(self, url: str, *, limit: int) -> Reply:
        """Fetches an address, at most `limit` bytes of it; 200 and 404 are answers, all else is tried again.

        Raises: as `read`; PageFailed also where the body is larger than `limit`.
        """
        async with self._lock:
            await self._obey_robots(url)
            return await self._persist(url, limit)

    async def _persist(self, url: str, limit: int) -> Reply:
        """Tries until there is an answer, the tries are used up, or the site turns out to be down or closed to us."""
        trouble = _Transient("not tried")
        for attempt in range(self._policy.attempts):
            try:
                reply = await self._follow(url, limit)
            except _Transient as error:
                trouble = error
                wait = (self._policy.throttled if error.throttled else self._policy.backoff) * 2**attempt
                asked = error.wait if error.wait is not None else wait
                if asked > self._policy.longest_wait:
                    raise breaker.trip(self._state, self.site, f"{url}: {error}", seconds=error.wait) from None
                if attempt + 1 < self._policy.attempts:
                    await self._wait(asked)
            else:
                self._failed_in_a_row = 0
                return reply
        self._failed_in_a_row += 1
        if trouble.throttled or self._failed_in_a_row >= self._policy.failures:
            raise breaker.trip(self._state, self.site, f"{url}: {trouble}")
        raise PageFailed(f"{url}: {trouble}")

    async def _follow(self, url: str, limit: int) -> Reply:
        is_rules = httpx.URL(url).path == "/robots.txt"  # wherever it leads (RFC 9309, 2.3.1.2)
        for _ in range(_REDIRECTS):
            status, body, location = await self._request(url, limit)
            if location is None:
                return Reply(url, status, body)
            url = str(httpx.URL(url).join(location))
            try:
                request_url(self.site, url, self._replica)
            except PageFailed as error:
                raise PageFailed(f"redirected: {error}") from None
            if not is_rules:
                await self._obey_robots(url)
        raise PageFailed(f"{url}: redirected more than {_REDIRECTS} times")

    async def _request(self, url: str, limit: int) -> tuple[int, bytes, str | None]:
        """One request over the wire: status, body, and where a redirect leads (in the sites' real addresses)."""
        address = request_url(self.site, url, self._replica)
        keys = self._keys.get(httpx.URL(url).host)
        await self._wait(self._not_before - time.monotonic())
        self.budget.take()
        try:
            async with (
                asyncio.timeout(self._policy.request_seconds),
                self._http.stream("GET", address, headers=keys) as response,
            ):
                if response.has_redirect_location:
                    return response.status_code, b"", site_url(self.site, response.headers["Location"], self._replica)
                if keys and response.status_code in _KEY_REFUSED:
                    raise Refused(
                        f"{self.site}: {url} answers {response.status_code}: it does not accept {' or '.join(keys)}; "
                        "check the settings"
                    )
                _raise_if_transient(response)
                coding = response.headers.get("Content-Encoding", "")
                return response.status_code, await decode_body(response.aiter_raw(), coding, limit), None
        except PageFailed as error:
            raise PageFailed(f"{url}: {error}") from None
        except TimeoutError:
            raise _Transient(f"no whole answer in {self._policy.request_seconds:g} s") from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise _Transient(str(error) or type(error).__name__) from None
        finally:
            delay = max((rules.crawl_delay for rules in self._robots.values()), default=0.0)
            self._not_before = time.monotonic() + self._policy.next_pause(delay)

    async def _obey_robots(self, url: str) -> None:
        if httpx.URL(url).host in self._keys:
            return  # robots.txt is for crawlers; the API let us in by our key
        host = origin(url)
        rules = self._robots.get(host) or robots.remembered(self._state, host)
        if rules is None:
            reply = await self._fetch_robots(f"{host}/robots.txt")
            rules = robots.remember(self._state, host, reply.status, reply.body)
        self._robots[host] = rules
        if not rules.allows(url):
            raise Disallowed(f"{self.site}: robots.txt of {host} forbids {url}; nothing more is asked of it")

    async def _fetch_robots(self, url: str) -> Reply:
        """Fetches a robots.txt. A block page is none, and one that is missing is asked for twice."""
        reply = await self._persist(url, _PAGE_LIMIT)
        for attempt in range(self._policy.attempts):
            if reply.status == 200 and robots.is_block_page(reply.body):
                await self._blocked(url)
            elif reply.status != 404 or attempt:
                return reply
            reply = await self._persist(url, _PAGE_LIMIT)
        return reply

    async def _blocked(self, url: str) -> None:
        """Bears a block page as far as the site's habits allow."""
        self._blocks_in_a_row += 1
        if self._blocks_in_a_row >= self.site.tolerated_blocks:
            raise breaker.trip(self._state, self.site, f"a block page came for {url}")
        await self._wait(self._policy.throttled)

    async def _wait(self, seconds: float) -> None:
        """Sleeps; somebody who asks to stop is heard at once.

        Raises:
            ScrapeInterrupted: somebody asked to stop, before or while waiting.
        """
        until = time.monotonic() + seconds
        while True:
            if self._stopping():
                raise ScrapeInterrupted(f"{self.site}: stopped; the next run resumes here")
            left = until - time.monotonic()
            if left <= 0:
                return
            await asyncio.sleep(min(_SLICE, left))

    def _answered(self) -> None:
        self._blocks_in_a_row = 0
        breaker.close(self._state)


def _place(url: str) -> bytes:
    """An address without its host."""
    return httpx.URL(url).raw_path


def _raise_if_transient(response: httpx.Response) -> None:
    status = response.status_code
    if status in (200, 404):
        return
    asked = retry_after_seconds(response.headers.get("Retry-After"), time.time())
    raise _Transient(f"status {status}", throttled=status in (403, 429, 503), wait=asked)
