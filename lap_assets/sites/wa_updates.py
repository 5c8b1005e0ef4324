"""World Art's list of updates: animations that changed since the last check have their pages read again."""

import time
from collections.abc import Sequence
from typing import Final

from lap_assets.core.errors import PageFailed
from lap_assets.sites.client import SiteClient
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.page_records import page_records, record_fetch
from lap_assets.sites.state import SiteState
from lap_assets.sites.wa import UPDATES_PER_PAGE, parse_updates, updates_url

KIND: Final = "updates"
_HEAD: Final = "updates_head"
_LOOKED_AT: Final = "updates_looked_at"


async def note_updates(
    client: SiteClient, state: SiteState, kind: str, most_pages: int, *, since: float | None
) -> None:
    """Make the pages of `kind` due if their animations moved up the list since the last check.

    The list is checked once after `since` (the end of the last whole crawl, in Unix seconds; None: no crawl yet). The
    first check only stores the list. A list with an unexpected layout changes nothing; its outcome is kept.
    """
    looked_at = state.get(_LOOKED_AT)
    if looked_at is not None and (since is None or looked_at > since):
        return
    previous: list[int] = state.get(_HEAD) or []
    now: list[int] = []
    changed: list[int] = []
    for page in range(most_pages if previous else 1):
        outcome, found = await _read(client, page)
        if outcome is not Outcome.OK:
            with state.transaction():
                record_fetch(state, KIND, 0, outcome, None, is_final=False)
                state.put(_LOOKED_AT, time.time())
            return
        now += [wa_id for wa_id in found if wa_id not in now]
        changed = moved_up(now, previous)
        if len(changed) < len(now):
            break
    with state.transaction():
        record_fetch(state, KIND, 0, Outcome.OK, len(changed), is_final=True)
        if previous:
            state.db.executemany(
                "UPDATE pages SET visited_at = NULL WHERE kind = ? AND id = ?", [(kind, wa_id) for wa_id in changed]
            )
        state.put(_LOOKED_AT, time.time())
        state.put(_HEAD, [*now, *(wa_id for wa_id in previous if wa_id not in now)][: most_pages * UPDATES_PER_PAGE])


def last_look(state: SiteState) -> str:
    """Return the outcome of the last check of the list of updates, in words."""
    seen = page_records(state, KIND).get(0)
    if seen is None:
        return "not checked yet"
    if seen.outcome is not Outcome.OK:
        return f"has an unexpected layout ({seen.outcome}): changed animations are not read again"
    return f"{seen.data} animations changed"


def moved_up(now: Sequence[int], previous: Sequence[int]) -> list[int]:
    """Return the shortest head of `now` such that the rest is in the order of `previous`."""
    positions = {wa_id: number for number, wa_id in enumerate(previous)}
    after = len(previous)
    for start in range(len(now), 0, -1):
        position = positions.get(now[start - 1])
        if position is None or position >= after:
            return list(now[:start])
        after = position
    return []


async def _read(client: SiteClient, page: int) -> tuple[Outcome, tuple[int, ...]]:
    try:
        found = await client.read(updates_url(page * UPDATES_PER_PAGE), parse_updates)
    except PageFailed:
        return Outcome.UNKNOWN, ()
    return found.outcome, found.wa_ids
