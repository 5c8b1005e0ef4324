"""`make load`: run a demo to the end with a share of every kind of fault; the dataset must equal that without faults.

python -m tests.crashes.load ANIME SHARE

If a breaker opens, the wait is skipped by moving its time back, after counting the requests made meanwhile.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lap_assets.run_context import RunContext
from lap_assets.settings import Settings
from tests.crashes.asking import Requests, banned, end_bans, every_fault
from tests.engine.contents import contents
from tests.support import SECONDS, command, environment

_RUNS: Final = 1000
_SCRAPED: Final = ("mal_catalog", "wa_catalog", "matched_ids", "mal_posters", "wa_posters")


def main(anime: int, share: float) -> int:
    """Return 0 if the two datasets are equal and no request was sent while a breaker was open."""
    with tempfile.TemporaryDirectory() as place:
        usual, _ = _run_all(Path(place) / "usual", anime, [])
        disturbed, after_ban = _run_all(Path(place) / "disturbed", anime, every_fault(share))
        wrong = [name for name in usual.keys() | disturbed.keys() if usual.get(name) != disturbed.get(name)]
        print(f"{len(usual)} files without faults, {len(wrong)} differ with them", *sorted(wrong)[:20], sep="\n  ")
        return min(len(wrong) + after_ban, 1)


def _run_all(folder: Path, anime: int, faults: list[str]) -> tuple[dict[str, str], int]:
    folder.mkdir()
    log, home = folder / "requests.jsonl", folder / "home"
    serve = command("replica", "--anime", str(anime), "--port", "0", "--log", str(log))
    options = [part for fault in faults for part in ("--faults", fault)]
    began = time.monotonic()
    with subprocess.Popen([*serve, *options], env=environment(), stdout=subprocess.PIPE, text=True) as replica:
        try:
            assert replica.stdout is not None
            url = replica.stdout.readline().strip().partition("=")[2]
            runs, after_ban = _until_done(home, url, log)
        finally:
            replica.terminate()
    asked = Requests(log).read()
    hits = asked.faults
    print(
        f"{'with' if faults else 'without'} faults: {runs} runs, {time.monotonic() - began:.0f} s,"
        f" {asked.of_site.total():,} requests,"
        f" {hits.total():,} faults of {len(hits)} kinds, {after_ban} requests made while a breaker was open",
        flush=True,
    )
    print("  " + ", ".join(f"{kind} {count}" for kind, count in hits.most_common()), flush=True)
    return contents(home), after_ban


def _until_done(home: Path, url: str, log: Path) -> tuple[int, int]:
    """Run until nothing is left to do; return the number of runs, and of requests sent while a breaker was open.

    Everything after the scrapes runs once, when all posters are there: partial releases would take hours.
    """
    variables = environment(
        LAP_HOME=home, LAP_SITES_URL=url, LAP_PAUSE="0", LAP_REQUEST_SECONDS="1", LAP_SWEEP_DAYS="30"
    )
    runs, after_ban = _scrape_all(home, variables, log)
    ended = _run(command("run"), variables)
    if ended.returncode != 0:
        raise RuntimeError(ended.stderr[-2000:])
    return runs + 1, after_ban


def _scrape_all(home: Path, variables: Mapping[str, str], log: Path) -> tuple[int, int]:
    """Scrape until a run succeeds without requests: a failing picture is requested three times."""
    scrape = command("run", *(part for asset in _SCRAPED for part in ("--only", asset)))
    work, asked, after_ban = RunContext(Settings(home=home)), Requests(log), 0
    for runs in range(1, _RUNS):
        before = asked.read().of_site.total()
        ended = _run(scrape, variables)
        if ended.returncode == 0 and asked.read().of_site.total() == before:
            return runs, after_ban
        if closed := banned(work):  # run again while it is open: no request may go to that site
            before = sum(asked.read().of_site[site] for site in closed)
            _run(scrape, variables)
            after_ban += sum(asked.read().of_site[site] for site in closed) - before
            end_bans(work, closed)
    raise RuntimeError(f"not done after {_RUNS} runs: {ended.stderr[-2000:]}")


def _run(step: list[str], variables: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(step, env=variables, capture_output=True, text=True, timeout=SECONDS)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2])))
