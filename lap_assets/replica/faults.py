"""Faults of the replica, for tests of clients: which requests they touch, and those that answer something else.

A fault touches the requests whose site, path and query (such as "/mal/anime.php?o=9&show=0") match its pattern, only
the first `first` of them where that is given, and a share of them, drawn from a seed, where that is given. Faults are
ASGI wrappers; `disturbed` puts a list of them before an application, and the list may be changed while it serves.
Faults of the connection are in `fault_wire`, spoiled answers in `fault_content`, their names in `fault_kinds`.
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

FAULT = "lap.fault"  # where a request's scope names the fault that touched it

_BLOCK_PAGE = """<!DOCTYPE html><html lang="en"><head><title>Just a moment...</title></head><body>
<div id="cf-chl-widget"><h1>Human Verification</h1><p>Enable JavaScript and cookies to continue.</p></div></body></html>
"""


class Act(Protocol):
    """What a fault does in place of the application."""

    async def __call__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, /) -> None:
        """Answer the request, with or without the help of `app`."""


@dataclass
class Fault:
    """`act` for the requests whose address matches `pattern` somewhere.

    `first`: only so many of them; `share`: each with this chance, drawn from `seed`, the address, and how often it was
    asked before: the same however requests are ordered.
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
        """Return whether this request is to be disturbed; counts it if so."""
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
        before = self._asked[address]
        self._asked[address] += 1
        return chance("fault", self.seed, self.name, address, before) < share


def status(code: int, *, retry_after: int | None = None, pattern: str = "", first: int | None = None) -> Fault:
    """Answer with a bare error status, with Retry-After in seconds where given."""
    headers = {} if retry_after is None else {"retry-after": str(retry_after)}

    async def act(_app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(f"{code}\n", code, headers)(scope, receive, send)

    return Fault(act, pattern, first)


def block_page(code: int = 200, *, pattern: str = "", first: int | None = None) -> Fault:
    """Answer with a challenge page, by default with status 200 as the real ones do."""

    async def act(_app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await HTMLResponse(_BLOCK_PAGE, code)(scope, receive, send)

    return Fault(act, pattern, first)


def not_connect(*, pattern: str = "^/wa/", first: int | None = None) -> Fault:
    """Answer with World Art's tiny page that refreshes to not_connect.html (status 200)."""

    async def act(_app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        page = HTMLResponse(NOT_CONNECT.encode("cp1251"), headers={"content-type": "text/html; charset=windows-1251"})
        await page(scope, receive, send)

    return Fault(act, pattern, first)


def truncate(keep: float = 0.5, *, pattern: str = "", first: int | None = None) -> Fault:
    """Send the first part of the real answer, under the Content-Length of the whole, and closes the connection."""

    async def act(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        async def cut(message: Message) -> None:
            if message["type"] == "http.response.body":
                body = message.get("body", b"")
                message = {**message, "body": body[: int(len(body) * keep)]}
            await send(message)

        await app(scope, receive, cut)

    return Fault(act, pattern, first)


def slow(seconds: float, *, pattern: str = "", first: int | None = None) -> Fault:
    """Wait before the real answer."""

    async def act(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(seconds)
        await app(scope, receive, send)

    return Fault(act, pattern, first)


def disturbed(app: ASGIApp, faults: Sequence[Fault]) -> ASGIApp:
    """`app` behind `faults`: the first that takes a request answers it."""

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
