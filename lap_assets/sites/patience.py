"""When to leave a site alone: how long to wait after a failed try, and when to open the breaker.

The breaker opens if a site asks for a long wait, keeps throttling, shows a known block page, or if different addresses
fail one after the other without a success in between. A single failing address never opens it.
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
_KNOWN_FAILURES: Final = 10  # consecutive failures of addresses that failed before: weaker evidence against the site


class Patience:
    """Counts the failures of one run at one site."""

    def __init__(self, state: SiteState, site: Site, policy: CrawlPolicy) -> None:
        self._state = state
        self._site = site
        self._policy = policy
        self._failing: set[str] = set()
        self._known_failing = 0
        self._blocks_in_a_row = 0

    def tries(self, trouble: Trouble, tries: int) -> int:
        """Return how often to try an address after this trouble: more if a local program may be restarting."""
        return max(tries, _REFUSED_TRIES) if trouble.is_local else 1 if trouble.is_permanent else tries

    def wait_after(self, url: str, trouble: Trouble, attempt: int) -> float:
        """Return the seconds to wait after the failed try number `attempt` (from 0).

        Raises:
            SiteBlocked: the site asked for a longer wait than allowed, or showed more block pages than tolerated.
        """
        if trouble.is_local:
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
        """Return the seconds to wait after a block; `block`: its kind, in words.

        Raises:
            SiteBlocked: `tolerated_blocks` of the site is reached.
        """
        self._blocks_in_a_row += 1
        if self._blocks_in_a_row >= self._site.tolerated_blocks:
            raise breaker.trip(self._state, self._site, f"{block} came for {url}")
        return self._policy.throttled

    def failed(self, url: str, trouble: Trouble, *, is_known: bool) -> None:
        """Count an address that was given up. `is_known`: it failed before, so the site is probably not at fault.

        Raises:
            SiteBlocked: the site is down, or keeps throttling.
        """
        if is_known:
            self._known_failing += 1
        else:
            self._failing.add(_ROWS_ASKED.sub("", url))  # the same page with fewer rows counts once
        if trouble.status == _ENOUGH:
            raise self._trip(url, str(trouble))
        if len(self._failing) >= self._policy.failures or self._known_failing >= _KNOWN_FAILURES:
            count = len(self._failing) + self._known_failing
            raise self._trip(url, f"{trouble}, the last of {count} addresses that failed one after the other")

    def replied(self) -> None:
        """Forget the counted failures: some address was answered, so the site is up."""
        self._failing.clear()
        self._known_failing = 0

    def answered(self) -> None:
        """Forget the counted blocks: a page came that is not a block page."""
        self._blocks_in_a_row = 0

    def _trip(self, url: str, reason: str, *, seconds: float | None = None) -> SiteBlocked:
        return breaker.trip(self._state, self._site, f"{url}: {reason}", seconds=seconds)
