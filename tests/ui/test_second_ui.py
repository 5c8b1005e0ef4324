"""Two `lap ui` on one home: the second is refused, names the first, whatever its port, and writes nothing."""

import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.engine.contents import contents
from tests.support import Lap, command, environment


def _free_port() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return str(free.getsockname()[1])


def test_the_second_names_the_first(tmp_path: Path, lap: Lap) -> None:
    home = tmp_path / "home"
    home.mkdir()
    first = subprocess.Popen(
        command("ui", "--port", _free_port()), env=environment(LAP_HOME=home), cwd=tmp_path,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    lock = home / "state" / "ui.lock"
    try:
        while not lock.exists() or not lock.stat().st_size:
            assert first.poll() is None
            time.sleep(0.05)
        before = contents(home)
        result = lap("ui", "--port", _free_port(), LAP_HOME=home)
        assert (result.returncode, result.stdout) == (2, "")
        (line,) = result.stderr.splitlines()
        assert line.startswith(f"lap: ui.lock is held by process {first.pid} on {socket.gethostname()} since ")
        assert contents(home) == before
        assert first.poll() is None
    finally:
        first.send_signal(signal.SIGINT)
        first.wait(600)
    assert not lock.exists()
