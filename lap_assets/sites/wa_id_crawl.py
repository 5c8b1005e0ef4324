"""Id crawl of World Art's animation pages: the fields of each animation, and the MAL anime it links to.

Ids are probed upwards until `probe_ids` consecutive ids are missing; the ids in use have a gap of 34. A page is read
once, and again after its animation moved up World Art's list of updates. Missing ids at the end are probed again when a
crawl is due.
"""

import time
from dataclasses import asdict, dataclass

from lap_assets.core.errors import AddressWaits, PageFailed, ScrapeStopped
from lap_assets.core.progress import Advance
from lap_assets.run_context import RunContext
from lap_assets.sites.client import SiteClient
from lap_assets.sites.connection import open_client, open_state
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.page_records import PageRecord, page_records, record_fetch
from lap_assets.sites.state import SiteState
from lap_assets.sites.wa import WA, Animation, animation_url, parse_animation
from lap_assets.sites.wa_updates import note_updates

KIND = "animation"
_CRAWLED_AT, _DAY = "walked_at", 24 * 3600.0
_UNEXPECTED_IN_A_ROW = 10


@dataclass(frozen=True, slots=True)
class WaRow:
    """An animation of World Art; text fields are empty if the page lacks them."""

    wa_id: int
    mal_id: int | None
    title: str
    work_type: str
    genre: str
    release: str
    score: float | None
    top_place: int | None


async def crawl(run_context: RunContext) -> str | None:
    """Read every page that is due; return why it stopped early, or None."""
    with open_state(run_context, WA) as state:
        if not is_due(state, run_context):
            return None
        try:
            async with open_client(run_context, WA, state) as client:
                await note_updates(client, state, KIND, run_context.settings.update_pages, since=state.get(_CRAWLED_AT))
                with run_context.progress.task("World Art animations, pages", None) as advance:
                    failed = await _crawl(client, state, run_context.settings.probe_ids, advance)
        except ScrapeStopped as stopped:
            return str(stopped)
    return f"wa: {failed} pages could not be read; the next run tries them again" if failed else None


def is_due(state: SiteState, run_context: RunContext) -> bool:
    """Return whether the crawl is unfinished or the last one is too long ago."""
    crawled_at = state.get(_CRAWLED_AT)
    return crawled_at is None or not 0 <= time.time() - crawled_at < run_context.settings.sweep_days * _DAY


def catalog(state: SiteState) -> list[WaRow]:
    """Return all known animations, by id."""
    seen = page_records(state, KIND).values()
    return [WaRow(**record.data) for record in seen if record.data is not None]


async def _crawl(client: SiteClient, state: SiteState, probe_ids: int, advance: Advance) -> int:
    known = page_records(state, KIND)
    highest = max((wa_id for wa_id, record in known.items() if record.data is not None), default=0)
    crawled_at = state.get(_CRAWLED_AT)
    failed = unexpected = 0
    wa_id = 1
    while wa_id <= highest + probe_ids:
        if not _is_read(known.get(wa_id), wa_id > highest, crawled_at):
            outcome = await _fetch(client, state, wa_id, known.get(wa_id))
            if outcome is Outcome.OK:
                highest = max(highest, wa_id)
            unexpected = unexpected + 1 if outcome is Outcome.UNKNOWN else 0
            failed += outcome is Outcome.UNKNOWN
            if unexpected >= _UNEXPECTED_IN_A_ROW:
                raise ScrapeStopped(
                    f"wa: {unexpected} consecutive pages, up to id {wa_id}, had an unexpected layout; stopping"
                )
            advance(1)
        wa_id += 1
    if not failed:
        state.put(_CRAWLED_AT, time.time())
    return failed


def _is_read(record: PageRecord | None, probing: bool, crawled_at: float | None) -> bool:
    """Return whether a page needs no fetch: it was read, and a missing id at the end since the last whole crawl."""
    if record is None or record.visited_at is None:
        return False
    return not probing or record.visited_at > (crawled_at or 0.0)


async def _fetch(client: SiteClient, state: SiteState, wa_id: int, known: PageRecord | None) -> Outcome | None:
    """Read a page. A field or MAL link that disappeared is kept: only a new value replaces it."""
    try:
        with client.reading(KIND, wa_id):
            page = await client.read(animation_url(wa_id), parse_animation)
    except AddressWaits:
        return None  # the crawl does not wait for it: a later one reads it
    except PageFailed:
        page = Animation(Outcome.UNKNOWN, wa_id)
    previous = known.data if known is not None and known.data is not None else {}
    shown = {key: value for key, value in asdict(page).items() if key != "outcome"}
    fields = {key: value if value not in (None, "") else previous.get(key, value) for key, value in shown.items()}
    is_final = page.outcome in (Outcome.OK, Outcome.NOT_FOUND)
    with state.transaction():
        record_fetch(state, KIND, wa_id, page.outcome, fields, is_final=is_final)
    return page.outcome
