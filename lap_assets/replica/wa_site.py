"""World Art: the page of each address, in windows-1251, including its answer for missing ids."""

import re
from collections.abc import Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from lap_assets.replica import wa_pages
from lap_assets.replica.catalog import Catalog, PosterKey, WaAnimation
from lap_assets.replica.images import Images

_ROBOTS: Final = """User-agent: *
Disallow: /search.php
Disallow: /enter.php
Disallow: /animation/animation_update.php
"""
_NOT_FOUND: Final = "<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>"
_IMAGE: Final = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})/([1-9][0-9]{0,8})\.jpg")


def wa_routes(catalog: Catalog, images: Images) -> list[Route]:
    """Return the routes of www.world-art.ru."""

    def slug_of(animation: WaAnimation) -> str | None:
        anime = catalog.anime_by_id.get(animation.mal_id or 0)
        return anime.slug if anime else None

    def page(make: Callable[[WaAnimation, Request], str]) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            # A missing id gets the page of id 1, with status 200 and that page's canonical address.
            found = catalog.animation_by_id.get(_number(request, "id")) or catalog.animation_by_id.get(1)
            return _html(make(found, request) if found else wa_pages.NOT_CONNECT)

        return answer

    def newest(request: Request) -> Response:
        first = _number(request, "limit_1")
        shown = catalog.latest_animations[first : first + wa_pages.LIST_ROWS]
        return _html(wa_pages.newest(shown, first))

    async def image(request: Request) -> Response:
        match = _IMAGE.fullmatch(request.path_params["rest"])
        if match is None:
            return _html(_NOT_FOUND, 404)
        bucket, wa_id, number = (int(part) for part in match.groups())
        key = PosterKey("wa", wa_id, number)
        if bucket != wa_pages.bucket_of(wa_id) or not catalog.has(key):
            return _html(_NOT_FOUND, 404)
        return await images.answer(request, key)

    def missing(_: Request) -> Response:
        return _html(_NOT_FOUND, 404)

    return [
        Route("/robots.txt", lambda _: PlainTextResponse(_ROBOTS)),
        Route("/not_connect.html", lambda _: _html("<html><body>Сайт временно недоступен</body></html>")),
        Route("/animation/animation.php", page(lambda found, _: wa_pages.animation(found, slug_of(found)))),
        Route(
            "/animation/animation_poster.php",
            page(lambda found, request: wa_pages.posters(found, _number(request, "number_img"))),
        ),
        Route("/animation/list.php", newest),
        Route("/animation/img/{rest:path}", image),
        Route("/{rest:path}", missing),
    ]


def _html(text: str, code: int = 200) -> Response:
    # Only the header declares the encoding for all pages.
    body = text.encode("cp1251", "xmlcharrefreplace")
    return HTMLResponse(body, code, headers={"content-type": "text/html; charset=windows-1251"})


def _number(request: Request, name: str) -> int:
    value = request.query_params.get(name, "")
    return int(value) if re.fullmatch("[0-9]{1,9}", value) else 0
