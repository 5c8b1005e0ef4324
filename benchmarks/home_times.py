"""Time of commands on a home with many posters, each in a process of its own, as a person waits for it.

The home is invented (`full_home`), models are `none`, and no command sends requests to a site. The commands, their
order and their times belong here.
"""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import polars as pl

from benchmarks.full_home import full_home, invented_posters
from lap_assets.core.home import Home
from lap_assets.core.names import mal_id_of
from lap_assets.core.subfolders import subfolder_of
from lap_assets.core.verdicts.lines import PairVerdict
from lap_assets.core.verdicts.log import VerdictLog
from lap_assets.definitions import build_definitions
from lap_assets.engine.graph import Graph
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings

_NO_SITE: Final = "http://127.0.0.1:9"
"""An address where nothing answers; no measured command uses it."""
_LAP: Final = "from lap_assets.cli import main; main()"


class CommandTime(NamedTuple):
    """Resources of one command.

    `seconds`: wall time; `processor`: seconds of processor time with children; `peak`: MB of the largest process;
    `last_line`: its last line of output.
    """

    what: str
    seconds: float
    processor: float
    peak: float
    last_line: str


def home_times(folder: Path, posters: int, seed: int = 1) -> Iterator[CommandTime]:
    """Yield the time of a home's first refresh, then of later ones: nothing to do, one verdict, 1 % more posters.

    Raises:
        RuntimeError: a command failed; the message has its last line.
    """
    settings = Settings(
        home=folder, sites_url=_NO_SITE, embedder="none", face_detector="none", head_detector="none", upscaler="none"
    )
    graph = Graph(build_definitions(RunContext(settings)))
    every = invented_posters(posters, seed)
    first = every.filter(pl.Series(range(posters)) % 100 != 0)
    full_home(Home(folder), graph, first)
    yield _timed("lap refresh, the first", settings, "refresh")
    yield _timed("lap status", settings, "status")
    yield _timed("lap refresh, nothing to do", settings, "refresh")
    _decide(Home(folder))
    yield _timed("lap refresh, one verdict", settings, "refresh")
    full_home(Home(folder), graph, every)
    yield _timed(f"lap refresh, {posters - first.height:,} more posters", settings, "refresh")


def _timed(what: str, settings: Settings, *command: str) -> CommandTime:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LAP_")}
    began = time.monotonic()
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", _LAP, *command],
        env={**environment, **settings.as_environment()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        output = process.stdout.read() if process.stdout is not None else b""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    last = output.decode(errors="replace").strip().rpartition("\n")[2]
    if process.returncode:
        raise RuntimeError(f"lap {' '.join(command)} ended with {process.returncode}: {last}")
    return CommandTime(what, time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, last)


def _decide(home: Home) -> None:
    """Write one verdict, on the first pair of the queue."""
    with (home.root / "review" / "queue.csv").open(encoding="utf-8", newline="") as opened:
        pair = next(csv.DictReader(opened))
    verdict = PairVerdict(
        reviewer="measured",
        first=pair["first"],
        first_sha256=pair["first_sha256"],
        second=pair["second"],
        second_sha256=pair["second_sha256"],
        verdict="duplicate",
        removed=pair["first"],
    )
    VerdictLog(home.verdicts / f"{subfolder_of(mal_id_of(verdict.first))}.jsonl").append(verdict)
