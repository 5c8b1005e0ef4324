"""The breaker: once a site has blocked us, no run sends it a request before the time recorded here."""

import time
from dataclasses import dataclass

from lap_assets.core.errors import SiteBlocked
from lap_assets.sites import failures
from lap_assets.sites.addresses import Site
from lap_assets.sites.crawl_policy import BREAKER_HOURS
from lap_assets.sites.state import SiteState

_KEY = "breaker"
_ROOT = "asked_below"


@dataclass(frozen=True, slots=True)
class Breaker:
    """Why and when the breaker opened, and when it closes (Unix seconds); `strikes`: openings in a row."""

    reason: str
    opened_at: float
    until: float
    strikes: int


def opened(state: SiteState) -> Breaker | None:
    """Return the breaker, if it is open now."""
    kept = state.get(_KEY)
    if not kept:
        return None
    now, at = time.time(), kept.get("at")
    if at is not None and now < at:  # the clock was set back: wait the full time again, but not longer
        kept = {**kept, "at": now, "until": now + kept["until"] - at}
        state.put(_KEY, kept)
    if kept["until"] <= now:
        return None
    return Breaker(kept["reason"], kept.get("at") or now, kept["until"], kept["strikes"])


def check(state: SiteState, site: Site) -> None:
    """Check that the breaker is closed.

    Raises:
        SiteBlocked: the breaker is open.
    """
    if (found := opened(state)) is not None:
        raise SiteBlocked(site.key, found.reason, found.until)


def trip(state: SiteState, site: Site, reason: str, *, seconds: float | None = None) -> SiteBlocked:
    """Open the breaker, longer for each strike (or for `seconds`, if the site named a time); return the error."""
    kept = state.get(_KEY)
    strikes = kept["strikes"] if kept else 0
    hours = BREAKER_HOURS[min(strikes, len(BREAKER_HOURS) - 1)]
    now = time.time()
    until = now + (hours * 3600 if seconds is None else seconds)
    state.put(_KEY, {"at": now, "until": until, "reason": reason, "strikes": strikes + 1})
    return SiteBlocked(site.key, reason, until)


def close(state: SiteState) -> None:
    """Close the breaker and forget its strikes, after a valid response."""
    if state.get(_KEY) is not None:
        state.drop(_KEY)


def forget_other_root(state: SiteState, root: str | None) -> None:
    """Forget breaker, waits and robots.txt of another root; `root`: of a replica, or None for the real site."""
    asked = state.get(_ROOT)
    if asked is None or asked["root"] != root:
        if asked is not None:
            reset(state)
        state.put(_ROOT, {"root": root})


def reset(state: SiteState) -> list[str]:
    """Forget the breaker, waiting addresses and robots.txt; return what was forgotten, in words."""
    found = opened(state)
    forgotten = [f"the breaker ({found.reason})"] if found else []
    close(state)
    if waiting := failures.forget_all(state):
        forgotten.append(f"{waiting} addresses that could not be read")
    with state.transaction() as db:
        if db.execute("DELETE FROM meta WHERE key LIKE 'robots %'").rowcount:
            forgotten.append("robots.txt")
    return forgotten
