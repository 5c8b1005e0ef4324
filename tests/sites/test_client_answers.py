"""The client's handling of responses: retries, redirects, sizes, and the breaker."""

import asyncio
import time
from typing import Any

import pytest
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lap_assets.core.errors import Disallowed, PageFailed, SiteBlocked
from lap_assets.replica import faults
from lap_assets.run_context import RunContext
from lap_assets.sites import breaker, mal, wa
from lap_assets.sites.addresses import Site
from lap_assets.sites.connection import open_state
from lap_assets.sites.crawl_policy import BREAKER_HOURS, CrawlPolicy
from lap_assets.sites.mal import MAL
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.wa import WA
from tests.sites.stand import QUICK, Stand

LISTING = mal.listing_url(0)
MANY = CrawlPolicy(pause=(0, 0), backoff=0.01, throttled=0.01, failures=99)


async def read(stand: Stand, work: RunContext, url: str = LISTING, policy: CrawlPolicy = QUICK) -> Any:
    site = WA if "world-art" in url else MAL
    parse: Any = wa.parse_animation if site == WA else mal.parse_listing
    async with stand.client(work, site, policy) as client:
        return await client.read(url, parse)


def answers(make: Any, pattern: str = "show=", first: int | None = None) -> faults.Fault:
    async def act(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        response: Response = make()
        await response(scope, receive, send)

    return faults.Fault(act, pattern, first)


def statuses(stand: Stand) -> list[int]:
    return [one.status for one in stand.asked() if one.path != "/robots.txt"]


def reopened(work: RunContext, site: Site) -> None:
    """Let the breaker's time pass, keeping its strikes."""
    with open_state(work, site) as state:
        state.put("breaker", {**(state.get("breaker") or {}), "until": time.time() - 1})


@pytest.mark.parametrize("code", [500, 502, 403, 429, 503])
def test_a_transient_error_is_retried(stand: Stand, code: int) -> None:
    stand.replica.faults.append(faults.status(code, pattern="show=", first=2))
    page = asyncio.run(read(stand, stand.run_context()))
    assert page.outcome is Outcome.OK
    assert statuses(stand) == [code, code, 200]


def test_a_truncated_body_is_fetched_again(stand: Stand) -> None:
    stand.replica.faults.append(faults.truncate(0.7, pattern="show=", first=1))
    assert len(asyncio.run(read(stand, stand.run_context())).anime) == 12
    assert len(statuses(stand)) == 2


def test_a_404_that_is_not_the_sites_own_is_retried(stand: Stand) -> None:
    stand.replica.faults.append(faults.status(404, pattern="show=", first=1))
    assert asyncio.run(read(stand, stand.run_context())).outcome is Outcome.OK
    assert statuses(stand) == [404, 200]


def test_a_short_retry_after_is_waited_for(stand: Stand) -> None:
    stand.replica.faults.append(faults.status(429, retry_after=1, pattern="show=", first=1))
    asyncio.run(read(stand, stand.run_context()))
    first, second = (one for one in stand.asked() if one.path != "/robots.txt")
    assert second.start - first.end >= 1


def test_a_long_retry_after_opens_the_breaker_until_then(stand: Stand) -> None:
    work = stand.run_context()
    stand.replica.faults.append(faults.status(503, retry_after=5000, pattern="show="))
    with pytest.raises(SiteBlocked, match="try again after 20") as blocked:
        asyncio.run(read(stand, work))
    assert statuses(stand) == [503]
    assert blocked.value.retry_at == pytest.approx(time.time() + 5000, abs=60)


@pytest.mark.parametrize("longest", [300.0, 0.03])
def test_a_site_that_throttles_without_end_is_left_alone_for_an_hour(stand: Stand, longest: float) -> None:
    """Also if our own growing wait exceeds the longest wait of a run, when the site named no time."""
    policy = CrawlPolicy(pause=(0, 0), backoff=0.01, throttled=0.01, longest_wait=longest)
    stand.replica.faults.append(faults.status(429, pattern="show="))
    with pytest.raises(SiteBlocked, match="status 429") as blocked:
        asyncio.run(read(stand, stand.run_context(), policy=policy))
    assert blocked.value.retry_at == pytest.approx(time.time() + BREAKER_HOURS[0] * 3600, abs=60)


def test_one_failing_address_is_not_the_whole_site(stand: Stand) -> None:
    stand.replica.faults.append(faults.status(500, pattern="show=0"))
    work = stand.run_context()
    with pytest.raises(PageFailed, match="show=0: status 500"):
        asyncio.run(read(stand, work))
    assert asyncio.run(read(stand, work, mal.listing_url(50))).outcome is Outcome.EMPTY


def test_three_failing_addresses_in_a_row_open_the_breaker(stand: Stand) -> None:
    stand.replica.faults.append(faults.status(500, pattern="show="))

    async def three(work: RunContext) -> None:
        async with stand.client(work) as client:
            for show in (0, 50):
                with pytest.raises(PageFailed):
                    await client.read(mal.listing_url(show), mal.parse_listing)
            await client.read(mal.listing_url(100), mal.parse_listing)

    with pytest.raises(SiteBlocked):
        asyncio.run(three(stand.run_context()))


def test_a_block_page_of_mal_opens_the_breaker_at_once_and_stops_all_requests(stand: Stand) -> None:
    work = stand.run_context()
    stand.replica.faults.append(faults.block_page(pattern="show="))
    with pytest.raises(SiteBlocked, match=r"mal: a block page came for .*; try again after"):
        asyncio.run(read(stand, work))
    asked = len(stand.asked())
    assert asked == 2

    stand.replica.faults.clear()
    with pytest.raises(SiteBlocked, match=r"try again after \d{4}-\d\d-\d\d \d\d:\d\d:\d\d") as blocked:
        asyncio.run(read(stand, work))
    assert blocked.value.retry_at > time.time() + 3000
    assert len(stand.asked()) == asked
    # The other site is not affected.
    assert asyncio.run(read(stand, work, wa.animation_url(1))).outcome is Outcome.OK


def test_world_arts_flood_page_is_tolerated_twice_but_not_three_times(stand: Stand) -> None:
    work = stand.run_context()
    flood = faults.not_connect(pattern=r"animation\.php", first=2)
    stand.replica.faults.append(flood)
    assert asyncio.run(read(stand, work, wa.animation_url(1))).outcome is Outcome.OK
    assert len(stand.paths("wa")) == 3

    flood.first = None
    with pytest.raises(SiteBlocked, match="wa: a block page"):
        asyncio.run(read(stand, work, wa.animation_url(3)))
    assert len(stand.paths("wa")) == 6


def test_flood_pages_for_different_ids_count_together(stand: Stand) -> None:
    stand.replica.faults.append(faults.not_connect(pattern=r"animation\.php"))
    policy = CrawlPolicy(pause=(0, 0), backoff=0.01, throttled=0.01, attempts=2)

    async def two(work: RunContext) -> None:
        async with stand.client(work, WA, policy) as client:
            with pytest.raises(PageFailed):
                await client.read(wa.animation_url(1), wa.parse_animation)
            await client.read(wa.animation_url(2), wa.parse_animation)

    with pytest.raises(SiteBlocked):
        asyncio.run(two(stand.run_context()))
    assert len(stand.paths("wa")) == 3


def test_each_strike_keeps_the_breaker_open_longer_and_success_forgets_them(stand: Stand) -> None:
    work = stand.run_context()
    blocks = faults.block_page(pattern="show=")
    stand.replica.faults.append(blocks)
    for hours in (*BREAKER_HOURS, BREAKER_HOURS[-1]):
        with pytest.raises(SiteBlocked) as blocked:
            asyncio.run(read(stand, work))
        assert blocked.value.retry_at == pytest.approx(time.time() + hours * 3600, abs=60)
        reopened(work, MAL)

    stand.replica.faults.clear()
    asyncio.run(read(stand, work))
    with open_state(work, MAL) as state:
        breaker.check(state, MAL)
        assert state.get("breaker") is None
    stand.replica.faults.append(blocks)
    with pytest.raises(SiteBlocked) as again:
        asyncio.run(read(stand, work))
    assert again.value.retry_at == pytest.approx(time.time() + BREAKER_HOURS[0] * 3600, abs=60)


def test_a_redirect_within_the_site_is_followed(stand: Stand) -> None:
    there = f"{stand.replica.url}/mal/anime.php?show=50"
    stand.replica.faults.append(answers(lambda: RedirectResponse(there, 301), "show=0"))
    page = asyncio.run(read(stand, stand.run_context()))
    assert page.outcome is Outcome.EMPTY
    assert statuses(stand) == [301, 200]


def test_a_404_at_the_end_of_a_redirect_proves_nothing_about_the_requested_page(stand: Stand) -> None:
    there = f"{stand.replica.url}/mal/anime/99/moved/pics"
    stand.replica.faults.append(answers(lambda: RedirectResponse(there, 302), "/anime/3/"))

    async def twice() -> Outcome:
        async with stand.client(stand.run_context()) as client:
            with pytest.raises(PageFailed, match="leads to"):
                await client.read(mal.pictures_url(3, "Third"), mal.parse_pictures)
            return (await client.read(mal.pictures_url(99, "None"), mal.parse_pictures)).outcome

    assert asyncio.run(twice()) is Outcome.NOT_FOUND
    assert statuses(stand) == [302, 404, 404]


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:9/x",
        "https://example.com/",
        "https://myanimelist.net:99999/",
        "ftp://myanimelist.net/",
        "https://www.world-art.ru/",
    ],
)
def test_a_redirect_to_anywhere_else_is_refused(stand: Stand, target: str) -> None:
    stand.replica.faults.append(answers(lambda: Response(status_code=302, headers={"location": target})))
    with pytest.raises(PageFailed, match="redirected"):
        asyncio.run(read(stand, stand.run_context()))
    assert statuses(stand) == [302]


