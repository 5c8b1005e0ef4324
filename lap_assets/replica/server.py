"""The application: both sites below one root, the truth, faults and the request log.

Only the assembly of the parts belongs here. The addresses are `/mal` (myanimelist.net), `/mal-cdn`
(cdn.myanimelist.net), `/mal-api` (api.myanimelist.net) and `/wa` (www.world-art.ru); links in the pages name the real
hosts, and a client maps them.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from lap_assets.replica.catalog import Catalog
from lap_assets.replica.faults import Fault, disturbed
from lap_assets.replica.images import KEPT_BYTES, Images
from lap_assets.replica.mal_api import api_routes
from lap_assets.replica.mal_site import cdn_routes, mal_routes
from lap_assets.replica.plan import RecipePlan
from lap_assets.replica.request_log import logged
from lap_assets.replica.truth import truth_pieces
from lap_assets.replica.wa_site import wa_routes


def create_app(
    catalog: Catalog,
    *,
    faults: Sequence[Fault] = (),
    request_log: Path | None = None,
    kept_bytes: int = KEPT_BYTES,
) -> ASGIApp:
    """Return both sites for `catalog`, with `faults` (consulted for each request), logged to `request_log`.

    The latest drawn posters stay in memory, up to `kept_bytes`.
    """
    plan = RecipePlan(catalog)
    images = Images(plan, kept_bytes=kept_bytes)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        images.close()

    def truth(_: Request) -> Response:
        return StreamingResponse(truth_pieces(plan), media_type="application/json")

    def about(_: Request) -> Response:
        return PlainTextResponse(
            f"A replica of two sites: /mal /mal-cdn /mal-api /wa, and /truth.json\nseed {catalog.seed},"
            f" {len(catalog.anime)} anime, {len(catalog.animations)} animations\n"
        )

    app: ASGIApp = Starlette(
        routes=[
            Route("/", about),
            Route("/truth.json", truth),
            Mount("/mal", routes=mal_routes(catalog)),
            Mount("/mal-api", routes=api_routes(catalog)),
            Mount("/mal-cdn", routes=cdn_routes(catalog, images)),
            Mount("/wa", routes=wa_routes(catalog, images)),
        ],
        lifespan=lifespan,
    )
    app = disturbed(app, faults)
    return logged(app, request_log) if request_log is not None else app
