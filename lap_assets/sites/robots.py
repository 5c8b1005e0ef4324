"""robots.txt of each host, fetched once a day and always obeyed: what may be requested, and how slowly.

Status 4xx means no file and allows everything; 5xx or no answer forbids everything for an hour (RFC 9309, 2.3.1).
"""

import time
from dataclasses import dataclass
from typing import Final

from lap_assets.core.errors import moment
from lap_assets.sites.blocks import is_block_page
from lap_assets.sites.robots_rules import RobotsRules
from lap_assets.sites.state import SiteState

AGENT: Final = "LAP"
UNREACHABLE_SECONDS: Final = 3600.0
_DAY: Final = 24 * 3600.0
_PREFIX: Final = "robots "

__all__ = [
    "AGENT",
    "HostRules",
    "Robots",
    "all_remembered",
    "is_block_page",
    "is_unreachable",
    "remember",
    "remembered",
]


class Robots:
    """One host's rules for this program. `forbidden_until`: Unix seconds, set while the file cannot be fetched."""

    def __init__(self, text: str, *, at: float = 0.0, status: int = 200, forbidden_until: float | None = None) -> None:
        self._rules = RobotsRules(text, AGENT)
        self.at = at
        self.status = status
        self.forbidden_until = forbidden_until

    def allows(self, url: str) -> bool:
        """Return whether `url` may be requested."""
        return self.forbidden_until is None and self._rules.allows(url)

    @property
    def crawl_delay(self) -> float:
        """Seconds between requests that the host asks for, not capped; 0 if none."""
        return self._rules.crawl_delay

    @property
    def is_current(self) -> bool:
        """Whether the file need not be fetched again; a time of reading in the future is not current."""
        now = time.time()
        return self.at <= now < (self.forbidden_until if self.forbidden_until is not None else self.at + _DAY)

    @property
    def refusal(self) -> str:
        """Why an address is not allowed: the predicate of a message."""
        if self.forbidden_until is None:
            return "forbids"
        came = f"answers {self.status}" if self.status else "does not answer"
        return f"{came}, which until {moment(self.forbidden_until)} forbids"


@dataclass(frozen=True, slots=True)
class HostRules:
    """The stored robots.txt of one host."""

    host: str
    robots: Robots


def is_unreachable(status: int) -> bool:
    """Return whether the file may exist but could not be fetched: overload, a server error, or no answer (0)."""
    return status in (0, 429) or status >= 500


def remembered(state: SiteState, origin: str) -> Robots | None:
    """Return the stored rules of `origin` if they are still current, else None."""
    found = _read(state.get(f"{_PREFIX}{origin}"))
    return found if found is not None and found.is_current else None


def all_remembered(state: SiteState) -> list[HostRules]:
    """Return the last stored rules of every host."""
    keys = state.rows("SELECT key FROM meta WHERE key LIKE ? ORDER BY key", f"{_PREFIX}%")
    found = ((key.removeprefix(_PREFIX), _read(state.get(key))) for (key,) in keys)
    return [HostRules(host, rules) for host, rules in found if rules is not None]


def remember(state: SiteState, origin: str, status: int, body: bytes) -> Robots:
    """Store and return the rules from a host's response: its file, no limits (4xx), or nothing allowed for now."""
    now = time.time()
    kept: dict[str, object] = {"at": now, "status": status, "text": ""}
    if status == 200:
        kept["text"] = body.decode("utf-8", errors="replace")
    elif is_unreachable(status):
        kept["until"] = now + UNREACHABLE_SECONDS
    state.put(f"{_PREFIX}{origin}", kept)
    return Robots(str(kept["text"]), at=now, status=status, forbidden_until=_number(kept.get("until")))


def _read(kept: dict[str, object] | None) -> Robots | None:
    if not kept:
        return None
    status = kept.get("status", 200)
    return Robots(
        str(kept["text"]),
        at=_number(kept["at"]) or 0.0,
        status=status if isinstance(status, int) else 200,
        forbidden_until=_number(kept.get("until")),
    )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
