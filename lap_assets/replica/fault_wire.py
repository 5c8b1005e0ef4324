"""Faults of the connection: refused, reset, cut short, or endless.

Acts that control which bytes reach the client, and when, belong here; wrong content is in `fault_content`.
"""

import asyncio
import gzip
from functools import cache
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from lap_assets.replica.answers import Answer, answered
from lap_assets.replica.faults import Act
from lap_assets.replica.wire import connection

_REFUSED_SECONDS: Final = 0.3
_DRIP_SECONDS: Final = 0.1
_BOMB_BYTES: Final = 128 << 20


async def refused(_app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    """Reset the connection and refuse new ones for 0.3 seconds."""
    await connection(scope).refuse(_REFUSED_SECONDS)
    await connection(scope).reset(receive)


async def reset(app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    """Send half of the body, then reset the connection."""
    answer = await answered(app, scope)
    connection(scope).write(_head(answer, len(answer.body)) + _half(answer))
    await connection(scope).reset(receive)


async def cut_short(app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    """Send half of the body with the Content-Length of the whole."""
    answer = await answered(app, scope)
    connection(scope).write(_head(answer, len(answer.body)) + _half(answer))
    await connection(scope).close(receive)


async def cut_unseen(app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    """Send half of the body with the Content-Length of the half: only the content shows the loss."""
    answer = await answered(app, scope)
    connection(scope).write(_head(answer, len(_half(answer))) + _half(answer))
    await connection(scope).close(receive)


async def too_long(app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    """Send the whole body with half of its Content-Length."""
    answer = await answered(app, scope)
    connection(scope).write(_head(answer, len(_half(answer))) + answer.body)
    await connection(scope).close(receive)


async def cut_without_length(app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    """Send half of the body without a Content-Length: closing the connection ends it."""
    answer = await answered(app, scope)
    connection(scope).write(_head(answer, None) + _half(answer))
    await connection(scope).close(receive)


async def endless(_app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    """Send a body byte by byte without an end, until the client disconnects."""
    reached = connection(scope)
    reached.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html>")
    while not reached.transport.is_closing():
        reached.write(b" ")
        await asyncio.sleep(_DRIP_SECONDS)
    await reached.close(receive)


async def silent(_app: ASGIApp, _scope: Scope, receive: Receive, _send: Send) -> None:
    """Accept the request and never answer it, until the client disconnects."""
    while (await receive())["type"] != "http.disconnect":
        pass


def gzip_bomb(times: int) -> Act:
    """Return an act that sends a small gzip that unpacks to 128 MiB, compressed `times` times."""

    async def act(_app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
        body = await asyncio.to_thread(_bomb, times)
        coding = ", ".join(["gzip"] * times)
        head = f"HTTP/1.1 200 OK\r\ncontent-encoding: {coding}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n"
        connection(scope).write(f"{head}\r\n".encode() + body)
        await connection(scope).close(receive)

    return act


@cache
def _bomb(times: int) -> bytes:
    return gzip.compress(_bomb(times - 1)) if times else bytes(_BOMB_BYTES)


def _half(answer: Answer) -> bytes:
    return answer.body[: len(answer.body) // 2]


def _head(answer: Answer, length: int | None) -> bytes:
    """Return the status line and headers, with this Content-Length or none."""
    lines = [f"HTTP/1.1 {answer.status} -"]
    lines += [f"{name}: {value}" for name, value in answer.headers if name != "content-length"]
    lines += [f"content-length: {length}"] if length is not None else []
    return "\r\n".join([*lines, "connection: close", "", ""]).encode("latin-1")
