"""The outcome of a pass with a failed run: only what was really made counts as made."""

import os
import sys
from pathlib import Path

import dagster as dg
import pytest

from lap_assets.commands.console import Terminal
from lap_assets.commands.exit_statuses import INTERRUPTED
from lap_assets.commands.run_end import report_end
from lap_assets.core.home import Home
from lap_assets.core.verdicts.lines import PairVerdict
from lap_assets.core.verdicts.log import VerdictLog
from lap_assets.definitions import build_definitions
from lap_assets.engine.graph import Graph
from lap_assets.engine.instance import open_instance
from lap_assets.engine.plan import stale_reasons_for
from lap_assets.engine.records import InstanceRecords
from lap_assets.engine.runner import run_pass
from lap_assets.engine.worker_pool import WorkerPool
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings


@pytest.mark.slow
def test_a_worker_that_dies_has_not_taken_in_what_people_decided(tmp_path: Path) -> None:
    """The event log calls the partition fresh: only the file of people's decisions is newer than its last event."""
    context = RunContext(Settings(home=tmp_path))
    graph, home = Graph(build_definitions(context)), Home(tmp_path)
    with open_instance(home) as instance:
        job = build_definitions(context).resolve_implicit_global_asset_job_def()
        assert job.execute_in_process(
            instance=instance, partition_key="0", asset_selection=[dg.AssetKey("review_verdicts")]
        ).success
        VerdictLog(home.verdicts / "0.jsonl").append(
            PairVerdict(
                reviewer="ann", first="MAL00001_0001_000001.jpg", first_sha256="a" * 64,
                second="MAL00001_0001_000002.jpg", second_sha256="b" * 64, verdict="distinct",
            )
        )  # fmt: skip
        outcome = run_pass(
            WorkerPool.of(context, "no_such_module:build", 1),
            graph, InstanceRecords(instance), context, graph.steps(["review_verdicts"], ["0"]),
            reasons=stale_reasons_for(context, scrapes=False), on_start=lambda *_: None,
        )  # fmt: skip
    assert [str(step) for step in outcome.failed] == ["review_verdicts [0]"]
    assert outcome.ran == []


PATIENT = """
import dagster as dg
from lap_assets.core.errors import Stopped
from lap_assets.partitions import SUBFOLDER_PARTITIONS

def definitions(run_context):
    @dg.asset(name="review_verdicts", partitions_def=SUBFOLDER_PARTITIONS)
    def patient():
        run_context.stop.wait()
        raise Stopped("stopped; 15 of 110 are done and kept")
    return dg.Definitions([patient], executor=dg.in_process_executor)
"""


def test_a_step_that_was_asked_to_stop_has_not_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "patient_definitions.py").write_text(PATIENT)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    context = RunContext(Settings(home=tmp_path / "home"))
    graph = Graph(build_definitions(context))
    with open_instance(context.home) as instance:
        outcome = run_pass(
            WorkerPool.of(context, "patient_definitions:definitions", 1),
            graph, InstanceRecords(instance), context, graph.steps(["review_verdicts"], ["0"]),
            reasons=stale_reasons_for(context, scrapes=False), on_start=lambda *_: context.stop.set(),
        )  # fmt: skip
    assert (outcome.ran, outcome.failed) == ([], {})
    assert report_end(outcome, {}, Terminal(), 1.0) == INTERRUPTED
    output = capsys.readouterr().err
    assert "review_verdicts [0]: stopped; 15 of 110 are done and kept" in output
    assert "FAILED" not in output
