"""Arbitrary values from a site: they are bounded and never raise an unexpected error."""

import asyncio
import math
import time
from datetime import UTC, datetime

import pytest
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lap_assets.core.errors import Disallowed, PageFailed, SiteBlocked
from lap_assets.replica import faults
from lap_assets.run_context import RunContext
from lap_assets.sites import mal
from lap_assets.sites.connection import open_state
from lap_assets.sites.crawl_policy import CrawlPolicy, retry_after_seconds
from lap_assets.sites.mal import MAL
from lap_assets.sites.outcomes import Outcome
from lap_assets.sites.robots import Robots, all_remembered
from tests.sites.stand import QUICK, Stand

LISTING = mal.listing_url(0)
PICTURE = "https://cdn.myanimelist.net/images/anime/{}/{}l.jpg"
NOW = datetime(2026, 11, 27, 10, 40, tzinfo=UTC).timestamp()


def answers(response: Response, pattern: str) -> faults.Fault:
    async def act(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await response(scope, receive, send)

    return faults.Fault(act, pattern)


async def read(stand: Stand, work: RunContext, policy: CrawlPolicy = QUICK) -> Outcome:
    async with stand.client(work, policy=policy) as client:
        return (await client.read(LISTING, mal.parse_listing)).outcome


async def pictures(stand: Stand, work: RunContext) -> list[int]:
    async with stand.client(work) as client:
        replies = [await client.get(PICTURE.format(n % 13 + 1, 100 + n), limit=10**7) for n in (1, 2, 3)]
    return [reply.status for reply in replies]


def robots_asked(stand: Stand, site: str) -> int:
    return sum(one.path == "/robots.txt" and one.site == site for one in stand.asked())


@pytest.mark.parametrize(
    "location",
    [
        "data:text/html,<p>", "javascript:alert(1)", "mailto:a@b.c", "http://", "https:///x", "//", "http://[::1",
        "about:blank",
        "http://\x80/", "http://myanimelist.net:0x50/", "file:///etc/passwd", "https://user@myanimelist.net/",
        "x" * 70_000, "https://myanimelist.net\\@example.org/",
    ],
)  # fmt: skip
def test_a_redirect_to_an_address_outside_the_site_fails_that_address_alone(stand: Stand, location: str) -> None:
    work = stand.run_context()
    stand.replica.faults.append(answers(Response(status_code=302, headers={"location": location}), "show=0"))
    with pytest.raises(PageFailed):
        asyncio.run(read(stand, work))
    stand.replica.faults.clear()
    assert asyncio.run(read(stand, work)) is Outcome.OK


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120), ("120.5", 120.5), ("120, 300", 300), ("-5", None), ("", None), ("soon", None), ("1e9", None),
        ("nan", None), ("inf", None), ("9" * 400, 999_999_999), ("0x10", None),
        ("Fri, 27 Nov 2026 10:45:00 GMT", 300), ("Fri, 27 Nov 2026 10:45:00 UTC", 300),
        ("Friday, 27-Nov-26 10:45:00 GMT", 300), ("Fri Nov 27 10:45:00 2026", 300), ("2026-11-27T10:45:00Z", 300),
        ("Fri, 27 Nov 2026 10:45:00 -0000", 300), ("Fri, 27 Nov 2026 12:45:00 +0200", 300),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0), ("Fri, 31 Dec 9999 23:59:59 -2359", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 251_606_524_799), ("Fri, 27 Nov 2026 10:45:00 -9999", None),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0), ("Fri, 27 Nov 99999 10:45:00 GMT", None), (",", None),
    ],
)  # fmt: skip
def test_any_retry_after_is_parsed_or_ignored(header: str, seconds: float | None) -> None:
    found = retry_after_seconds(header, NOW)
    assert found is None if seconds is None else found == pytest.approx(seconds)


