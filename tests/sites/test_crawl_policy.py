"""The client's crawl policy: one request at a time, with pauses, within robots.txt and budget."""

import asyncio
from itertools import pairwise

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from lap_assets.core.errors import BudgetSpent, Disallowed, ScrapeInterrupted, SettingsError
from lap_assets.replica import faults
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.sites import mal
from lap_assets.sites.connection import open_client, open_state, user_agent
from lap_assets.sites.crawl_policy import Budget, CrawlPolicy, retry_after_seconds
from lap_assets.sites.mal import MAL
from tests.sites.stand import Stand

LISTING = mal.listing_url(0)


async def read_times(stand: Stand, run_context: RunContext, times: int, policy: CrawlPolicy) -> None:
    async with stand.client(run_context, policy=policy) as client:
        for _ in range(times):
            await client.read(LISTING, mal.parse_listing)


def gaps(stand: Stand) -> list[float]:
    return [after.start - before.end for before, after in pairwise(stand.asked())]


def test_pauses_are_kept_within_a_run_and_between_two_runs(stand: Stand) -> None:
    policy = CrawlPolicy(pause=(0.06, 0.09), backoff=0.01, throttled=0.01)
    work = stand.run_context()
    for _ in range(2):
        asyncio.run(read_times(stand, work, 2, policy))

    assert len(stand.asked()) == 5  # robots.txt is read once
    assert min(gaps(stand)) >= 0.06


def test_pauses_are_kept_after_errors_too(stand: Stand) -> None:
    stand.replica.faults.append(faults.status(500, pattern="anime", first=2))
    asyncio.run(read_times(stand, stand.run_context(), 1, CrawlPolicy(pause=(0.06, 0.06), backoff=0.0, throttled=0.0)))
    assert [one.status for one in stand.asked()] == [200, 500, 500, 200]
    assert min(gaps(stand)) >= 0.06


def test_requests_of_one_client_never_overlap(stand: Stand) -> None:
    stand.replica.faults.append(faults.slow(0.03, pattern="show="))
    work = stand.run_context()

    async def at_once() -> None:
        async with stand.client(work) as client:
            await asyncio.gather(*(client.get(mal.listing_url(show), limit=10**6) for show in range(4)))

    asyncio.run(at_once())
    assert len(stand.asked()) == 5
    assert min(gaps(stand)) >= 0


def test_two_runs_never_use_a_site_at_once(stand: Stand) -> None:
    stand.replica.faults.append(faults.slow(0.05, pattern="show="))
    work = stand.run_context()

    async def run(show: int) -> None:
        with open_state(work, MAL) as state:
            async with open_client(work, MAL, state) as client:
                await client.read(mal.listing_url(show), mal.parse_listing)

    async def both() -> None:
        runs = [asyncio.to_thread(asyncio.run, run(show)) for show in (0, 50)]
        await asyncio.gather(*runs)

    asyncio.run(both())
    assert len(stand.paths("mal")) == 2
    assert min(gaps(stand)) >= 0


def test_addresses_forbidden_by_robots_txt_are_not_requested(stand: Stand) -> None:
    work = stand.run_context()

    async def forbidden() -> None:
        async with stand.client(work) as client:
            with pytest.raises(Disallowed, match=r"robots\.txt of https://myanimelist\.net forbids .*/modules\.php"):
                await client.get("https://myanimelist.net/modules.php?go=report", limit=1000)
            await client.get(LISTING, limit=10**6)

    asyncio.run(forbidden())
    asyncio.run(forbidden())
    assert [one.path for one in stand.asked()].count("/robots.txt") == 1
    assert stand.paths() == [LISTING.removeprefix("https://myanimelist.net")] * 2


def test_robots_txt_is_fetched_from_each_host(stand: Stand) -> None:
    work = stand.run_context()

    async def picture() -> None:
        async with stand.client(work) as client:
            await client.get(LISTING, limit=10**6)
            reply = await client.get("https://cdn.myanimelist.net/images/anime/2/101l.jpg", limit=10**7)
            assert reply.body.startswith(b"\xff\xd8")

    asyncio.run(picture())
    assert [(one.site, one.path) for one in stand.asked() if one.path == "/robots.txt"] == [
        ("mal", "/robots.txt"),
        ("mal-cdn", "/robots.txt"),
    ]


