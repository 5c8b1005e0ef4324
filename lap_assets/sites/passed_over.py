"""Pages of a catalog's crawl that cannot be had: passed over, tried once more at its end, given up after some nights.

One address's failure is that address's: a page that fails for ever ends no crawl, and what comes after it is read.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from lap_assets.core.errors import PageFailed
from lap_assets.sites.client import Parsed, SiteClient
from lap_assets.sites.failures import WAITING_TRIES, failure_of, failures
from lap_assets.sites.state import SiteState


@dataclass(slots=True, kw_only=True)
class PassingCrawl:
    """What a crawl passes over; kept in the state file with the rest of its progress.

    `skipped`: where pages begin that could not be had; `is_through`: only these are left; `lost`: how many were given
    up.
    """

    skipped: list[int] = field(default_factory=list)
    is_through: bool = False
    lost: int = 0

    def place(self, following: int) -> int:
        """Where the next page begins; `following`: where it does by the order of the crawl."""
        return self.skipped[0] if self.is_through else following

    def had(self, place: int) -> None:
        """A page came, at once or later."""
        if place in self.skipped:
            self.skipped.remove(place)

    def not_had(self, place: int) -> None:
        """A page did not come: it is skipped, or given up at the second time."""
        if self.is_through:
            self.skipped.remove(place)
            self.lost += 1
        elif place not in self.skipped:
            self.skipped.append(place)

    def is_over(self, is_end: bool) -> bool:
        """Whether nothing is left, where the crawl's own order has come to its end; else what was skipped follows."""
        self.is_through = self.is_through or is_end
        return self.is_through and not self.skipped


async def read_or_pass(
    client: SiteClient, state: SiteState, crawl: PassingCrawl, url: str, parse: Callable[[bytes, str], Parsed]
) -> Parsed | None:
    """A page; None where it cannot be had, and the crawl goes on without it.

    Raises:
        PageFailed: only what was skipped is left, and this page is to be tried again by the next run.
        ScrapeStopped: the scrape has to end.
    """
    try:
        return await client.read(url, parse)
    except PageFailed:
        if crawl.is_through and not is_given_up(state, url):
            raise
        return None


def is_given_up(state: SiteState, url: str) -> bool:
    """Whether an address failed so often in a row that nothing waits for it any more."""
    failure = failure_of(state, url)
    return failure is not None and failure.tries >= WAITING_TRIES


def unread(state: SiteState, beginning: str) -> list[str]:
    """The addresses with this beginning that could not be read, in words; empty where all could."""
    failing = [one for one in failures(state).values() if one.address.startswith(beginning)]
    if not failing:
        return []
    return [
        f"{len(failing)} pages of the catalog could not be read, such as {failing[0].address} ({failing[0].reason})"
    ]
