"""Number of requests to a site, by outcome, and the time of its last valid response."""

import time
from collections import Counter

from lap_assets.sites.state import SiteState

_SUCCESS = "last_success"
_REQUEST = "last_request"
_NOAI = "noai"


class Tally:
    """Counts one run's requests by outcome; `save` adds them to the state."""

    def __init__(self, state: SiteState) -> None:
        self._state = state
        self._counts: Counter[str] = Counter()
        self._success: float | None = None
        self._is_noai_kept = False

    def count(self, outcome: str) -> None:
        """Count one request."""
        self._counts[outcome] += 1

    def answered(self) -> None:
        """Note that the site gave a valid response now."""
        self._success = time.time()

    def forbids_ai(self, words: str) -> None:
        """Store, once per run, the words with which the site's pages ask not to be used for AI."""
        if not self._is_noai_kept:
            self._state.put(_NOAI, {"at": time.time(), "words": words})
            self._is_noai_kept = True

    def save(self) -> None:
        """Add the counts to the state."""
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
    """Return the number of requests so far by outcome, the most frequent first."""
    return dict(state.rows("SELECT outcome, count FROM requests ORDER BY count DESC, outcome"))


def last_request(state: SiteState) -> float | None:
    """Return the time of the last run with requests to the site (Unix seconds)."""
    when: float | None = state.get(_REQUEST)
    return when


def last_success(state: SiteState) -> float | None:
    """Return the time of the last usable page or picture from the site (Unix seconds)."""
    when: float | None = state.get(_SUCCESS)
    return when


def noai(state: SiteState) -> tuple[float, str] | None:
    """Return when a page last asked not to be used for AI, and its words; None if none did."""
    kept = state.get(_NOAI)
    return (kept["at"], kept["words"]) if kept else None
