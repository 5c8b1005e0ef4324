"""When a site has to be left alone: how long to wait after a try that failed, and what opens the breaker.

The breaker opens when a site names a long time, throttles without end, shows a block page that is known, or when
different addresses fail one after the other with no success between. One address that fails opens nothing.
"""

import re
from typing import Final

from lap_assets.core.errors import SiteBlocked
from lap_assets.sites import breaker
from lap_assets.sites.addresses import Site
from lap_assets.sites.crawl_policy import CrawlPolicy
from lap_assets.sites.state import SiteState
from lap_assets.sites.wire import Trouble

_THROTTLED: Final = (403, 429, 503)
_ENOUGH: Final = 429
_REFUSED_TRIES: Final = 6
_REFUSED_WAIT: Final = 0.05
_ROWS_ASKED: Final = re.compile(r"(?<=[?&])limit=[0-9]+&?")
_KNOWN_FAILURES: Final = 10  # in a row, of addresses that failed before: these say less about the site


class Patience:
    """Counts one run's failures toward one site."""

    def __init__(self, state: SiteState, site: Site, policy: CrawlPolicy) -> None:
        self._state = state
        self._site = site
        self._policy = policy
        self._failing: set[str] = set()
        self._known_failing = 0
        self._blocks_in_a_row = 0

    def tries(self, trouble: Trouble, tries: int) -> int:
        """How often to try an address after this trouble: a program on this machine may be starting again."""
        return max(tries, _REFUSED_TRIES) if trouble.is_ours else 1 if trouble.lasts else tries

    def wait_after(self, url: str, trouble: Trouble, attempt: int) -> float:
        """Seconds to wait after the try of that number (from 0) failed.

        Raises:
            SiteBlocked: the site asked for more than a run waits, or it is a known block, borne often enough.
        """
        if trouble.is_ours:
            return _REFUSED_WAIT * float(2**attempt)
        if trouble.wait is not None and trouble.wait > self._policy.longest_wait:
            raise self._trip(url, str(trouble), seconds=min(trouble.wait, self._policy.longest_break))
        if trouble.is_block:
            return self.blocked(url, str(trouble))
        wait = self._policy.throttled if trouble.status in _THROTTLED else self._policy.backoff
        if trouble.wait is not None:
            return trouble.wait
        if wait * 2**attempt > self._policy.longest_wait and trouble.status == _ENOUGH:
            raise self._trip(url, str(trouble))
        return min(float(wait * 2**attempt), self._policy.longest_wait)

    def blocked(self, url: str, block: str = "a block page") -> float:
        """Seconds to wait after a block, whose kind is given in words.

        Raises:
            SiteBlocked: the site's habits allow no more.
        """
        self._blocks_in_a_row += 1
        if self._blocks_in_a_row >= self._site.tolerated_blocks:
            raise breaker.trip(self._state, self._site, f"{block} came for {url}")
        return self._policy.throttled

    def failed(self, url: str, trouble: Trouble, *, is_known: bool) -> None:
        """Counts an address that was given up. `is_known`: it failed in a run before, so it is not the site's fault.

        Raises:
            SiteBlocked: the site is down, or throttles without end.
        """
        if is_known:
            self._known_failing += 1
        else:
            self._failing.add(_ROWS_ASKED.sub("", url))  # a page that fails with fewer rows, too, is one page
        if trouble.status == _ENOUGH:
            raise self._trip(url, str(trouble))
        if len(self._failing) >= self._policy.failures or self._known_failing >= _KNOWN_FAILURES:
            count = len(self._failing) + self._known_failing
            raise self._trip(url, f"{trouble}, the last of {count} addresses that failed one after the other")

    def replied(self) -> None:
        """Some address was answered: the site is there."""
        self._failing.clear()
        self._known_failing = 0

    def answered(self) -> None:
        """A page came that is none of a block."""
        self._blocks_in_a_row = 0

    def _trip(self, url: str, reason: str, *, seconds: float | None = None) -> SiteBlocked:
        return breaker.trip(self._state, self._site, f"{url}: {reason}", seconds=seconds)
