"""The breaker: once a site has blocked us, no run asks it anything before the time that is written down here."""

import time

from lap_assets.sites.errors import SiteBlocked
from lap_assets.sites.manners import BREAKER_HOURS
from lap_assets.sites.routes import Site
from lap_assets.sites.state import SiteState

_KEY = "breaker"


def check(state: SiteState, site: Site) -> None:
    """Passes where the breaker is closed or its time is over.

    Raises:
        SiteBlocked: it is open.
    """
    kept = state.get(_KEY)
    if kept and kept["until"] > time.time():
        raise SiteBlocked(site, kept["reason"], kept["until"])


def trip(state: SiteState, site: Site, reason: str, *, seconds: float | None = None) -> SiteBlocked:
    """Opens the breaker, longer with each time in a row (or for `seconds`, if the site said so); returns the error."""
    kept = state.get(_KEY)
    strikes = kept["strikes"] if kept else 0
    hours = BREAKER_HOURS[min(strikes, len(BREAKER_HOURS) - 1)]
    until = time.time() + max(seconds or 0.0, hours * 3600 if seconds is None else 0.0)
    state.put(_KEY, {"until": until, "reason": reason, "strikes": strikes + 1})
    return SiteBlocked(site, reason, until)


def close(state: SiteState) -> None:
    """The site answers as it should again: forget the strikes."""
    if state.get(_KEY) is not None:
        state.drop(_KEY)
