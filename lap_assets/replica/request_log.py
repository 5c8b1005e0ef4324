"""Log of the replica's requests, one JSON object per line, for tests of a client's politeness.

Writing that log belongs here. Fields: `start` and `end` (Unix seconds), `site` ("mal", "mal-cdn", "mal-api", "wa"; ""
for the replica's own pages), `path` (below the site, with its query), `status`, and `fault` if one affected the
request.
"""

import json
import threading
import time
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lap_assets.replica.faults import FAULT


def logged(app: ASGIApp, path: Path) -> ASGIApp:
    """Return `app` with logging: a line is appended to `path` for each request (status 0 without a response).

    The line is written before the last piece of the response is sent, so a client with the whole response finds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = threading.Lock()

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        start, status, written = time.time(), 0, False

        def write() -> None:
            nonlocal written
            if not written:
                written = True
                site, below = site_and_path(scope)
                line = {"start": start, "end": time.time(), "site": site, "path": below, "status": status}
                if FAULT in scope:
                    line["fault"] = scope[FAULT]
                with lock, path.open("a", encoding="utf-8") as log:
                    log.write(json.dumps(line, ensure_ascii=False) + "\n")

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body" and not message.get("more_body", False):
                write()
            await send(message)

        try:
            await app(scope, receive, noted)
        finally:
            write()

    return answer


def site_and_path(scope: Scope) -> tuple[str, str]:
    """Return the site of a request, and its path there with the query."""
    query = scope["query_string"].decode("latin-1")
    path = scope["path"] + (f"?{query}" if query else "")
    for site in ("mal", "mal-cdn", "mal-api", "wa"):
        if path.startswith(f"/{site}/"):
            return site, path.removeprefix(f"/{site}")
    return "", path
