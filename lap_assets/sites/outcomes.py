"""What a fetched page turned out to be: only OK and EMPTY change what a page lists."""

from enum import StrEnum


class Outcome(StrEnum):
    """The outcome of one page."""

    OK = "ok"
    EMPTY = "empty"
    NOT_FOUND = "not_found"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
    MOVED = "moved"  # the site leads to the page of another id

    @property
    def is_conclusive(self) -> bool:
        """Whether the page may change what is known about the anime."""
        return self in (Outcome.OK, Outcome.EMPTY)
