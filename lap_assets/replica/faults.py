"""Faults of the replica, for tests of clients: selection of requests, and simple faults with a substitute response.

A fault affects requests whose site, path and query (such as "/mal/anime.php?o=9&show=0") match its pattern; if given,
only the first `first` of them, and only a share drawn from a seed. Faults are ASGI wrappers; `disturbed` puts a list of
them before an application, and the list may change while it serves. Faults of the connection are in `fault_wire`,
modified responses in `fault_content`, names in `fault_kinds`.
"""

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lap_assets.replica.seeds import chance
from lap_assets.replica.wa_pages import NOT_CONNECT

FAULT = "lap.fault"  # key in a request's scope with the name of the fault that affected it

_BLOCK_PAGE = """<!DOCTYPE html><html lang="en"><head><title>Just a moment...</title></head><body>
<div id="cf-chl-widget"><h1>Human Verification</h1><p>Enable JavaScript and cookies to continue.</p></div></body></html>
"""


class Act(Protocol):
    """Handler that a fault puts in place of the application."""

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, /) -> None:
        """Answer the request, with or without calling `app`."""


@dataclass
class Fault:
    """An `act` for requests whose address matches `pattern` anywhere.

    `first`: only this many requests. `share`: probability per request, drawn from `seed`, the address and its number of
    earlier requests, so it does not depend on the order of requests.
    """

    act: Act
    pattern: str = ""
    first: int | None = None
    name: str = "fault"
    share: float | None = None
    seed: int = 0
    hits: int = 0
    _asked: Counter[str] = field(default_factory=Counter, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def takes(self, address: str) -> bool:
        """Return whether the fault affects this request; count it if so."""
        if re.search(self.pattern, address) is None:
            return False
        with self._lock:
            if self.first is not None and self.hits >= self.first:
                return False
            if self.share is not None and not self._is_drawn(address, self.share):
                return False
            self.hits += 1
            return True

    def _is_drawn(self, address: str, share: float) -> bool:
        earlier = self._asked[address]
        self._asked[address] += 1
        return chance("fault", self.seed, self.name, address, earlier) < share


def status(code: int, *, retry_after: int | None = None, pattern: str = "", first: int | None = None) -> Fault:
    """Return a fault that answers with an error status, and Retry-After in seconds if given."""
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}

    async def act(_app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(f"{code}\n", code, headers)(scope, receive, send)

    return Fault(act, pattern, first)


def block_page(code: int = 200, *, pattern: str = "", first: int | None = None) -> Fault:
    """Return a fault that answers with a challenge page, by default with status 200 like real ones."""

    async def act(_app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await HTMLResponse(_BLOCK_PAGE, code)(scope, receive, send)

    return Fault(act, pattern, first)


def not_connect(*, pattern: str = "^/wa/", first: int | None = None) -> Fault:
    """Return a fault that answers with World Art's tiny page that refreshes to not_connect.html (status 200)."""

    async def act(_app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        page = HTMLResponse(NOT_CONNECT.encode("cp1251"), headers={"content-type": "text/html; charset=windows-1251"})
        await page(scope, receive, send)

    return Fault(act, pattern, first)


def truncate(keep: float = 0.5, *, pattern: str = "", first: int | None = None) -> Fault:
    """Return a fault that sends the share `keep` of the body with the full Content-Length, then closes."""

    async def act(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        async def cut(message: Message) -> None:
            if message["type"] == "http.response.body":
                body = message.get("body", b"")
                message = {**message, "body": body[: int(len(body) * keep)]}
            await send(message)

        await app(scope, receive, cut)

    return Fault(act, pattern, first)


def slow(seconds: float, *, pattern: str = "", first: int | None = None) -> Fault:
    """Return a fault that waits before the real response."""

    async def act(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(seconds)
        await app(scope, receive, send)

    return Fault(act, pattern, first)


def disturbed(app: ASGIApp, faults: Sequence[Fault]) -> ASGIApp:
    """Return `app` behind `faults`: the first fault that takes a request answers it."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            query = scope["query_string"].decode("latin-1")
            address = scope["path"] + (f"?{query}" if query else "")
            for fault in faults:
                if fault.takes(address):
                    scope[FAULT] = fault.name
                    await fault.act(app, scope, receive, send)
                    return
        await app(scope, receive, send)

    return answer
