"""Faults of the connection: it is refused, reset, cut, or never comes to its end.

Belongs here: acts that decide which bytes reach the client, and when. What the bytes mean is in `fault_content`.
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
    """Reset the connection, and refuses every new one for a moment."""
    await connection(scope).refuse(_REFUSED_SECONDS)
    await connection(scope).reset(receive)


async def reset(app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    """Send half of the body, and resets the connection."""
    answer = await answered(app, scope)
    connection(scope).write(_head(answer, len(answer.body)) + _half(answer))
    await connection(scope).reset(receive)


async def cut_short(app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    """Send half of the body under the Content-Length of the whole."""
    answer = await answered(app, scope)
    connection(scope).write(_head(answer, len(answer.body)) + _half(answer))
    await connection(scope).close(receive)


async def cut_unseen(app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    """Send half of the body under a Content-Length that fits the half: nothing but the content tells."""
    answer = await answered(app, scope)
    connection(scope).write(_head(answer, len(_half(answer))) + _half(answer))
    await connection(scope).close(receive)


async def too_long(app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    """Send the whole body under a Content-Length of half of it."""
    answer = await answered(app, scope)
    connection(scope).write(_head(answer, len(_half(answer))) + answer.body)
    await connection(scope).close(receive)


async def cut_without_length(app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    """Send half of the body without a Content-Length: the end of the connection ends it."""
    answer = await answered(app, scope)
    connection(scope).write(_head(answer, None) + _half(answer))
    await connection(scope).close(receive)


async def endless(_app: ASGIApp, scope: Scope, receive: Receive, _send: Send) -> None:
    """Send a body that comes byte by byte and has no end; it stops when the client goes."""
    reached = connection(scope)
    reached.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html>")
    while not reached.transport.is_closing():
        reached.write(b" ")
        await asyncio.sleep(_DRIP_SECONDS)
    await reached.close(receive)


async def silent(_app: ASGIApp, _scope: Scope, receive: Receive, _send: Send) -> None:
    """Take the request and never answers, until the client leaves."""
    while (await receive())["type"] != "http.disconnect":
        pass


def gzip_bomb(times: int) -> Act:
    """Send some hundred kilobytes that unpack to 128 MiB; packed `times` times over."""

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
    """Status line and headers, under this Content-Length or none."""
    lines = [f"HTTP/1.1 {answer.status} -"]
    lines += [f"{name}: {value}" for name, value in answer.headers if name != "content-length"]
    lines += [f"content-length: {length}"] if length is not None else []
    return "\r\n".join([*lines, "connection: close", "", ""]).encode("latin-1")
