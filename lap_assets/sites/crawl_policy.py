"""Crawl policy toward a site: waits, retries, budgets. Numbers and arithmetic only; the client applies them."""

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
# The breaker stays open longer after each strike: 1 h, 4 h, 12 h, then a day.
BREAKER_HOURS: Final = (1.0, 4.0, 12.0, 24.0)


@dataclass(frozen=True, slots=True)
class CrawlPolicy:
    """Waits in seconds.

    `pause`: shortest and longest wait between two requests. `backoff`: first wait after a transient error, doubled
    each time. `throttled`: first wait after 403, 429 or 503 without Retry-After, also doubled. `longest_wait`: a site
    that asks for more opens the breaker, for `longest_break` at most; a longer Crawl-delay is cut to it. `attempts`:
    tries per address. `failures`: number of different addresses failing in a row after which the site counts as down.
    `request_seconds`: limit for one whole request.
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
        """Return a policy whose waits follow from the pause: `high` after an error, 15 × `high` if throttled."""
        return cls((low, high), max(high, 0.02), max(15 * high, 0.1), **others)  # type: ignore[arg-type]

    def next_pause(self, crawl_delay: float) -> float:
        """Return a random wait within the pause, at least the site's Crawl-delay, which is cut to `longest_wait`."""
        return max(random.uniform(*self.pause), min(crawl_delay, self.longest_wait))  # noqa: S311 - not a secret


@dataclass(slots=True)
class Budget:
    """Budget of one run; None is unlimited. The clock starts when the object is created."""

    requests: int | None = None
    minutes: float | None = None
    spent: int = 0
    _started: float = field(default_factory=time.monotonic)

    def take(self) -> None:
        """Count one request.

        Raises:
            BudgetSpent: the budget is spent.
        """
        if self.requests is not None and self.spent >= self.requests:
            raise BudgetSpent(f"the budget of {self.requests} requests is spent; the next run resumes here")
        if self.minutes is not None and time.monotonic() - self._started >= self.minutes * 60:
            raise BudgetSpent(f"the budget of {self.minutes:g} minutes is spent; the next run resumes here")
        self.spent += 1


def retry_after_seconds(header: str | None, now: float) -> float | None:
    """Return the seconds that a Retry-After header asks for; None if it is unreadable.

    The header holds a number, several numbers (the largest counts), or a date in HTTP, asctime or ISO 8601 form; a
    date without a time zone is taken as UTC.
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
    """Return the date as UTC; None if the text is not a valid date."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            found = read(text)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
    return None
