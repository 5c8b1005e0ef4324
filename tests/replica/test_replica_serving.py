import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from lap_assets.replica.catalog import Catalog
from lap_assets.replica.serving import Replica, run_replica, serve_in_subprocess


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=60).status_code == 200
    except httpx.TransportError:
        return False


def comes_true(what: Callable[[], bool], seconds: float = 600) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.1)
    return False


def test_a_thread_serves_until_its_block_ends(small: Catalog) -> None:
    with Replica(small) as replica:
        assert replica.url.startswith("http://127.0.0.1:")
        assert answers(replica.url)
    assert not answers(replica.url)


def test_a_subprocess_serves_until_its_block_ends(small: Catalog, tmp_path: Path) -> None:
    log = tmp_path / "log" / "requests.jsonl"
    with serve_in_subprocess(small, request_log=log) as url:
        page = httpx.get(f"{url}/mal/anime/7/x/pics")
        assert "gallery-anime" in page.text
        assert len(log.read_text().splitlines()) == 1
    assert not answers(url)


def test_an_error_in_the_block_ends_the_subprocess_too(small: Catalog) -> None:
    with pytest.raises(KeyError), serve_in_subprocess(small) as url:
        raise KeyError
    assert not answers(url)


@pytest.mark.parametrize("serve", [Replica, serve_in_subprocess])
def test_a_port_that_is_taken_is_named(small: Catalog, serve: Callable[..., object]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ValueError, match=f"port {port}: .*choose another"), serve(small, port=port):  # type: ignore[attr-defined]
            pass


def test_the_subprocess_dies_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, time\n"
        "from lap_assets.replica.procedural import procedural_catalog\n"
        "from lap_assets.replica.serving import serve_in_subprocess\n"
        "with serve_in_subprocess(procedural_catalog(5, 1)) as url:\n"
        "    if os.fork() == 0:\n"  # a sibling that holds the pipe open
        "        time.sleep(3600)\n"
        "    print(os.getpid(), url, flush=True)\n"
        "    time.sleep(3600)\n"
    )
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert parent.stdout is not None
    try:
        url = parent.stdout.readline().split()[1]
        assert answers(url)
        parent.kill()
        parent.wait()
        assert comes_true(lambda: not answers(url))
    finally:
        os.killpg(parent.pid, signal.SIGKILL)
        parent.stdout.close()


def test_ctrl_c_ends_a_replica_that_runs_in_the_foreground(tmp_path: Path) -> None:
    script = tmp_path / "foreground.py"
    script.write_text(
        "from lap_assets.replica.procedural import procedural_catalog\n"
        "from lap_assets.replica.serving import run_replica\n"
        "run_replica(procedural_catalog(5, 1), on_ready=lambda url: print(url, flush=True))\n"
        "print('ended')\n"
    )
    running = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    assert running.stdout is not None
    assert answers(running.stdout.readline().strip())
    running.send_signal(signal.SIGINT)
    assert running.communicate(timeout=600)[0] == "ended\n"
    assert running.returncode == 0


def test_a_bad_port_is_refused_before_anything_starts(small: Catalog) -> None:
    with pytest.raises(ValueError, match="port 70000"):
        run_replica(small, port=70_000, on_ready=lambda _: None)


def test_the_request_log_has_a_line_for_each_request(small: Catalog, tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    before = time.time()
    with Replica(small, request_log=log) as replica, httpx.Client(base_url=replica.url, timeout=600) as client:
        for path in ("/mal/anime.php?o=9&show=0", "/mal/anime/6/x/pics", "/mal-cdn/robots.txt", "/wa/robots.txt", "/"):
            client.get(path)
    lines = [json.loads(line) for line in log.read_text().splitlines()]

    assert [(line["site"], line["path"], line["status"]) for line in lines] == [
        ("mal", "/anime.php?o=9&show=0", 200),
        ("mal", "/anime/6/x/pics", 404),
        ("mal-cdn", "/robots.txt", 200),
        ("wa", "/robots.txt", 200),
        ("", "/", 200),
    ]
    assert all(before <= line["start"] <= line["end"] <= time.time() for line in lines)
