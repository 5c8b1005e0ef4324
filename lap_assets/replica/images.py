"""Encoded posters on demand, drawn in threads so that pages are served meanwhile; the latest ones are cached.

The link between the server and `renderer`, the cache, and the CDN headers of an image belong here.
"""

import asyncio
import os
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate, parsedate_to_datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from lap_assets.replica.catalog import PosterKey
from lap_assets.replica.plan import RecipePlan
from lap_assets.replica.renderer.picture import jpeg_of
from lap_assets.replica.seeds import seed_of

KEPT_BYTES: Final = 64 << 20
_MAX_AGE: Final = 30 * 86_400
_FIRST_UPLOAD: Final = 1_140_000_000  # February 2006
_UPLOADS_SPAN: Final = 600_000_000  # s


class Images:
    """Answers requests for posters of one plan."""

    def __init__(self, plan: RecipePlan, *, kept_bytes: int = KEPT_BYTES) -> None:
        self._plan = plan
        self._room = kept_bytes
        self._pool = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="draw")
        self._kept: OrderedDict[PosterKey, bytes] = OrderedDict()
        self._kept_bytes = 0

    async def answer(self, request: Request, key: PosterKey) -> Response:
        """Return the poster's JPEG with a CDN's headers, or 304 if the client's copy is current."""
        stamp = seed_of("etag", self._plan.catalog.seed, *key)
        modified = _FIRST_UPLOAD + stamp % _UPLOADS_SPAN
        headers = {
            "etag": f'"{stamp:016x}"',
            "last-modified": formatdate(modified, usegmt=True),
            "cache-control": f"public, max-age={_MAX_AGE}",
            "accept-ranges": "none",
        }
        if _is_known(request, headers["etag"], modified):
            return Response(status_code=304, headers=headers)
        return Response(await self._bytes(key), headers=headers, media_type="image/jpeg")

    async def _bytes(self, key: PosterKey) -> bytes:
        found = self._kept.get(key)
        if found is None:
            loop = asyncio.get_running_loop()
            found = await loop.run_in_executor(self._pool, lambda: jpeg_of(self._plan.recipe(key)))
            self._keep(key, found)
        else:
            self._kept.move_to_end(key)
        return found

    def _keep(self, key: PosterKey, data: bytes) -> None:
        if key in self._kept:  # drawn by two requests at once
            return
        self._kept[key] = data
        self._kept_bytes += len(data)
        while self._kept_bytes > self._room:
            _, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= len(dropped)

    def close(self) -> None:
        """End the drawing threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _is_known(request: Request, etag: str, modified: int) -> bool:
    known = request.headers.get("if-none-match")
    if known is not None:
        return known == "*" or etag in (part.strip().removeprefix("W/") for part in known.split(","))
    since = request.headers.get("if-modified-since")
    try:
        return since is not None and parsedate_to_datetime(since).timestamp() >= modified
    except ValueError:
        return False
