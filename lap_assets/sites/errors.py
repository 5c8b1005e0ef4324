"""Why a scrape stops before its end. Each says in one line what happened and what to do."""

from datetime import datetime

from lap_assets.sites.routes import Site


class ScrapeStopped(Exception):
    """The scrape ends here; what it has is kept, and the next run goes on from there."""


class SiteBlocked(ScrapeStopped):
    """The site refuses us or is down; no request may be made before `retry_at` (Unix seconds)."""

    def __init__(self, site: Site, reason: str, retry_at: float) -> None:
        self.site = site
        self.reason = reason
        self.retry_at = retry_at
        when = datetime.fromtimestamp(retry_at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        super().__init__(f"{site}: {reason}; try again after {when}")


class BudgetSpent(ScrapeStopped):
    """The run's requests or minutes are used up."""


class Interrupted(ScrapeStopped):
    """Somebody asked the run to stop."""


class Disallowed(ScrapeStopped):
    """robots.txt forbids an address that the scrape needs."""


class Refused(ScrapeStopped):
    """An API does not accept what is to let us in."""


class PageFailed(Exception):
    """One address could not be read, several tries together; others may be."""