def test_a_crawl_delay_is_kept(stand: Stand) -> None:
    async def slow_rules(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("User-agent: *\nCrawl-delay: 0.08\n")(scope, receive, send)

    stand.replica.faults.append(faults.Fault(slow_rules, "robots"))
    asyncio.run(read_times(stand, stand.run_context(), 3, CrawlPolicy(pause=(0, 0), backoff=0, throttled=0)))
    assert min(gaps(stand)[1:]) >= 0.08


def test_the_agent_names_the_project_and_a_contact(stand: Stand) -> None:
    heard: list[bytes] = []

    async def listen(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        heard.append(dict(scope["headers"])[b"user-agent"])
        await app(scope, receive, send)

    stand.replica.faults.append(faults.Fault(listen))
    work = stand.run_context(contact="owner@example.org")

    async def read() -> None:
        with open_state(work, MAL) as state:
            async with open_client(work, MAL, state) as client:
                await client.read(LISTING, mal.parse_listing)

    asyncio.run(read())
    assert len(heard) == 2
    assert all(agent.startswith(b"LAP/") and b"owner@example.org" in agent for agent in heard)


def test_the_real_sites_are_not_used_without_a_contact(stand: Stand) -> None:
    with pytest.raises(SettingsError, match="LAP_CONTACT is not set"):
        user_agent(RunContext(Settings(sites_url=None, contact="")))
    assert "a@b.c" in user_agent(RunContext(Settings(sites_url=None, contact="a@b.c")))


def test_a_budget_of_requests_stops_exactly_there(stand: Stand) -> None:
    async def spend(budget: Budget) -> None:
        async with stand.client(stand.run_context(), budget=budget) as client:
            while True:
                await client.read(LISTING, mal.parse_listing)

    for asked in (4, 8):
        with pytest.raises(BudgetSpent, match="budget of 4 requests is spent; the next run resumes here"):
            asyncio.run(spend(Budget(requests=4)))
        assert len(stand.asked()) == asked


def test_retries_count_against_the_budget(stand: Stand) -> None:
    stand.replica.faults.append(faults.status(500, pattern="show="))

    async def spend() -> None:
        async with stand.client(stand.run_context(), budget=Budget(requests=3)) as client:
            await client.read(LISTING, mal.parse_listing)

    with pytest.raises(BudgetSpent):
        asyncio.run(spend())
    assert len(stand.asked()) == 3


def test_spent_minutes_stop_the_run_before_a_request(stand: Stand) -> None:
    async def spend() -> None:
        async with stand.client(stand.run_context(), budget=Budget(minutes=1e-9)) as client:
            await client.read(LISTING, mal.parse_listing)

    with pytest.raises(BudgetSpent, match="minutes is spent"):
        asyncio.run(spend())
    assert stand.asked() == []


def test_a_stop_ends_a_long_wait(stand: Stand) -> None:
    work = stand.run_context()

    async def stopped() -> None:
        async with stand.client(work, policy=CrawlPolicy(pause=(600, 600), backoff=1, throttled=1)) as client:
            asyncio.get_running_loop().call_later(0.1, work.stop.set)
            async with asyncio.timeout(20):
                await client.read(LISTING, mal.parse_listing)

    with pytest.raises(ScrapeInterrupted, match="mal: stopped; the next run resumes here"):
        asyncio.run(stopped())
    assert len(stand.asked()) <= 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("7", 7),
        (" 0 ", 0),
        ("soon", None),
        ("-5", None),
        ("9" * 40, 999_999_999),
        ("Thu, 01 Jan 1970 00:02:00 GMT", 20),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("²", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, 100.0) == seconds


def test_waits_follow_from_the_pause() -> None:
    polite = CrawlPolicy.from_pause(1, 4, request_seconds=120)
    assert polite.backoff >= 4
    assert polite.throttled >= 60
    draws = [polite.next_pause(0.0) for _ in range(200)]
    assert all(1 <= draw <= 4 for draw in draws)
    assert max(draws) - min(draws) > 0.5
    assert polite.next_pause(9.0) == 9.0
