"""Kill a review tool at random moments: all reported actions must be kept, and the result be equal."""

import random
import signal
import subprocess
import sys
from pathlib import Path

from tests.crashes.at_work import prepare, standing


def kill_reviewer(tool: str, folder: Path, *, actions: int, kills: int, chance: random.Random) -> int:
    """Work in two folders, killed `kills` times in one of them; return the number of kills.

    Raises:
        AssertionError: more than the unfinished action is lost, or the results differ.
    """
    alone, killed = folder / "alone", folder / "killed"
    prepare(alone)
    prepare(killed)
    stood = [standing(tool, alone), *_undisturbed(tool, alone, actions)]
    times = done = 0
    while times < kills and done < len(stood) - 1:
        last, was_killed = _killed(tool, killed, done, actions, chance)
        found = standing(tool, killed)
        assert found in stood[last : last + 2], f"after action {last} of the {tool}: {found}, not {stood[last]}"
        done = last + 1 if found != stood[last] else last
        times += was_killed
    _undisturbed(tool, killed, actions, done)
    assert standing(tool, killed) == standing(tool, alone) == stood[-1]
    return times


def _undisturbed(tool: str, folder: Path, until: int, done: int = 0) -> list[str]:
    """Return the state after each action."""
    ended = subprocess.run(_command(tool, folder, done, until), capture_output=True, text=True, timeout=600)
    assert ended.returncode == 0, ended.stderr
    return [line.partition(" ")[2] for line in ended.stdout.splitlines()]


def _killed(tool: str, folder: Path, done: int, until: int, chance: random.Random) -> tuple[int, bool]:
    """Kill it after some actions, during the next one; return the last reported action, and whether it was killed.

    It may have finished before the kill.
    """
    enough, wait = chance.randint(1, 8), chance.uniform(0, 0.05)
    with subprocess.Popen(_command(tool, folder, done, until), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        reports = [process.stdout.readline() for _ in range(enough)]
        try:
            process.wait(wait)
        except subprocess.TimeoutExpired:
            process.kill()
        reports += process.stdout.readlines()
    assert process.returncode in (0, -signal.SIGKILL), f"the {tool} ended by itself with {process.returncode}"
    whole = [line for line in reports if line.endswith("\n")]
    last = int(whole[-1].partition(" ")[0]) if whole else done
    return last, process.returncode != 0


def _command(tool: str, folder: Path, done: int, until: int) -> list[str]:
    return [sys.executable, "-m", "tests.crashes.at_work", tool, str(folder), str(done), str(until)]
