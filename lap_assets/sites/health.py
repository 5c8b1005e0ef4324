"""Health of a site: last success, breaker, robots.txt rules, unreadable addresses, and requests by outcome."""

from dataclasses import asdict, dataclass
from typing import Any

from lap_assets.run_context import RunContext
from lap_assets.sites import breaker, robots, tally
from lap_assets.sites.breaker import Breaker
from lap_assets.sites.connection import open_state
from lap_assets.sites.failures import Failure, failures
from lap_assets.sites.scrapes import LastScrape, last_scrapes
from lap_assets.sites.spec import SiteSpec


@dataclass(frozen=True, slots=True)
class HostState:
    """A host's robots.txt: when it was read (Unix seconds), its status, and the resulting limits.

    `crawl_delay`: seconds that the host asks for; `crawl_delay_kept`: seconds that are kept, cut to `longest_wait`.
    """

    host: str
    read_at: float
    status: int
    crawl_delay: float
    crawl_delay_kept: float
    forbidden_until: float | None


@dataclass(frozen=True, slots=True)
class SiteHealth:
    """Health of a site; times in Unix seconds. `pages`: number of pages read, by outcome."""

    site: str
    title: str
    last_success: float | None
    last_request: float | None
    breaker: Breaker | None
    robots: list[HostState]
    failing: list[Failure]
    requests: dict[str, int]
    pages: dict[str, int]
    scrapes: list[LastScrape]
    against_ai: str | None

    def as_row(self) -> dict[str, Any]:
        """Return the health as a dict of plain values, for JSON."""
        return asdict(self)


def site_health(spec: SiteSpec, run_context: RunContext) -> SiteHealth:
    """Return the site's health from its state file, without any request."""
    longest = run_context.settings.longest_wait
    with open_state(run_context, spec.site) as state:
        noai = tally.noai(state)
        return SiteHealth(
            site=spec.key,
            title=spec.entry.title,
            last_success=tally.last_success(state),
            last_request=tally.last_request(state),
            breaker=breaker.opened(state),
            robots=[_rules(one, longest) for one in robots.all_remembered(state)],
            failing=list(failures(state).values()),
            requests=tally.requests(state),
            pages=dict(state.rows("SELECT outcome, count(*) FROM pages GROUP BY outcome ORDER BY outcome")),
            scrapes=last_scrapes(state),
            against_ai=noai[1] if noai else None,
        )


def notes_since(spec: SiteSpec, run_context: RunContext, began: float) -> list[str]:
    """Return notes for a run that began at `began` (Unix seconds): the site's wishes, and addresses that failed."""
    with open_state(run_context, spec.site) as state:
        noai = tally.noai(state)
        found = [f"{spec.key}: its pages ask not to be used for AI ({noai[1]})"] if noai and noai[0] >= began else []
        for host in robots.all_remembered(state):
            delay, longest = host.robots.crawl_delay, run_context.settings.longest_wait
            if delay > longest and (tally.last_request(state) or 0) >= began:
                found.append(f"{spec.key}: {host.host} asks for {delay:g} s between requests; {longest:g} s are kept")
        if failing := [one for one in failures(state).values() if one.tried_at >= began]:
            found.append(
                f"{spec.key}: {len(failing)} addresses could not be read, such as {failing[0].address} "
                f"({failing[0].reason}); `lap sites` lists them"
            )
    return found


def _rules(one: robots.HostRules, longest: float) -> HostState:
    delay = min(one.robots.crawl_delay, 1e12)  # JSON has no infinity
    kept = min(delay, longest)
    return HostState(one.host, one.robots.at, one.robots.status, delay, kept, one.robots.forbidden_until)
