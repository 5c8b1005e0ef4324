"""Kill one part of a demo at random moments: the command, a worker, or the replica (`make crash-parts`).

python -m tests.crashes.parts KILLS ANIME

After the kill of a worker or the replica the command may end by itself; if it continues, it is killed later.
Then it is restarted. After its last, undisturbed run, the files must equal those of a run without kills. ANIME is 30
or more, the demo's minimum.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, get_args

from tests.crashes.killing import run_to_its_end, steps_begun, was_begun
from tests.engine.contents import contents
from tests.support import SECONDS, command, environment

Part = Literal["command", "worker", "replica"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
_MODULES: Final = {"worker": "lap_assets.engine.worker", "replica": "lap_assets.replica.child"}
_ENDS: Final = (0, 1, 2, 3)  # done, failed steps, user error, sites unreachable: never the status of a bug


@dataclass(slots=True)
class Killed:
    """One kill: the part, the step in progress, and the command's exit status afterwards (None: it was killed)."""

    kills: list[tuple[Part, str, int | None]] = field(default_factory=list)


def kill_parts_and_finish(
    arguments: Sequence[str],
    variables: Mapping[str, str],
    folder: Path,
    *,
    parts: Sequence[Part],
    chance: random.Random,
    steps: int,
) -> Killed:
    """Kill these parts one after the other, each after up to `steps` started steps; then let the command finish.

    Raises:
        RuntimeError: the command ended with the status of a bug, or its last run failed; the message has its output.
    """
    killed, log = Killed(), folder / "said.txt"
    for part in parts:
        step, status = _killed(arguments, variables, folder, log, part, (chance.randint(1, steps), chance.random()))
        if status is not None and status not in _ENDS:
            raise RuntimeError(f"{status} after the {part} was killed at {step}: {log.read_text()[-3000:]}")
        killed.kills.append((part, step, status))
    status = run_to_its_end(arguments, variables, folder, log, SECONDS)
    if status != 0:
        raise RuntimeError(f"ended with {status}: {log.read_text()[-3000:]}")
    return killed


def _killed(
    arguments: Sequence[str],
    variables: Mapping[str, str],
    folder: Path,
    log: Path,
    part: Part,
    after: tuple[int, float],
) -> tuple[str, int | None]:
    with log.open("w") as output:
        process = subprocess.Popen(arguments, env=dict(variables), cwd=folder, stdout=output, stderr=output)
    try:
        if was_begun(process, log, SECONDS, after[0]):
            time.sleep(after[1])
        step = (steps_begun(log) or ["nothing"])[-1]
        victim = next(_processes(process.pid, part), None)
        if victim is not None:
            with suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        if part != "command" and was_begun(process, log, SECONDS, len(steps_begun(log)) + after[0]):
            process.kill()  # it continued without that part for as many steps again
        status = process.wait(SECONDS)
        return step, status if status >= 0 else None
    finally:
        process.kill()
        process.wait()


def _processes(parent: int, part: Part) -> Iterator[int]:
    """Return the child processes of the command that belong to a part."""
    if part == "command":
        yield parent
        return
    for pid in _below(parent):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if _MODULES[part].encode() in words:
            yield pid


def _below(parent: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            children.setdefault(int(path.read_text().rpartition(")")[2].split()[1]), []).append(int(path.parent.name))
        except (OSError, ValueError):
            continue
    found, waiting = [], [parent]
    while waiting:
        own = children.get(waiting.pop(), [])
        found += own
        waiting += own
    return sorted(found)


def main(kills: int, anime: int) -> int:
    """Return how many files differ after `kills` kills of alternating parts."""
    demo = command("demo", "--anime", str(anime), "--seed", "3", "--jobs", "2")
    with tempfile.TemporaryDirectory() as place:
        began, ends, killed = time.monotonic(), [], Killed()
        for name, parts in (("undisturbed", []), ("killed", [PARTS[n % len(PARTS)] for n in range(kills)])):
            folder = Path(place) / name
            folder.mkdir()
            killed = kill_parts_and_finish(
                demo, environment(LAP_HOME=folder / "home"), folder, parts=parts, chance=random.Random(5), steps=9
            )
            ends.append(contents(folder / "home"))
        wrong = sorted(name for name in ends[0].keys() | ends[1].keys() if ends[0].get(name) != ends[1].get(name))
    print(f"{kills} kills in {time.monotonic() - began:.0f} s, {len(wrong)} files differ of {len(ends[0])}", *wrong[:9])
    for (part, status), count in Counter((part, status) for part, _, status in killed.kills).most_common():
        print(f"  the {part}: {count} times, then the command ended with {'the kill' if status is None else status}")
    for step, count in Counter(step.split(" [")[0] for _, step, _ in killed.kills).most_common():
        print(f"  while at work on {step}: {count}")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]), int(sys.argv[2]))))
