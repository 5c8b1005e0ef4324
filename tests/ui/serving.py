"""`lap ui` on a home, for tests: its address, and queries to it."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.support import command, environment


@contextmanager
def served_ui(home: Path) -> Iterator[str]:
    """Yield the address of `lap ui` on the home; then ask it to end, and check that it does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        command("ui", "--port", str(port)), env=environment(LAP_HOME=home), cwd=home.parent,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1200):
            try:
                httpx.get(f"{address}/server_info", trust_env=False)
                break
            except httpx.TransportError:
                assert process.poll() is None
                time.sleep(0.5)
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(600)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with its children


def asked(address: str, query: str, **variables: Any) -> Any:
    """Return the data of the UI's GraphQL answer."""
    sent = {"query": query, "variables": variables}
    result = httpx.post(f"{address}/graphql", json=sent, trust_env=False, timeout=600).json()
    assert "errors" not in result, result
    return result["data"]
