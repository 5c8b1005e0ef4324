"""MyAnimeList and its CDN: the page, status and headers of each address."""

import re
from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from lap_assets.replica import mal_pages
from lap_assets.replica.catalog import Anime, Catalog, PosterKey
from lap_assets.replica.images import Images

_ROBOTS: Final = """User-agent: GPTBot
Disallow: /

User-agent: *
Disallow: /dbchanges.php
Disallow: /login.php
Disallow: /modules.php
Disallow: /ownlist/
Disallow: /search/
"""
_CDN_ROBOTS: Final = "User-agent: *\nDisallow: /static/\nDisallow: /r/\n"
_CDN_MISSING: Final = """<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">
<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1>
<p>The requested URL was not found here.</p></body></html>
"""
_IMAGE: Final = re.compile(r"images/anime/([1-9][0-9]{0,8})/([1-9][0-9]{0,8})l\.jpg")
_DECOYS: Final = 10


def mal_routes(catalog: Catalog) -> list[Route]:
    """Return the routes of myanimelist.net."""
    decoys = catalog.anime[:: max(len(catalog.anime) // _DECOYS, 1)][:_DECOYS]

    async def listing(request: Request) -> Response:
        rx_only = request.query_params.get("r") == "6"
        rows = catalog.rx_listing if rx_only else catalog.listing
        show = _number(request.query_params.get("show"))
        page = rows[show : show + mal_pages.ROWS]
        return HTMLResponse(
            mal_pages.listing(page, show=show, total=len(rows), rx_only=rx_only, decoys=decoys), headers=_HEADERS
        )

    async def anime(request: Request) -> Response:
        found = _anime(catalog, request.path_params["mal_id"])
        if found is None:
            return _not_found()
        tail = request.path_params.get("tail", "").split("/")
        page = mal_pages.pictures if len(tail) == 2 and tail[1] == "pics" else mal_pages.main
        return HTMLResponse(page(found, decoys), headers=_HEADERS)

    async def missing(_: Request) -> Response:
        return _not_found()

    return [
        Route("/robots.txt", _robots(_ROBOTS)),
        Route("/anime.php", listing),
        Route("/anime/{mal_id}", anime),
        Route("/anime/{mal_id}/{tail:path}", anime),
        Route("/{rest:path}", missing),
    ]


def cdn_routes(catalog: Catalog, images: Images) -> list[Route]:
    """Return the routes of cdn.myanimelist.net."""

    async def image(request: Request) -> Response:
        match = _IMAGE.fullmatch(request.path_params["rest"])
        key = PosterKey("mal", int(match[1]), int(match[2])) if match else None
        if key is None or not catalog.has(key):
            return HTMLResponse(_CDN_MISSING, 404)
        return await images.answer(request, key)

    return [Route("/robots.txt", _robots(_CDN_ROBOTS)), Route("/{rest:path}", image)]


# The real pages depend on the User-Agent (mobile browsers get another layout); the replica only has the desktop layout.
_HEADERS: Final = {"vary": "User-Agent", "cache-control": "no-cache"}


def _not_found() -> Response:
    return HTMLResponse(mal_pages.not_found(), 404, headers=_HEADERS)


def _anime(catalog: Catalog, mal_id: str) -> Anime | None:
    return catalog.anime_by_id.get(_number(mal_id))


def _number(value: str | None) -> int:
    """Return the number in a query, or 0 if it is not one, as MAL does."""
    return int(value) if value and re.fullmatch("[0-9]{1,9}", value) else 0


def _robots(body: str) -> Callable[[Request], Response]:
    return lambda _: PlainTextResponse(body)
