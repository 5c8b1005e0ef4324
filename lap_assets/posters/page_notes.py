"""Notes for the UI about a site's pages without posters: unreadable, deleted and moved pages, by id."""

from collections.abc import Collection
from typing import Final

from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.page_records import moved_pages, page_records
from lap_assets.sites.state import SiteState

_SHOWN: Final = 50


def page_notes(state: SiteState, kind: str, pages: Collection[int]) -> dict[str, int | str]:
    """Return the number and ids of these pages whose last fetch was inconclusive."""
    selected = set(pages)
    last = {page: record.outcome for page, record in page_records(state, kind).items() if page in selected}
    unknown = [page for page, outcome in last.items() if outcome is Outcome.UNKNOWN]
    deleted = [page for page, outcome in last.items() if outcome is Outcome.NOT_FOUND]
    moved = {page: to for page, to in moved_pages(state, kind).items() if last.get(page) is Outcome.MOVED}
    notes: dict[str, int | str] = {"pages not understood": len(unknown)}
    if unknown:
        notes["ids of pages not understood"] = _listed([str(page) for page in unknown])
    if deleted:
        notes["ids that the site deleted"] = _listed([str(page) for page in deleted])
    if moved:
        notes["ids that the site merged into others"] = _listed([f"{page} into {to}" for page, to in moved.items()])
    return notes


def _listed(words: list[str]) -> str:
    return ", ".join(words[:_SHOWN]) + (f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else "")
