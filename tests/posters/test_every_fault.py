"""Every kind of fault over a real socket: known data stays, the run reports the trouble, the final result is equal."""

import asyncio
import shutil
import time
from collections.abc import Iterator

import pytest

from lap_assets.replica.catalog import Catalog
from lap_assets.replica.fault_kinds import KINDS, fault
from lap_assets.run_context import RunContext
from lap_assets.sites import mal_listing_crawl, wa_id_crawl
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.wa import WA
from tests.posters.scraping import Scraped, outcome, problems_of, run
from tests.sites.stand import Stand, animation, anime, standing
from tests.slow import mostly_slow

CATALOG = Catalog(
    5,
    (anime(1, 101, 102, 103), anime(2, 201), anime(3), anime(4, 401, rx=True), anime(5, 501, 502)),
    (animation(1, 1, 1, 2), animation(2, 2, 5), animation(7, 5, 3)),
)
QUICK = {"probe_ids": 3, "request_seconds": 0.25, "sweep_days": 0}
# The others differ only in the status.
SHOWN = [kind for kind in KINDS if not kind.endswith("-wait") or kind == "429-wait"]
UNSEEN = {"flipped"}  # a changed picture is undetectable as long as it decodes
Catalogs = tuple[list[tuple[int, str, bool]], list[wa_id_crawl.WaRow]]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with standing(CATALOG, tmp_path_factory.mktemp("faults")) as running:
        yield running


@pytest.fixture(scope="module")
def whole(served: Stand) -> tuple[RunContext, Scraped, Catalogs]:
    """A home scraped without faults, and its contents."""
    work = served.run_context("whole", **QUICK)
    assert visited(work) == []
    return work, outcome(work), catalogs(work)


@pytest.fixture
def stand(served: Stand, whole: object) -> Iterator[Stand]:
    served.log.unlink(missing_ok=True)
    yield served
    served.replica.faults.clear()


def visited(work: RunContext) -> list[str]:
    """Crawl catalogs and posters of both sites once, with everything due; return the reports."""
    reports = [asyncio.run(mal_listing_crawl.crawl(work)), asyncio.run(wa_id_crawl.crawl(work))]
    for site in (MAL, WA):
        report = run(work, site, revisit_days=0)
        reports += [
            report.stopped,
            f"{report.pending} pages are due again" if report.stopped is None and failed(work) else None,
        ]
        reports += [problem for _, problem in problems_of(work, site)]
    return [one for one in reports if one]


def failed(work: RunContext) -> bool:
    with open_state(work, MAL) as mal, open_state(work, WA) as wa:
        return any(
            state.rows("SELECT 1 FROM pages WHERE outcome NOT IN ('ok', 'empty', 'not_found')") for state in (mal, wa)
        )


def catalogs(work: RunContext) -> Catalogs:
    with open_state(work, MAL) as mal, open_state(work, WA) as wa:
        return (
            [(row.mal_id, row.slug, row.excluded) for row in mal_listing_crawl.catalog(mal)],
            wa_id_crawl.catalog(wa),
        )


def an_hour_later(work: RunContext) -> None:
    """Let the time of breakers and of failed addresses pass."""
    for site in (MAL, WA):
        with open_state(work, site) as state:
            with state.transaction() as db:
                db.execute("UPDATE failures SET until = tried_at")
            if kept := state.get("breaker"):
                state.put("breaker", {**kept, "until": time.time() - 1})


def copied(work: RunContext, stand: Stand, name: str) -> RunContext:
    shutil.copytree(work.home.root, stand.folder / name)
    return stand.run_context(name, **QUICK)


@pytest.mark.parametrize("kind", mostly_slow(SHOWN, {"cut", "reset", "html"}))
def test_a_fault_on_everything_loses_nothing_and_is_reported(
    stand: Stand, whole: tuple[RunContext, Scraped, Catalogs], kind: str
) -> None:
    before, scraped, listed = whole
    work = copied(before, stand, f"known {kind}")
    disturbing = fault(kind)
    stand.replica.faults.append(disturbing)
    # One picture is not held yet, so that pictures are requested too (unless the page shows none).
    lost = next(work.home.posters.rglob("MAL00001_0002_000102.jpg"))
    if kind != "no-pictures":
        lost.unlink()
    reports = visited(work)

    assert disturbing.hits
    assert catalogs(work) == listed
    held = outcome(work)
    missing = {lost.name} - held.files.keys()
    assert held.files.keys() | missing == scraped.files.keys()
    assert all(
        body == scraped.files[name] for name, body in held.files.items() if kind not in UNSEEN or name != lost.name
    )
    names = {site: set(held.tables[site]["name"]) | (missing if site == MAL else set()) for site in (MAL, WA)}
    assert names == {site: set(scraped.tables[site]["name"]) for site in (MAL, WA)}
    assert reports or not missing  # everything missing was reported

    stand.replica.faults.clear()
    an_hour_later(work)
    assert visited(work) == [] or visited(work) == []
    assert outcome(work) == scraped or kind in UNSEEN
    assert catalogs(work) == listed


@pytest.mark.slow
def test_occasional_faults_lead_to_an_equal_result(stand: Stand, whole: tuple[RunContext, Scraped, Catalogs]) -> None:
    _, scraped, listed = whole
    work = stand.run_context("fresh", **QUICK)
    disturbing = [fault(kind, share=0.02, seed=1) for kind in SHOWN if kind not in UNSEEN]
    stand.replica.faults.extend(disturbing)
    for _ in range(30):
        an_hour_later(work)
        if not visited(work):
            break
    stand.replica.faults.clear()
    an_hour_later(work)
    visited(work)

    assert sum(one.hits > 0 for one in disturbing) > len(disturbing) / 4
    assert catalogs(work) == listed
    assert outcome(work) == scraped


def test_an_open_breaker_stops_all_requests_to_the_site(
    stand: Stand, whole: tuple[RunContext, Scraped, Catalogs]
) -> None:
    before, scraped, _ = whole
    work = copied(before, stand, "banned")
    stand.replica.faults.append(fault("block"))
    assert any("try again after" in line for line in visited(work))
    asked = len(stand.asked())
    for _ in range(3):
        assert all("try again after" in line or "pages" in line for line in visited(work))
    assert len(stand.asked()) == asked

    stand.replica.faults.clear()
    an_hour_later(work)
    assert visited(work) == []
    assert outcome(work) == scraped
