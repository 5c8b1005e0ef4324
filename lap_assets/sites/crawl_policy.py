"""How politely a site is asked: waits, retries, budgets. Numbers and their arithmetic only; the client obeys them."""

import random
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, Self

from lap_assets.core.errors import BudgetSpent

_LONGEST_SECONDS: Final = 999_999_999.0
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# After each strike the breaker stays open longer: 1 h, 4 h, 12 h, then a day.
BREAKER_HOURS: Final = (1.0, 4.0, 12.0, 24.0)


@dataclass(frozen=True, slots=True)
class CrawlPolicy:
    """Waits in seconds.

    `pause`: shortest and longest wait between two requests. `backoff`: first wait after a transient error, doubled
    each time. `throttled`: first wait after 403, 429 or 503 without Retry-After, doubled too. `longest_wait`: a site
    that asks for more opens the breaker, for `longest_break` at most; a Crawl-delay counts no further. `attempts`:
    tries of one address. `failures`: different addresses failing in a row that mean that the site is down.
    `request_seconds`: the whole of one request.
    """

    pause: tuple[float, float]
    backoff: float
    throttled: float
    longest_wait: float = 300.0
    longest_break: float = 24 * 3600.0
    attempts: int = 4
    failures: int = 3
    connect_seconds: float = 15.0
    request_seconds: float = 120.0

    @classmethod
    def from_pause(cls, low: float, high: float, **others: float) -> Self:
        """Waits that fit the pause: after an error at least the longest pause; a minute when throttled at 1-4 s."""
        return cls((low, high), max(high, 0.02), max(15 * high, 0.1), **others)  # type: ignore[arg-type]

    def next_pause(self, crawl_delay: float) -> float:
        """A random wait within the pause, and never under the site's own Crawl-delay, up to the longest wait."""
        return max(random.uniform(*self.pause), min(crawl_delay, self.longest_wait))  # noqa: S311 - no secret in it


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
    """Seconds that a Retry-After header asks for; None where it cannot be read.

    A number, several (the largest counts), or a date as HTTP, asctime or ISO 8601 write it; without a zone it is UTC.
    """
    if header is None:
        return None
    words = [word.strip() for word in header[:200].split(",")]
    if all(re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", word) for word in words):
        return min(max(float(word) for word in words), _LONGEST_SECONDS)
    moment = _date(header[:200].strip())
    if moment is None:
        return None
    return max(0.0, (moment - _EPOCH).total_seconds() - now)


def _date(text: str) -> datetime | None:
    """A moment with its zone; None where the text is not a date, or one that no clock shows."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None