@pytest.mark.parametrize("header", ["9999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "2999-01-01T00:00:00Z"])
def test_a_site_that_asks_for_years_is_left_alone_for_the_longest_break(stand: Stand, header: str) -> None:
    policy = CrawlPolicy(pause=(0, 0), backoff=0.01, throttled=0.01, longest_break=7200)
    stand.replica.faults.append(answers(Response("busy", 503, {"retry-after": header}), "show="))
    with pytest.raises(SiteBlocked) as blocked:
        asyncio.run(read(stand, stand.run_context(), policy))
    assert blocked.value.retry_at == pytest.approx(time.time() + 7200, abs=60)


@pytest.mark.parametrize("header", ["soon", "Fri, 31 Dec 9999 23:59:59 -2359", "-1"])
def test_an_unreadable_retry_after_is_ignored(stand: Stand, header: str) -> None:
    fault = answers(Response("busy", 503, {"retry-after": header}), "show=")
    fault.first = 1
    stand.replica.faults.append(fault)
    assert asyncio.run(read(stand, stand.run_context())) is Outcome.OK


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1e9", 1e9), ("1e999", math.inf), ("nan", 0), ("-5", 0), ("soon", 0), ("3", 3), ("0.5", 0.5), ("", 0)],
)
def test_a_crawl_delay_is_a_number_and_capped_at_the_longest_wait(text: str, seconds: float) -> None:
    robots = Robots(f"User-agent: *\nCrawl-delay: {text}\n")
    assert robots.crawl_delay == seconds
    policy = CrawlPolicy(pause=(0, 0), backoff=0, throttled=0, longest_wait=60)
    assert policy.next_pause(robots.crawl_delay) == min(seconds, 60)


@pytest.mark.parametrize("code", [400, 401, 403, 404, 410, 451])
def test_a_refused_robots_txt_allows_everything_and_is_requested_once(stand: Stand, code: int) -> None:
    """RFC 9309, 2.3.1.3; also if an object store says so in XML."""
    denied = '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'
    stand.replica.faults.append(answers(Response(denied, code, media_type="application/xml"), "mal-cdn/robots"))
    work = stand.run_context()
    for _ in range(2):
        assert asyncio.run(pictures(stand, work)) == [200, 200, 200]
    assert robots_asked(stand, "mal-cdn") == 1


@pytest.mark.parametrize("code", [429, 500, 503])
def test_an_unavailable_robots_txt_forbids_everything_for_an_hour(stand: Stand, code: int) -> None:
    stand.replica.faults.append(faults.status(code, pattern="mal-cdn/robots"))
    work = stand.run_context()
    for _ in range(3):
        with pytest.raises(Disallowed, match=rf"answers {code}, which until 20.* forbids"):
            asyncio.run(pictures(stand, work))
    assert robots_asked(stand, "mal-cdn") == QUICK.attempts
    assert stand.paths("mal-cdn") == []

    stand.replica.faults.clear()
    with open_state(work, MAL) as state:
        key = "robots https://cdn.myanimelist.net"
        kept = state.get(key) or {}
        state.put(key, {**kept, "at": kept["at"] - 3600, "until": kept["until"] - 3600})
    assert asyncio.run(pictures(stand, work)) == [200, 200, 200]


def test_the_rules_of_a_long_run_are_requested_again_after_a_day(stand: Stand) -> None:
    work = stand.run_context()

    async def long_run() -> None:
        async with stand.client(work) as client:
            await client.read(LISTING, mal.parse_listing)
            for rules in client._requester._robots.values():
                rules.at -= 25 * 3600
            with open_state(work, MAL) as state:
                kept = state.get("robots https://myanimelist.net") or {}
                state.put("robots https://myanimelist.net", {**kept, "at": kept["at"] - 25 * 3600})
            await client.read(LISTING, mal.parse_listing)

    asyncio.run(long_run())
    assert robots_asked(stand, "mal") == 2


def test_a_hostile_robots_txt_is_matched_quickly(stand: Stand) -> None:
    """A backtracking matcher would exceed the time limit of the tests."""
    hostile = "Disallow: /" + "".join(f"*{letter}" for letter in "eaioetaoei" * 40) + "!\n"
    text = "User-agent: *\n" + hostile * 300
    stand.replica.faults.append(answers(PlainTextResponse(text), "mal/robots"))
    work = stand.run_context()
    assert asyncio.run(read(stand, work)) is Outcome.OK
    with open_state(work, MAL) as state:
        assert [(one.host, one.robots.status) for one in all_remembered(state)] == [("https://myanimelist.net", 200)]