@pytest.mark.parametrize("target", ["https://myanimelist.net:x/", "http://["])
def test_a_redirect_to_an_invalid_address_is_refused(stand: Stand, target: str) -> None:
    stand.replica.faults.append(answers(lambda: Response(status_code=302, headers={"location": target})))
    with pytest.raises(PageFailed):
        asyncio.run(read(stand, stand.run_context()))
    assert set(statuses(stand)) == {302}


def test_a_redirect_forbidden_by_robots_txt_is_not_followed(stand: Stand) -> None:
    there = f"{stand.replica.url}/mal/login.php"
    stand.replica.faults.append(answers(lambda: RedirectResponse(there, 302)))
    with pytest.raises(Disallowed):
        asyncio.run(read(stand, stand.run_context()))
    assert not [path for path in stand.paths() if path.startswith("/login")]


def test_circular_redirects_end(stand: Stand) -> None:
    there = f"{stand.replica.url}/mal/anime.php?show=0"
    stand.replica.faults.append(answers(lambda: RedirectResponse(there, 302)))
    with pytest.raises(PageFailed, match="redirected more than"):
        asyncio.run(read(stand, stand.run_context()))
    assert len(statuses(stand)) < 10


def test_robots_txt_may_be_redirected_elsewhere(stand: Stand) -> None:
    there = f"{stand.replica.url}/mal/rules.txt"
    stand.replica.faults.append(answers(lambda: RedirectResponse(there, 301), "/robots.txt"))
    stand.replica.faults.append(answers(lambda: Response("User-agent: *\nDisallow: /anime.php"), "/rules.txt"))
    with pytest.raises(Disallowed):
        asyncio.run(read(stand, stand.run_context()))
    assert statuses(stand) == [200]


def test_a_robots_txt_with_circular_redirects_ends(stand: Stand) -> None:
    there = f"{stand.replica.url}/mal/robots.txt"
    stand.replica.faults.append(answers(lambda: RedirectResponse(there, 301), "/robots.txt"))
    with pytest.raises(PageFailed, match="redirected more than"):
        asyncio.run(read(stand, stand.run_context()))
    assert statuses(stand) == []
    assert len(stand.asked()) < 10


def test_a_body_over_the_limit_is_refused(stand: Stand) -> None:
    async def fetch(limit: int) -> int:
        async with stand.client(stand.run_context()) as client:
            return len((await client.get(LISTING, limit=limit)).body)

    size = asyncio.run(fetch(10**6))
    assert asyncio.run(fetch(size)) == size
    with pytest.raises(PageFailed, match=f"larger than {size - 1} bytes; refused"):
        asyncio.run(fetch(size - 1))
    assert len(statuses(stand)) == 3
