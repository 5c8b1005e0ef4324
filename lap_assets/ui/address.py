"""The address of the UI: one port, on loopback only."""

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from lap_assets.core.errors import SettingsError

HOST: Final = "127.0.0.1"
_TAKEN: Final = (errno.EADDRINUSE, errno.EACCES)


@contextmanager
def listening_on(port: int) -> Iterator[socket.socket]:
    """Yield a socket that listens on the port, and close it at the end.

    Raises:
        SettingsError: the port is in use, or this user may not listen on it.
    """
    with socket.socket() as listening:
        if os.name == "posix":  # on Windows this option would let two programs share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
            listening.listen(128)
        except OSError as error:
            if error.errno not in _TAKEN:
                raise
            raise SettingsError(f"--port {port}: {HOST}:{port} is {_why(error)}; choose another port") from None
        yield listening


def _why(error: OSError) -> str:
    return "in use" if error.errno == errno.EADDRINUSE else "not allowed to this user"
