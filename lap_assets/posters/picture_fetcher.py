"""Fetch one picture from the first of its addresses that has it, check it, and store it unchanged."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from lap_assets.core.errors import PageFailed, PictureError
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.pictures.gate import Limits
from lap_assets.posters.picture_rows import Fetched
from lap_assets.posters.store import adopt, store
from lap_assets.sites.client import SiteClient

_TRIES: Final = 3  # for a picture that arrives damaged


class PictureFetcher:
    """Fetches pictures into the store. `fetched`: number of pictures received from the site."""

    def __init__(self, home: Home, limits: Limits) -> None:
        self.fetched = 0
        self._home = home
        self._limits = limits

    async def obtain(self, client: SiteClient, name: PosterName, urls: Sequence[str]) -> "asyncio.Task[Fetched]":
        """Fetch a picture; return the task that checks and stores it while the next one is fetched."""
        path = self._home.poster(name)
        if path.exists() and (stored := await asyncio.to_thread(adopt, path, self._limits)):
            return asyncio.create_task(at_once(Fetched(name, urls[0], stored, path.stat().st_mtime)))
        problem = ""
        for url in urls:
            try:
                reply = await client.get(url, limit=self._limits.bytes)
            except PageFailed as error:
                return asyncio.create_task(at_once(Fetched(name, url, problem=str(error))))
            if reply.status == 200:
                self.fetched += 1
                return asyncio.create_task(self._store(client, name, url, path, reply.body))
            problem = "not found"
        problem = str(client.give_up(urls[0], problem))
        return asyncio.create_task(at_once(Fetched(name, urls[0], problem=problem)))

    async def _store(self, client: SiteClient, name: PosterName, url: str, path: Path, body: bytes) -> Fetched:
        """Check and store the bytes; a damaged picture is fetched again, up to `_TRIES` times in all."""
        problem = ""
        for tries_left in reversed(range(_TRIES)):
            try:
                stored = await asyncio.to_thread(store, path, body, self._limits)
            except PictureError as error:
                problem = str(error)
            else:
                client.succeeded(url)
                return Fetched(name, url, stored, time.time())
            if tries_left:
                try:
                    body = (await client.get(url, limit=self._limits.bytes)).body
                except PageFailed as error:
                    return Fetched(name, url, problem=str(error))
        return Fetched(name, url, problem=str(client.give_up(url, problem)))


async def at_once(fetched: Fetched) -> Fetched:
    """Return the given result; the body of a task without work."""
    return fetched
