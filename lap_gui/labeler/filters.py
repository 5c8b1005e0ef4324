"""The filters of images that one key cycles through."""

from collections.abc import Callable
from typing import Final

from lap_gui.labeler.session import LabelSession

Wanted = Callable[[LabelSession, str], bool]

FILTERS: Final[tuple[tuple[str, Wanted], ...]] = (
    ("all", lambda _session, _name: True),
    ("not reviewed", lambda session, name: not session.layer.document.is_reviewed(name)),
    ("reviewed", lambda session, name: session.layer.document.is_reviewed(name)),
    ("with boxes", lambda session, name: session.layer.document.count(name) > 0),
    ("without boxes", lambda session, name: session.layer.document.count(name) == 0),
    ("with suggestions", lambda session, name: session.layer.suggestions.count(name) > 0),
    ("to delete", lambda session, name: name in session.marks),
    ("faulty lines", lambda session, name: session.layer.document.fault(name) is not None),
)


def apply_next(session: LabelSession, current: int) -> int:
    """Apply the next filter that matches any image. Returns its index."""
    for step in range(1, len(FILTERS) + 1):
        index = (current + step) % len(FILTERS)
        wanted = FILTERS[index][1]
        if session.narrow(lambda name, wanted=wanted: wanted(session, name)):  # type: ignore[misc]
            return index
    return 0


def apply(session: LabelSession, index: int) -> bool:
    """Apply a filter again, since labels may have changed. Returns whether it matches any image."""
    wanted = FILTERS[index][1]
    return session.narrow(lambda name: wanted(session, name))
