"""robots.txt of each host: read once a day, obeyed always."""

import time
from typing import Any, Final

from protego import Protego

from lap_assets.sites.markup import looks_blocked, select, title_of
from lap_assets.sites.state import SiteState

AGENT: Final = "LAP"
_DAY: Final = 24 * 3600.0


class Robots:
    """The rules of one host for this program."""

    def __init__(self, text: str) -> None:
        self._rules: Any = Protego.parse(text)

    def allows(self, url: str) -> bool:
        """Whether `url` may be asked for."""
        return bool(self._rules.can_fetch(url, AGENT))

    @property
    def crawl_delay(self) -> float:
        """Seconds between requests that the host asks for; 0 where it asks for none."""
        return float(self._rules.crawl_delay(AGENT) or 0.0)


def is_block_page(body: bytes) -> bool:
    """Whether a page that refuses us came in place of the rules."""
    text = body.decode("utf-8", errors="replace")
    return text.lstrip().startswith("<") and looks_blocked(text, title_of(select(text)))


def remembered(state: SiteState, origin: str) -> Robots | None:
    """Today's rules of `origin`, if they were read already."""
    kept = state.get(f"robots {origin}")
    return Robots(kept["text"]) if kept and 0 <= time.time() - kept["at"] < _DAY else None


def remember(state: SiteState, origin: str, status: int, body: bytes) -> Robots:
    """Keeps what the host answered: its rules, or freedom where it has no such file (RFC 9309, 2.3.1.3)."""
    text = body.decode("utf-8", errors="replace") if status == 200 else ""
    state.put(f"robots {origin}", {"at": time.time(), "text": text})
    return Robots(text)
