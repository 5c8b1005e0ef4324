"""The replica's socket, and a server that reports when it is ready and can refuse connections."""

import asyncio
import socket
from collections.abc import Callable
from typing import Any, Final

import uvicorn

from lap_assets.core.errors import InputError
from lap_assets.replica.wire import protocol

HOST: Final = "127.0.0.1"


def listening(port: int) -> socket.socket:
    """Return a socket that listens on the loopback interface; port 0: any free port.

    Raises:
        InputError: the port is taken or not allowed.
    """
    try:
        listener = _bound(port)
    except (OSError, OverflowError) as error:
        raise InputError(f"port {port}: {error}; choose another, or 0 for any free port") from None
    listener.listen(128)
    return listener


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((HOST, port))
    except (OSError, OverflowError):
        bound.close()
        raise
    return bound


class Server(uvicorn.Server):
    """uvicorn that reports when it is ready, and can refuse connections for a while."""

    def __init__(self, app: Any, listener: socket.socket, on_ready: Callable[[str], None]) -> None:
        config = uvicorn.Config(
            app,
            http=protocol(self.refuse),
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=1,
            ws="none",
        )
        super().__init__(config)
        self._port = listener.getsockname()[1]
        self._url = f"http://{HOST}:{self._port}"
        self._on_ready = on_ready
        self._opening: asyncio.Task[None] | None = None

    async def refuse(self, seconds: float) -> None:
        """Close the port now and reopen it after `seconds`; open connections are not affected."""
        if self._opening is not None and not self._opening.done():
            return
        for server in self.servers:
            server.close()
        self._opening = asyncio.create_task(self._open_after(seconds, _bound(self._port)))

    async def _open_after(self, seconds: float, bound: socket.socket) -> None:
        """Listen again after `seconds`. A bound socket that does not listen reserves the port and refuses clients."""
        await asyncio.sleep(seconds)
        loop = asyncio.get_running_loop()
        protocol_class = self.config.http_protocol_class
        self.servers = [
            await loop.create_server(
                lambda: protocol_class(  # type: ignore[call-arg]
                    config=self.config, server_state=self.server_state, app_state=self.lifespan.state
                ),
                sock=bound,
            )
        ]

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and report the address if successful."""
        await super().startup(sockets)
        if self.started:
            self._on_ready(self._url)
