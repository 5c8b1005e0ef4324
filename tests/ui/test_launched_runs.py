"""The job `refresh_stale` live: the launcher executes its runs, and canceled or killed runs leave nothing held."""

import os
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from lap_assets.core.home import Home
from lap_assets.engine.instance import OPEN, instance_of, open_instance
from lap_assets.engine.launched_runs import REFRESH_TAG
from tests.ui.serving import asked, served_ui

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ui")]
_WIPED = "baseline_head_boxes"  # of the pool `model`
_POOL = "model"
_LAUNCH = """mutation($it: ExecutionParams!) { launchRun(executionParams: $it) {
    __typename ... on LaunchRunSuccess { run { runId } } } }"""
_TERMINATE = "mutation($id: String!) { terminateRun(runId: $id, terminatePolicy: SAFE_TERMINATE) { __typename } }"


@pytest.fixture(scope="module")
def home(finished_demo: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(finished_demo[0], tmp_path_factory.mktemp("launched") / "home", symlinks=True))


@pytest.fixture(scope="module")
def ui(home: Path) -> Iterator[str]:
    with served_ui(home) as address:
        yield address


@pytest.fixture
def instance(home: Path) -> Iterator[dg.DagsterInstance]:
    with open_instance(Home(home)) as opened:
        yield opened


def launched(ui: str) -> str:
    selector = {"repositoryName": "__repository__", "repositoryLocationName": "lap", "jobName": "refresh_stale"}
    result = asked(ui, _LAUNCH, it={"selector": selector, "mode": "default", "runConfigData": {}})
    return str(result["launchRun"]["run"]["runId"])


def until(found: Callable[[], Any], seconds: float = 900) -> Any:
    """Wait for a result, even on a busy machine."""
    ends = time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < ends
        time.sleep(0.3)
    return value


def holders(instance: dg.DagsterInstance) -> set[str]:
    return set(instance.event_log_storage.get_concurrency_info(_POOL).active_run_ids)


def killed_at_work(instance: dg.DagsterInstance) -> str | None:
    """Kill the process of a run that holds the pool, and return the run; None if none does, or it has just ended."""
    for run_id in holders(instance):
        with suppress(ProcessLookupError):
            if (pid := pid_of(instance, run_id)) is None:
                continue
            os.kill(pid, signal.SIGSTOP)  # it cannot end between the look at it and the kill
            run = instance.get_run_by_id(run_id)
            if run is not None and not run.is_finished:
                os.kill(pid, signal.SIGKILL)
                return run_id
            os.kill(pid, signal.SIGCONT)
    return None


def test_canceling_a_refresh_leaves_no_run_open_and_no_pool_held(ui: str, instance: dg.DagsterInstance) -> None:
    instance.wipe_assets([dg.AssetKey(_WIPED)])
    refresh = launched(ui)
    (child,) = until(lambda: holders(instance))
    run = instance.get_run_by_id(child)
    assert run is not None
    assert run.tags[REFRESH_TAG] == refresh
    assert ".dagster/grpc_info" in run.tags, "the launcher did not start it"
    assert asked(ui, _TERMINATE, id=refresh)["terminateRun"]["__typename"] == "TerminateRunSuccess"
    until(lambda: not instance.get_runs(dg.RunsFilter(statuses=OPEN)))
    until(lambda: not holders(instance))
    statuses = {one.status for one in instance.get_runs(dg.RunsFilter(run_ids=[refresh, child]))}
    assert statuses <= {dg.DagsterRunStatus.CANCELED, dg.DagsterRunStatus.SUCCESS}


def test_a_killed_worker_frees_its_pool_and_the_refresh_continues(
    ui: str, home: Path, instance: dg.DagsterInstance
) -> None:
    instance.wipe_assets([dg.AssetKey(_WIPED)])
    shutil.rmtree(home / "tables" / _WIPED)  # without its rows, each picture is searched again, which takes a while
    refresh = launched(ui)
    victim = until(lambda: killed_at_work(instance))
    until(lambda: victim not in holders(instance))
    until(lambda: holders(instance) - {victim})
    until(lambda: not instance.get_runs(dg.RunsFilter(statuses=OPEN)))
    ended = instance.get_run_by_id(refresh)
    assert ended is not None
    assert ended.status is dg.DagsterRunStatus.FAILURE, "one step was killed"
    again = launched(ui)
    until(lambda: not instance.get_runs(dg.RunsFilter(statuses=OPEN)))
    with instance_of(Home(home)) as fresh:
        made = fresh.get_run_by_id(again)
        assert made is not None
        assert made.is_success


def pid_of(instance: dg.DagsterInstance, run_id: str) -> int | None:
    """Return the process that a run's events name; None if none does yet."""
    messages = (entry.message for entry in instance.all_logs(run_id))
    return next((int(found[1]) for message in messages if (found := re.search(r"\(pid: (\d+)\)", message))), None)
