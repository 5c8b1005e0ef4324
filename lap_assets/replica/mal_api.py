"""MyAnimeList's API v2: the ranking and single anime as JSON, for requests with a client id."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from lap_assets.replica.catalog import Anime, Catalog
from lap_assets.replica.seeds import seed_of

_CDN: Final = "https://cdn.myanimelist.net/images/anime"
_API: Final = "https://api.myanimelist.net/v2/anime"
_MOST_ROWS: Final = 500
_REFUSED: Final = "refused"  # the one client id that is not accepted


def api_routes(catalog: Catalog) -> list[Route]:
    """Return the routes of api.myanimelist.net."""
    ranked = sorted(catalog.anime, key=lambda anime: seed_of("rank", catalog.seed, anime.mal_id))

    def ranking(request: Request) -> Response:
        if (refused := _refused(request)) is not None:
            return refused
        limit = min(_number(request, "limit", 100), _MOST_ROWS)
        offset = _number(request, "offset", 0)
        rows = [
            {"node": _node(anime, request), "ranking": {"rank": rank}}
            for rank, anime in enumerate(ranked[offset : offset + limit], offset + 1)
        ]
        following = f"{_API}/ranking?offset={offset + limit}&limit={limit}"
        paging = {"next": following} if offset + limit < len(ranked) else {}
        return JSONResponse({"data": rows, "paging": paging})

    def anime(request: Request) -> Response:
        if (refused := _refused(request)) is not None:
            return refused
        found = catalog.anime_by_id.get(int(request.path_params["mal_id"]))
        if found is None:
            return JSONResponse({"message": "", "error": "not_found"}, 404)
        return JSONResponse(_node(found, request))

    return [Route("/v2/anime/ranking", ranking), Route("/v2/anime/{mal_id:int}", anime)]


def _refused(request: Request) -> Response | None:
    if request.headers.get("x-mal-client-id", _REFUSED) != _REFUSED:
        return None
    return JSONResponse({"message": "Invalid client id", "error": "bad_request"}, 400)


def _node(anime: Anime, request: Request) -> dict[str, Any]:
    fields = request.query_params.get("fields", "").split(",")
    pictures = [{"medium": f"{_CDN}/{n1}/{n2}.jpg", "large": f"{_CDN}/{n1}/{n2}l.jpg"} for n1, n2 in anime.pictures]
    entry: dict[str, Any] = {"id": anime.mal_id, "title": anime.title}
    if pictures:
        entry["main_picture"] = pictures[0]
    if "rating" in fields:
        entry["rating"] = "rx" if anime.rx else "pg_13"
    if "nsfw" in fields:
        entry["nsfw"] = "black" if anime.rx else "white"
    if "pictures" in fields:
        entry["pictures"] = pictures
    return entry


def _number(request: Request, name: str, otherwise: int) -> int:
    value = request.query_params.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else otherwise
