"""The breaker: once a site has blocked us, no run asks it anything before the time recorded here."""

import time

from lap_assets.core.errors import SiteBlocked
from lap_assets.sites.addresses import Site
from lap_assets.sites.crawl_policy import BREAKER_HOURS
from lap_assets.sites.state import SiteState

_KEY = "breaker"


def check(state: SiteState, site: Site) -> None:
    """Passes where the breaker is closed or its time is over.

    Raises:
        SiteBlocked: it is open.
    """
    kept = state.get(_KEY)
    if not kept:
        return
    now, opened = time.time(), kept.get("at")
    if opened is not None and now < opened:  # the clock went back: the whole time again, and no more than that
        kept = {**kept, "at": now, "until": now + kept["until"] - opened}
        state.put(_KEY, kept)
    if kept["until"] > now:
        raise SiteBlocked(site.key, kept["reason"], kept["until"])


def trip(state: SiteState, site: Site, reason: str, *, seconds: float | None = None) -> SiteBlocked:
    """Opens the breaker, longer each time in a row (or for `seconds`, if the site asked so); returns the error."""
    kept = state.get(_KEY)
    strikes = kept["strikes"] if kept else 0
    hours = BREAKER_HOURS[min(strikes, len(BREAKER_HOURS) - 1)]
    now = time.time()
    until = now + (hours * 3600 if seconds is None else seconds)
    state.put(_KEY, {"at": now, "until": until, "reason": reason, "strikes": strikes + 1})
    return SiteBlocked(site.key, reason, until)


def close(state: SiteState) -> None:
    """The site answers as it should again: forget the strikes."""
    if state.get(_KEY) is not None:
        state.drop(_KEY)
