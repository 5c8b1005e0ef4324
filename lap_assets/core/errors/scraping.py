"""Errors about sites: a scrape that ends early, and an address that cannot be read."""

from datetime import datetime

from lap_assets.core.errors.root import LapError


def moment(seconds: float) -> str:
    """Return a time (Unix seconds) as local time, to the second."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M:%S")


class ScrapeStopped(LapError):
    """The scrape ends early; finished work is kept, and the next run resumes it."""

    exit_status = 3


class SiteBlocked(ScrapeStopped):
    """The site refuses requests or is down; none may be made before `retry_at` (Unix seconds)."""

    def __init__(self, site: str, reason: str, retry_at: float) -> None:
        self.site = site
        self.reason = reason
        self.retry_at = retry_at
        super().__init__(f"{site}: {reason}; try again after {moment(retry_at)}")


class BudgetSpent(ScrapeStopped):
    """The run's requests or minutes are used up."""


class ScrapeInterrupted(ScrapeStopped):
    """The user asked the run to stop."""

    exit_status = 130


class Disallowed(ScrapeStopped):
    """robots.txt forbids an address that the scrape needs."""


class Refused(ScrapeStopped):
    """An API rejects the client id."""


class NothingListens(ScrapeStopped):
    """Nothing listens at an address of this machine (replica or proxy), or it has no network; no site is at fault."""


class PageFailed(LapError):
    """One address could not be read after several attempts; others may work."""


class AddressWaits(PageFailed):
    """An address that failed several times in a row is not requested before `retry_at` (Unix seconds)."""

    def __init__(self, address: str, reason: str, tries: int, since: float, retry_at: float) -> None:
        self.address, self.reason, self.retry_at = address, reason, retry_at
        super().__init__(
            f"{address}: {reason}; failed {tries} times since {moment(since)}, tried again after {moment(retry_at)}"
        )
