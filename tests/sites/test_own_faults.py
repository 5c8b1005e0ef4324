"""Faults of this machine, for which no site is blamed."""

import asyncio
import errno
import socket
from pathlib import Path
from typing import Any

import pytest

from lap_assets.core.errors import Disallowed, NothingListens, PageFailed, SiteBlocked
from lap_assets.posters.scrape import scrape
from lap_assets.replica import faults
from lap_assets.replica.catalog import Catalog
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from lap_assets.sites import mal, mal_listing_crawl
from lap_assets.sites.breaker import opened
from lap_assets.sites.connection import open_client, open_state
from lap_assets.sites.failures import failures
from lap_assets.sites.local import local_address, no_network
from lap_assets.sites.mal import MAL
from lap_assets.sites.mal_site import PAGE_KIND, MalPage
from lap_assets.sites.robots import all_remembered
from tests.sites.stand import Stand, anime, standing

CATALOG = Catalog(4, tuple(anime(number, number * 10) for number in range(1, 7)), ())
PAGES = [MalPage(number, "x") for number in range(1, 7)]


def at(work: RunContext, url: str) -> RunContext:
    return RunContext(Settings(home=work.settings.home, sites_url=url, pause="0"))


def nothing_is_held_against(work: RunContext) -> None:
    with open_state(work, MAL) as state:
        assert opened(state) is None
        assert failures(state) == {}


def test_a_killed_replica_leaves_no_breaker_behind(tmp_path: Path) -> None:
    with standing(CATALOG, tmp_path) as stand:
        work = stand.run_context()
        assert asyncio.run(mal_listing_crawl.crawl(work)) is None
    report = asyncio.run(scrape(work, MAL, PAGE_KIND, PAGES, title="x", revisit_days=1))
    assert "nothing listens at 127.0.0.1:" in (report.stopped or "")
    assert "LAP_SITES_URL" in (report.stopped or "")
    assert "\n" not in (report.stopped or "")
    nothing_is_held_against(work)

    with standing(CATALOG, tmp_path) as stand:
        again = at(work, stand.replica.url)
        report = asyncio.run(scrape(again, MAL, PAGE_KIND, PAGES, title="x", revisit_days=1))
        assert (report.stopped, report.pending, report.fetched) == (None, 0, 6)


def test_a_replica_at_another_address_is_used_although_the_last_one_blocked(stand: Stand, tmp_path: Path) -> None:
    work = stand.run_context()
    stand.replica.faults.append(faults.block_page(pattern="show="))
    with pytest.raises(SiteBlocked):
        asyncio.run(read(work))
    with pytest.raises(SiteBlocked):
        asyncio.run(read(work))
    (tmp_path / "other").mkdir()
    with standing(CATALOG, tmp_path / "other") as other:
        asyncio.run(read(at(work, other.replica.url)))
    nothing_is_held_against(work)


async def read(work: RunContext) -> None:
    with open_state(work, MAL) as state:
        async with open_client(work, MAL, state) as client:
            await client.read(mal.listing_url(0), mal.parse_listing)


def test_a_missing_local_proxy_is_no_sites_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    assert local_address("https://myanimelist.net/", uses_proxies=True) == f"127.0.0.1:{port}"
    work = RunContext(Settings(home=tmp_path, sites_url=None, pause="0", contact="a@b.example", permission="a test"))
    with pytest.raises(NothingListens, match=rf"nothing listens at 127\.0\.0\.1:{port}"):
        asyncio.run(read(work))
    nothing_is_held_against(work)


def real(tmp_path: Path) -> RunContext:
    return RunContext(Settings(home=tmp_path, sites_url=None, pause="0", contact="a@b.example", permission="a test"))


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names that this machine can look up: only addresses, unless a test adds names."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    known, look_up = {"localhost"}, socket.getaddrinfo

    def getaddrinfo(host: str | bytes | None, *rest: Any, **more: Any) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else host
        if name is None or name in known or name.replace(".", "").isdecimal():
            return look_up("127.0.0.1" if name in known else name, *rest, **more)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


def test_a_machine_that_can_look_up_no_name_blames_no_site(tmp_path: Path, resolver: set[str]) -> None:
    work = real(tmp_path)
    for _ in range(3):
        with pytest.raises(NothingListens, match="no site's name can be looked up"):
            asyncio.run(read(work))
    nothing_is_held_against(work)


def test_a_site_without_a_dns_name_is_left_alone(tmp_path: Path, resolver: set[str]) -> None:
    resolver.add("www.world-art.ru")
    work = real(tmp_path)
    for _ in range(2):
        with pytest.raises((PageFailed, Disallowed)):
            asyncio.run(read(work))
    with open_state(work, MAL) as state:
        assert not opened(state)
        (rules,) = all_remembered(state)
        assert rules.robots.status == 0


@pytest.mark.parametrize("code", [errno.ENETUNREACH, errno.ENETDOWN])
def test_an_unreachable_network_is_this_machines_fault(code: int) -> None:
    wrapped = ConnectionError("All connection attempts failed")
    wrapped.__cause__ = ExceptionGroup("several", [OSError(code, "Network is unreachable")])
    assert no_network(wrapped, []) == "this machine has no network"
    assert no_network(OSError(errno.ECONNRESET, "reset"), ["127.0.0.1"]) is None
