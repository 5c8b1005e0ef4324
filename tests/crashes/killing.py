"""Kill a command repeatedly at random moments, and let it finish.

Starting, killing (the command and all its processes) and restarting belong here. Results are compared in
the tests and in `__main__`.
"""

import os
import random
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Killed:
    """Number of kills of a command, and the step in progress at each kill (from its output)."""

    times: int = 0
    at: list[str] = field(default_factory=list)


def kill_and_finish(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    *,
    kills: int,
    chance: random.Random,
    steps: int,
    timeout: float,
) -> Killed:
    """Run the command, kill it `kills` times, each after up to `steps` started steps; then let it finish.

    Steps are counted instead of seconds, so that kills on a slow machine do not always hit the first step.

    Raises:
        RuntimeError: the last run, without a kill, failed; the message has its output.
    """
    killed = Killed()
    log = folder / "said.txt"
    while killed.times < kills:
        if (
            _run(command, environment, folder, log, timeout, after=(chance.randint(1, steps), chance.uniform(0, 1)))
            is not None
        ):
            break
        killed.times += 1
        killed.at.append(_last_step(log))
    status = _run(command, environment, folder, log, timeout)
    if status != 0:
        raise RuntimeError(f"ended with {status} after {killed.times} kills: {log.read_text()[-3000:]}")
    return killed


def _run(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    log: Path,
    timeout: float,
    *,
    after: tuple[int, float] | None = None,
) -> int | None:
    """Return the exit status, or None if it was killed, `after` a number of steps and then seconds.

    Its workers, in sessions of their own, end with it.
    """
    with log.open("w") as output:
        process = subprocess.Popen(command, env=dict(environment), cwd=folder, stdout=output, stderr=output)
        try:
            if after is not None and was_begun(process, log, timeout, after[0]):
                try:
                    return process.wait(after[1])
                except subprocess.TimeoutExpired:
                    os.kill(process.pid, signal.SIGKILL)
                    process.wait()
                    return None
            return process.wait(timeout)
        finally:
            process.kill()
            process.wait()


def was_begun(process: "subprocess.Popen[bytes]", log: Path, timeout: float, steps: int) -> bool:
    """Wait until its output reports the start of this many steps; return False if it ended before."""
    until = time.monotonic() + timeout
    while process.poll() is None and time.monotonic() < until:
        if len(steps_begun(log)) >= steps:
            return True
        time.sleep(0.02)
    return False


def run_to_its_end(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, log: Path, timeout: float
) -> int | None:
    """Return the exit status of an undisturbed run."""
    return _run(command, environment, folder, log, timeout)


def _last_step(log: Path) -> str:
    steps = steps_begun(log)
    return steps[-1].split(" [")[0] if steps else "nothing"


def steps_begun(log: Path) -> list[str]:
    """Return the steps that started according to the command's output."""
    return [line.split(":")[0] for line in log.read_text(errors="replace").splitlines() if _is_step(line)]


def _is_step(line: str) -> bool:
    name, colon, _ = line.partition(":")
    return bool(colon) and not line.startswith(" ") and "_" in name and "/" not in name
