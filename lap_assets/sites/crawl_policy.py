"""How politely a site is asked: waits, retries, budgets. Numbers and their arithmetic only; the client obeys them."""

import random
import re
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Final, Self

from lap_assets.core.errors import BudgetSpent

# After each strike the breaker stays open longer: 1 h, 4 h, 12 h, then a day.
BREAKER_HOURS: Final = (1.0, 4.0, 12.0, 24.0)


@dataclass(frozen=True, slots=True)
class CrawlPolicy:
    """Waits in seconds.

    `pause`: shortest and longest wait between two requests. `backoff`: first wait after a transient error, doubled
    each time. `throttled`: first wait after 429 or 503 without Retry-After, doubled too. `longest_wait`: a site that
    asks for more opens the breaker. `attempts`: tries of one address. `failures`: addresses failing in a row that
    mean that the site is down. `request_seconds`: the whole of one request.
    """

    pause: tuple[float, float]
    backoff: float
    throttled: float
    longest_wait: float = 300.0
    attempts: int = 4
    failures: int = 3
    connect_seconds: float = 15.0
    request_seconds: float = 120.0

    @classmethod
    def from_pause(cls, low: float, high: float, *, request_seconds: float) -> Self:
        """Waits that fit the pause: after an error at least the longest pause; a minute when throttled at 1-4 s."""
        return cls((low, high), max(high, 0.02), max(15 * high, 0.1), request_seconds=request_seconds)

    def next_pause(self, crawl_delay: float) -> float:
        """A random wait within the pause, and never under the site's own Crawl-delay."""
        return max(random.uniform(*self.pause), crawl_delay)  # noqa: S311 - no secret in it


@dataclass(slots=True)
class Budget:
    """What one run may spend; None is no limit. The clock starts with the object."""

    requests: int | None = None
    minutes: float | None = None
    spent: int = 0
    _started: float = field(default_factory=time.monotonic)

    def take(self) -> None:
        """Counts one request.

        Raises:
            BudgetSpent: there is none left.
        """
        if self.requests is not None and self.spent >= self.requests:
            raise BudgetSpent(f"the budget of {self.requests} requests is spent; the next run resumes here")
        if self.minutes is not None and time.monotonic() - self._started >= self.minutes * 60:
            raise BudgetSpent(f"the budget of {self.minutes:g} minutes is spent; the next run resumes here")
        self.spent += 1


def retry_after_seconds(header: str | None, now: float) -> float | None:
    """Seconds that a Retry-After header asks for (a number, or an HTTP date); None where it cannot be read."""
    if header is None:
        return None
    if re.fullmatch(r"\s*[0-9]+\s*", header):
        return float(header.strip()[:9])
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - now)
    except (ValueError, OverflowError):
        return None
