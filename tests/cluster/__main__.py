"""`make test-cluster`: a plain run, a run on a cluster, and a run on a cluster whose parts are killed.

All three results must be equal. Prints its observations, and exits with status 1 after a failure.
"""

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Final

from dagster._grpc.types import ExecuteStepArgs
from dagster._serdes import unpack_value

from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.serving import serve_in_subprocess
from tests.cluster.backfill import Backfill
from tests.cluster.engines import Missing, Redis, postgres
from tests.cluster.machines import ONE_THREAD, Cluster
from tests.engine.contents import contents
from tests.support import command, environment

Trouble = Callable[[Cluster, Redis, Backfill], None]
ANIME, SEED = 30, 3
WORKERS: Final = {
    "runs-1": "runs", "runs-2": "runs", "runs-3": "runs", "runs-4": "runs",
    "cpu-1": "cpu", "cpu-2": "cpu", "mal-1": "mal", "mal-2": "mal", "wa-1": "wa",
}  # fmt: skip
_PATIENCE: Final = 1500


def main() -> int:
    """Run the three, and compare."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # an interrupted run leaves no process behind
    with tempfile.TemporaryDirectory(prefix="lap-cluster-") as folder:
        work = Path(folder)
        work.chmod(0o755)  # Postgres runs as another user
        try:
            redis = Redis(work / "redis")
            with postgres(work / "postgres") as database:
                redis.start()
                try:
                    _compare(work, redis, database)
                finally:
                    redis.kill()
        except Missing as missing:
            print(f"not run: {missing}")
    return 0


def _compare(work: Path, redis: Redis, database: str) -> None:
    alone, seconds = _on_one_machine(work)
    for name, trouble in (("calm", None), ("trouble", _make_trouble)):
        log = work / f"{name}.requests"
        with serve_in_subprocess(procedural_catalog(ANIME, SEED), request_log=log) as sites:
            cluster = Cluster(work / name, work / f"{name}-machines", sites=sites, broker=redis.url, database=database)
            with cluster, _shown_on_failure(cluster):
                _run(cluster, redis, trouble, seconds)
                _must_be_polite(log)
                _must_stop_cleanly(cluster)
        _must_be_the_same(contents(alone), contents(work / name))
        _forget(database)


def _on_one_machine(work: Path) -> tuple[Path, float]:
    home = work / "alone"
    began = time.monotonic()
    arguments = command("demo", "--anime", str(ANIME), "--seed", str(SEED), "--jobs", "1")
    subprocess.run(arguments, env=environment(LAP_HOME=home, **ONE_THREAD), check=True, capture_output=True)
    seconds = time.monotonic() - began
    print(f"one machine, one step after the other: {seconds:.0f} s", flush=True)
    return home, seconds


def _run(cluster: Cluster, redis: Redis, trouble: Trouble | None, alone: float) -> None:
    for name, queue in WORKERS.items():
        cluster.start_worker(name, queue)
    cluster.wait_for_workers(*WORKERS)
    cluster.wait(cluster.web_answers, "the webserver does not answer")
    began = time.monotonic()
    backfill = Backfill.launch(cluster)
    if trouble is not None:
        trouble(cluster, redis, backfill)
    cluster.wait(backfill.is_over, "the backfill does not end", _PATIENCE)
    seconds = time.monotonic() - began
    assert backfill.status() == "COMPLETED_SUCCESS", backfill.status()
    assert not backfill.missing(), backfill.missing()
    _tell(cluster, backfill, seconds, alone)


def _tell(cluster: Cluster, backfill: Backfill, seconds: float, alone: float) -> None:
    runs = backfill.runs()
    steps = [step for run in runs for step in run["stepStats"] if step["endTime"] and step["startTime"]]
    inside = sum(step["endTime"] - step["startTime"] for step in steps)
    print(f"cluster: {seconds:.0f} s; {len(runs)} runs, {len(steps)} steps, {inside:.0f} s within steps")
    print(f"beyond the run on one machine: {(seconds - alone) / max(1, len(steps)):.2f} s a step")
    print(f"memory (MB): {cluster.memory()}", flush=True)


def _make_trouble(cluster: Cluster, redis: Redis, backfill: Backfill) -> None:
    """Kill (-9) a busy worker of each kind, and Redis, which stays down for ten seconds."""
    for name in ("mal-1", "cpu-1", "runs-1"):
        queue = WORKERS[name]
        victim, step = _busy_worker(cluster, backfill, queue)
        cluster.kill(victim)
        print(f"killed {victim} during {step}", flush=True)
        cluster.start_worker(f"{victim}-again", queue)
        time.sleep(10)
    redis.kill()
    print("killed Redis", flush=True)
    time.sleep(10)
    redis.start()


def _busy_worker(cluster: Cluster, backfill: Backfill, queue: str) -> tuple[str, str]:
    """Return a busy worker of the queue, and its task."""
    names = {cluster.node(name): name for name, of in WORKERS.items() if of == queue}
    found: list[tuple[str, str]] = []

    def look() -> bool:
        found[:] = [(names[node], step) for node, step in _at_work(cluster) if node in names]
        assert not backfill.is_over(), f"nothing was seen at work on {queue}"
        return bool(found)

    cluster.wait(look, f"nobody works on {queue}", _PATIENCE)
    return found[0]


def _at_work(cluster: Cluster) -> Iterator[tuple[str, str]]:
    """Return (worker, task) of all busy workers, from Celery."""
    from lap_assets.cluster.broker import broker_app
    from lap_assets.settings import Settings

    app = broker_app(Settings(broker_url=str(cluster.variables["LAP_BROKER_URL"])))
    for node, tasks in (app.control.inspect(timeout=2).active() or {}).items():
        for task in tasks:
            packed = task["kwargs"].get("execute_step_args_packed")
            keys = unpack_value(packed, as_type=ExecuteStepArgs).step_keys_to_execute if packed else None
            yield node, " ".join(keys or ["a run"])


def _must_be_polite(log: Path) -> None:
    """Check that no two requests to a site overlapped, from any workers."""
    asked: dict[str, list[tuple[float, float]]] = {"mal": [], "wa": []}
    for line in log.read_text().splitlines():
        request = json.loads(line)
        if request["site"]:
            asked[request["site"].split("-")[0]].append((request["start"], request["end"]))
    for site, spans in asked.items():
        spans.sort()
        overlapping = sum(second[0] < first[1] for first, second in pairwise(spans))
        assert not overlapping, f"{overlapping} requests to {site} overlapped"
        print(f"{len(spans)} requests to {site}, never two at a time", flush=True)


def _must_be_the_same(one: dict[str, str], other: dict[str, str]) -> None:
    differing = sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))
    assert not differing, f"{len(differing)} files differ: {differing[:20]}"
    print(f"{len(one)} files are the same as on one machine", flush=True)


def _must_stop_cleanly(cluster: Cluster) -> None:
    worker = cluster.living_workers("cpu")[0]  # one of the two may have been killed while busy
    cluster.wait_for_workers(worker)
    began = time.monotonic()
    assert cluster.stop(worker) == 0, cluster.log(worker)
    print(f"an idle worker ended {time.monotonic() - began:.1f} s after SIGTERM", flush=True)


def _forget(database: str) -> None:
    """Empty the database for the next cluster."""
    import sqlalchemy

    with sqlalchemy.create_engine(database).begin() as connection:
        connection.execute(sqlalchemy.text("DROP SCHEMA public CASCADE"))
        connection.execute(sqlalchemy.text("CREATE SCHEMA public"))


@contextmanager
def _shown_on_failure(cluster: Cluster) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for log in sorted(cluster.folder.glob("*/log")):
            print(
                f"--- {log.parent.name}", *log.read_text(errors="replace").splitlines()[-25:], sep="\n", file=sys.stderr
            )
        raise


if __name__ == "__main__":
    sys.exit(main())
