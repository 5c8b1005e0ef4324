"""Blocks recognized by structure, header or status, in any language: never taken for an empty or missing page."""

import asyncio
from typing import Any

import pytest
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lap_assets.core.errors import SiteBlocked
from lap_assets.replica import faults
from lap_assets.run_context import RunContext
from lap_assets.sites import mal, mal_api, wa
from lap_assets.sites.addresses import Site
from lap_assets.sites.breaker import opened
from lap_assets.sites.connection import open_state
from lap_assets.sites.mal import MAL
from lap_assets.sites.wa import WA
from tests.sites.stand import QUICK, Stand

CLOUDFLARE = (
    '<html lang="{}"><head><title>{}</title><meta name="robots" content="noindex"></head><body><noscript>{}</noscript>'
    "<script>(function(){{window._cf_chl_opt={{cvId:'3'}};var a=document.createElement('script');"
    "a.src='/cdn-cgi/challenge-platform/h/g/orchestrate/chl_page/v1?ray=1';}}());</script></body></html>"
)
PAGES = {
    "cloudflare in German": CLOUDFLARE.format("de", "Nur einen Moment…", "Aktivieren Sie JavaScript"),
    "cloudflare in Russian": CLOUDFLARE.format("ru", "Один момент…", "Включите JavaScript"),
    "cloudflare in Japanese": CLOUDFLARE.format("ja", "しばらくお待ちください...", "JavaScript"),
    "ddos-guard": "<html><head><title>DDOS-GUARD</title></head><body data-ddg-origin='true'>"
    "<script src='/.well-known/ddos-guard/js-challenge/index.js'></script></body></html>",
    "netgear": "<html><head><title>NETGEAR</title></head><body><h1>Web Site Blocked</h1></body></html>",
    "aws": "<html><head><script>window.awsWafCookieDomainList = [];window.gokuProps = {};</script></head>"
    "<body></body></html>",
}


def answers(text: str, code: int, pattern: str, headers: dict[str, str] | None = None) -> faults.Fault:
    async def act(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await Response(text, code, headers, media_type="text/html")(scope, receive, send)

    return faults.Fault(act, pattern)


async def ask(stand: Stand, work: RunContext, url: str, site: Site = MAL) -> Any:
    parsers: dict[str, Any] = {
        "listing": mal.parse_listing, "pics": mal.parse_pictures, "animation": wa.parse_animation,
        "api": mal_api.parse_pictures,
    }  # fmt: skip
    async with stand.client(work, site, QUICK) as client:
        for mark, parse in parsers.items():
            if mark in url.replace("anime.php", "listing"):
                return await client.read(url, parse)
        return await client.get(url, limit=10**7)


@pytest.mark.parametrize("code", [200, 403, 404, 503])
@pytest.mark.parametrize("page", PAGES)
def test_a_challenge_page_opens_the_breaker_whatever_its_status_and_language(
    stand: Stand, page: str, code: int
) -> None:
    work = stand.run_context()
    stand.replica.faults.append(answers(PAGES[page], code, "/pics"))
    with pytest.raises(SiteBlocked, match=r"a block page .*came for https://myanimelist\.net/anime/3/x/pics"):
        asyncio.run(ask(stand, work, mal.pictures_url(3, "x")))
    with open_state(work, MAL) as state:
        assert opened(state) is not None
    assert len(stand.paths()) == 1


@pytest.mark.parametrize(
    ("url", "site", "pattern"),
    [
        (mal.listing_url(0), MAL, "show="),
        ("https://cdn.myanimelist.net/images/anime/2/101l.jpg", MAL, "101l"),
        (wa.animation_url(1), WA, r"animation\.php"),
    ],
)
@pytest.mark.parametrize(
    ("code", "headers", "text"),
    [
        (202, {"x-amzn-waf-action": "challenge"}, ""),
        (202, {}, ""),
        (405, {"x-amzn-waf-action": "captcha"}, "<html><head><title>Human Verification</title></head></html>"),
        (405, {}, "no"),
        (403, {"cf-mitigated": "challenge"}, ""),
        (200, {}, PAGES["cloudflare in German"]),
    ],
)
def test_a_firewalls_answer_is_a_block_for_pages_and_pictures(
    stand: Stand, url: str, site: Site, pattern: str, code: int, headers: dict[str, str], text: str
) -> None:
    work = stand.run_context()
    stand.replica.faults.append(answers(text, code, pattern, headers))
    with pytest.raises(SiteBlocked, match="came for"):
        asyncio.run(ask(stand, work, url, site))
    assert len(stand.paths()) == site.tolerated_blocks
