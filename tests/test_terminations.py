"""SIGTERM ends a run at once after some seconds; as a container's first process, `lap` reaps all children."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lap_assets.commands import stopping
from lap_assets.commands.console import Terminal
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")


def test_sigterm_asks_first_and_then_ends_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_TERM_SECONDS", 0.05)
    work = RunContext(Settings(home=tmp_path))
    asked = False

    def never_ends() -> None:
        nonlocal asked
        with stopping.stopping(work, Terminal()):
            os.kill(os.getpid(), signal.SIGTERM)
            while True:
                time.sleep(0.01)
                asked = asked or work.stop.is_set()

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        never_ends()
    assert asked
    assert signal.getsignal(signal.SIGTERM) is before


def test_work_that_ends_in_time_is_not_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stopping, "_TERM_SECONDS", 0.05)
    work = RunContext(Settings(home=tmp_path))
    with stopping.stopping(work, Terminal()):
        os.kill(os.getpid(), signal.SIGTERM)
        assert work.stop.wait(60)
    for _ in range(20):
        time.sleep(0.01)


WORK = """
import os, signal, subprocess, sys, time
from pathlib import Path
from lap_assets.cli.boundary import main

def work():
    if sys.argv[1] == "wait":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
        print("ready", flush=True)
        time.sleep(600)
    subprocess.run([sys.executable, "-c", "import os; os.fork() or os._exit(0)"])  # leaves an orphan, which ends
    while True:
        states = [one.read_text().rpartition(")")[2].split()[:2] for one in Path("/proc").glob("[0-9]*/stat")]
        if ["Z", "1"] not in states and len(states) == 2:
            sys.exit(5)
        time.sleep(0.01)

main(work)
"""
UNSHARE = [shutil.which("unshare") or "unshare", "--fork", "--pid", "--mount-proc", "--kill-child"]
can_unshare = pytest.mark.skipif(
    shutil.which("unshare") is None or subprocess.run([*UNSHARE, "true"], capture_output=True).returncode != 0,
    reason="no process namespaces here",
)


@can_unshare
def test_the_first_process_waits_for_orphans_and_ends_with_the_commands_status() -> None:
    ended = subprocess.run([*UNSHARE, sys.executable, "-c", WORK, "orphan"], capture_output=True, timeout=600)
    assert ended.returncode == 5, ended.stderr


@can_unshare
def test_the_first_process_passes_signals_on() -> None:
    started = subprocess.Popen([*UNSHARE, sys.executable, "-c", WORK, "wait"], stdout=subprocess.PIPE)
    assert started.stdout is not None
    with started.stdout as output:
        output.readline()
        (first,) = Path(f"/proc/{started.pid}/task/{started.pid}/children").read_text().split()
        os.kill(int(first), signal.SIGTERM)
    assert started.wait(600) == 7
