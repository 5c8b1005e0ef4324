"""`lap sites`: each site's health as lines for people; `lap sites reset` forgets its breaker and waits."""

from lap_assets.core.errors import InputError, moment
from lap_assets.core.locks import held
from lap_assets.run_context import RunContext
from lap_assets.sites import breaker
from lap_assets.sites.connection import open_state
from lap_assets.sites.health import HostState, SiteHealth, site_health
from lap_assets.sites.specs import site_specs


def sites_health(run_context: RunContext) -> list[SiteHealth]:
    """Return the health of every site."""
    return [site_health(spec, run_context) for spec in site_specs()]


def reset_site(run_context: RunContext, key: str) -> list[str]:
    """Forget the site's breaker, the waits of its addresses and its robots.txt; return what was forgotten.

    Raises:
        InputError: there is no such site.
        LockHeld: a scrape of the site is running.
    """
    specs = {spec.key: spec for spec in site_specs()}
    if key not in specs:
        raise InputError(f"{key!r}: not a site; expected one of {', '.join(specs)}")
    with (
        held(run_context.home.state / f"{key}.lock", wait=False),
        open_state(run_context, specs[key].site) as state,
    ):
        return breaker.reset(state)


def lines_of(health: SiteHealth) -> list[str]:
    """Return a site's health as lines for people."""
    lines = [f"{health.title} ({health.site})", f"  last success: {_when(health.last_success)}"]
    if health.breaker is None:
        lines.append("  breaker: closed")
    else:
        opened = health.breaker
        lines.append(
            f"  breaker: OPEN since {moment(opened.opened_at)}, closes {moment(opened.until)}: {opened.reason}"
        )
    lines += [f"  robots.txt: {_rules(one)}" for one in health.robots] or ["  robots.txt: not read yet"]
    if health.against_ai:
        lines.append(f"  its pages ask not to be used for AI ({health.against_ai})")
    lines.append(f"  requests: {_counts(health.requests)}")
    lines.append(f"  pages: {_counts(health.pages)}")
    lines += [f"  unfinished {one}: {one.unfinished}" for one in health.scrapes if one.unfinished]
    lines.append(f"  cannot be read: {len(health.failing) or 'nothing'}")
    lines += [
        f"    {one.address}: {one.reason}; since {moment(one.since)}, {one.tries} tries, "
        f"next after {moment(max(one.until, one.tried_at))}"
        for one in health.failing
    ]
    return lines


def _when(seconds: float | None) -> str:
    return "never" if seconds is None else moment(seconds)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {outcome}" for outcome, count in counts.items()) or "none"


def _rules(one: HostState) -> str:
    if one.forbidden_until is not None:
        status = one.status or "none"
        return f"{one.host}: not available (status {status}); no requests before {moment(one.forbidden_until)}"
    line = f"{one.host}: read {moment(one.read_at)}, status {one.status}"
    if one.crawl_delay > one.crawl_delay_kept:
        return f"{line}; asks for {one.crawl_delay:g} s between requests, LAP keeps {one.crawl_delay_kept:g} s"
    return f"{line}; {one.crawl_delay:g} s between requests" if one.crawl_delay else line
