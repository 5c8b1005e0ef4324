"""How many requests a site got, by what came of them, and when it last answered as it should."""

import time
from collections import Counter

from lap_assets.sites.state import SiteState

_SUCCESS = "last_success"
_REQUEST = "last_request"
_NOAI = "noai"


class Tally:
    """Counts one run's requests by outcome; `save` adds them to those before."""

    def __init__(self, state: SiteState) -> None:
        self._state = state
        self._counts: Counter[str] = Counter()
        self._success: float | None = None
        self._is_noai_kept = False

    def count(self, outcome: str) -> None:
        """Counts one request."""
        self._counts[outcome] += 1

    def answered(self) -> None:
        """The site answered as it should."""
        self._success = time.time()

    def forbids_ai(self, words: str) -> None:
        """Keeps, once a run, that the site's pages ask not to be used for AI, in these words."""
        if not self._is_noai_kept:
            self._state.put(_NOAI, {"at": time.time(), "words": words})
            self._is_noai_kept = True

    def save(self) -> None:
        """Adds what was counted to the state."""
        now = time.time()
        with self._state.transaction() as db:
            db.executemany(
                "INSERT INTO requests VALUES (?1, ?2, ?3)"
                " ON CONFLICT (outcome) DO UPDATE SET count = count + ?2, last = ?3",
                [(outcome, count, now) for outcome, count in self._counts.items()],
            )
            if self._counts:
                self._state.put(_REQUEST, now)
            if self._success is not None:
                self._state.put(_SUCCESS, self._success)
        self._counts.clear()


def requests(state: SiteState) -> dict[str, int]:
    """Requests so far, by outcome, the most frequent first."""
    return dict(state.rows("SELECT outcome, count FROM requests ORDER BY count DESC, outcome"))


def last_request(state: SiteState) -> float | None:
    """When a run last asked the site something (Unix seconds)."""
    when: float | None = state.get(_REQUEST)
    return when


def last_success(state: SiteState) -> float | None:
    """When the site last answered with a page or picture that could be used (Unix seconds)."""
    when: float | None = state.get(_SUCCESS)
    return when


def noai(state: SiteState) -> tuple[float, str] | None:
    """When a page last asked not to be used for AI, and its words; None where none did."""
    kept = state.get(_NOAI)
    return (kept["at"], kept["words"]) if kept else None
