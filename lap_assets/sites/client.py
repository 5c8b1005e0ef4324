"""The one polite client for both sites: one request in flight, and a policy for addresses that cannot be read.

It does not know what pages mean: `read` takes a parser and acts on its outcome. Addresses are always those of the
real sites; `addresses` maps them to a replica if one is set. A failure is recorded for its address (`failures`) or, if
different addresses fail one after the other, for the site (`breaker`).
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import MappingProxyType, TracebackType
from typing import Final, Protocol, Self, TypeVar

import httpx

from lap_assets.core.errors import PageFailed
from lap_assets.sites import breaker, failures, tally
from lap_assets.sites.addresses import Keys, Site
from lap_assets.sites.blocks import is_block_page
from lap_assets.sites.crawl_policy import Budget, CrawlPolicy
from lap_assets.sites.markup import forbids_ai
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.patience import Patience
from lap_assets.sites.requester import Requester
from lap_assets.sites.state import SiteState
from lap_assets.sites.wire import Reply, Trouble, Wire

_PAGE_LIMIT: Final = 16 * 2**20


class HasOutcome(Protocol):
    """A parsed page."""

    @property
    def outcome(self) -> Outcome: ...  # noqa: D102


Parsed = TypeVar("Parsed", bound=HasOutcome)


class SiteClient:
    """Client of one site. An async context manager; a lock serializes its requests."""

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
        """`keys`: headers by host name, sent to that host alone."""
        self.site = site
        self.budget = budget or Budget()
        self._state = state
        self._policy = policy
        self._replica = replica
        self._lock = asyncio.Lock()
        self._page: failures.Page | None = None
        self._tally = tally.Tally(state)
        self._patience = Patience(state, site, policy)
        self._wire = Wire(site, policy, agent=agent, replica=replica, keys=keys)
        self._requester = Requester(
            site, state, policy, self._wire,
            budget=self.budget, tally=self._tally, patience=self._patience, stopping=stopping,
        )  # fmt: skip

    async def __aenter__(self) -> Self:
        breaker.forget_other_root(self._state, self._replica)
        breaker.check(self._state, self.site)
        self._requester.keep_pause_since(tally.last_request(self._state) or 0.0)
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self._tally.save()
        await self._wire.close()

    async def read(self, url: str, parse: Callable[[bytes, str], Parsed]) -> Parsed:
        """Fetch a page and parse it. Raises: as `read_at`."""
        return (await self.read_at(url, parse))[1]

    async def read_at(self, url: str, parse: Callable[[bytes, str], Parsed]) -> tuple[str, Parsed]:
        """Fetch a page and parse it; return the address it came from, after redirects, and the parsed page.

        A blocked page is retried up to the site's `tolerated_blocks`.

        Raises:
            ScrapeStopped: the scrape has to end: blocked, budget spent, interrupted, disallowed, no replica.
            PageFailed: this page cannot be fetched now; AddressWaits if it is too early for another try.
        """
        for attempt in range(self._policy.attempts):
            reply = await self._get(url, _PAGE_LIMIT)
            page = parse(reply.body, url)
            if page.outcome is Outcome.BLOCKED or (page.outcome is Outcome.UNKNOWN and is_block_page(reply.body)):
                await self._requester.wait(self._patience.blocked(url))
            elif reply.status == 404 and page.outcome is not Outcome.NOT_FOUND:
                await self._requester.wait(self._policy.backoff * 2**attempt)
            elif page.outcome is Outcome.NOT_FOUND and _path(reply.url) != _path(url):
                raise self.give_up(
                    url, f"leads to {reply.url}, which does not exist; it is unknown whether {url} exists"
                )
            else:
                self._note_page(url, page.outcome, reply.body)
                return reply.url, page
        raise self.give_up(url, f"no readable page in {self._policy.attempts} tries")

    async def get(self, url: str, *, limit: int) -> Reply:
        """Fetch a file that is not a page, at most `limit` bytes; any status other than 200 and 404 is retried.

        Raises: as `read_at`; PageFailed also if the body is larger than `limit`.
        """
        for _ in range(self._policy.attempts):
            reply = await self._get(url, limit)
            if not is_block_page(reply.body):
                return reply
            await self._requester.wait(self._patience.blocked(url))
        raise self.give_up(url, f"a block page in each of {self._policy.attempts} tries")

    @contextmanager
    def reading(self, kind: str, page: int) -> Iterator[None]:
        """Attribute requests in the block to this page: failures are recorded under its id and its address."""
        self._page = (kind, page)
        try:
            yield
        finally:
            self._page = None

    def give_up(self, url: str, reason: str) -> PageFailed:
        """Record that the address cannot be read now, and the reason; return the error."""
        plain = reason.removeprefix(f"{url}: ")
        failures.note(self._state, url, plain, self._page)
        return PageFailed(f"{url}: {plain}")

    def succeeded(self, url: str) -> None:
        """Record that the response from the address was usable."""
        failures.forget(self._state, url, self._page)
        self._tally.answered()

    def _note_page(self, url: str, outcome: Outcome, body: bytes) -> None:
        self._patience.answered()
        breaker.close(self._state)
        if outcome is Outcome.UNKNOWN:
            failures.note(self._state, url, "the page has an unexpected layout", self._page, waits=False)
            return
        self.succeeded(url)
        if (words := forbids_ai(body)) is not None:
            self._tally.forbids_ai(words)

    async def _get(self, url: str, limit: int) -> Reply:
        async with self._lock:
            known = failures.check(self._state, url)
            try:
                return await self._requester.fetch(url, limit, tries=1 if known else self._policy.attempts)
            except PageFailed as error:
                raise self.give_up(url, str(error)) from None
            except Trouble as trouble:
                failure = self.give_up(url, str(trouble))
                self._patience.failed(url, trouble, is_known=known is not None)
                raise failure from None


def _path(url: str) -> bytes:
    """Return an address without its host."""
    return httpx.URL(url).raw_path
