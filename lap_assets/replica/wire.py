"""The connection behind a request, for faults below the level of HTTP: raw bytes, resets, refusals.

Access to the socket from an ASGI application belongs here; the faults are in `fault_wire`.
"""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.auto import AutoHTTPProtocol

_KEY: Final = "lap.connection"
_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER of 0 seconds: closing sends a reset


@dataclass(frozen=True, slots=True)
class Connection:
    """The connection of one request. `refuse` closes the server's port for a number of seconds."""

    transport: asyncio.Transport
    refuse: Callable[[float], Awaitable[None]]

    def write(self, data: bytes) -> None:
        """Send raw bytes."""
        self.transport.write(data)

    async def close(self, receive: Receive) -> None:
        """Send the written bytes, then close the connection."""
        self.transport.close()
        await _gone(receive)

    async def reset(self, receive: Receive) -> None:
        """Send the written bytes, then end the connection with a reset."""
        while self.transport.get_write_buffer_size():
            await asyncio.sleep(0.01)
        if (end := self.transport.get_extra_info("socket")) is not None:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.transport.abort()
        await _gone(receive)


def connection(scope: Scope) -> Connection:
    """Return the connection of a request.

    Raises:
        KeyError: the application is not served by `serving`.
    """
    found: Connection = scope[_KEY]
    return found


def protocol(refuse: Callable[[float], Awaitable[None]]) -> type[asyncio.Protocol]:
    """Return uvicorn's protocol class, extended to put the connection into each request's scope."""
    base: Any = AutoHTTPProtocol

    class _Reaching(base):  # type: ignore[misc]
        app: ASGIApp

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            inner, reached = self.app, Connection(transport, refuse)

            async def app(scope: Scope, receive: Receive, send: Send) -> None:
                scope[_KEY] = reached
                await inner(scope, receive, send)

            self.app = app

    return _Reaching


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
