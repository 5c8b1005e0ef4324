"""Outcomes of fetched pages. Only OK and EMPTY change the recorded contents of a page."""

from enum import StrEnum


class Outcome(StrEnum):
    """The outcome of one page."""

    OK = "ok"
    EMPTY = "empty"
    NOT_FOUND = "not_found"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
    MOVED = "moved"  # the site redirects to the page of another id

    @property
    def is_conclusive(self) -> bool:
        """Whether the page may change what is known about the anime."""
        return self in (Outcome.OK, Outcome.EMPTY)
