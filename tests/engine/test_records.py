"""A home's records are read from its SQLite files if they are complete and in their place, else from its instance."""

import sqlite3
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from lap_assets.core.home import Home
from lap_assets.engine.instance import RUN_TAG, open_instance, settings_path
from lap_assets.engine.records import HomeRecords, InstanceRecords, open_records
from lap_assets.event_queries import newest_materializations


def test_a_new_home_is_created_by_its_instance_and_then_read_directly(tmp_path: Path) -> None:
    with open_records(Home(tmp_path)) as records:
        assert isinstance(records, InstanceRecords)
    with open_records(Home(tmp_path)) as records:
        assert isinstance(records, HomeRecords)
        assert records.instance.root_directory == str(Home(tmp_path).dagster)


@pytest.mark.parametrize("database", ["history/runs.db", "history/runs/index.db", "schedules/schedules.db"])
def test_a_home_with_an_incomplete_database_is_completed_by_its_instance(tmp_path: Path, database: str) -> None:
    with open_instance(Home(tmp_path)):
        pass
    path = Home(tmp_path).dagster / database
    path.unlink()
    sqlite3.connect(path).close()
    with open_records(Home(tmp_path)) as records:
        assert isinstance(records, InstanceRecords)
        assert newest_materializations(records.query, ["mal_catalog"]) == {}
    with open_records(Home(tmp_path)) as records:
        assert isinstance(records, HomeRecords)


@pytest.mark.parametrize(
    "lines",
    [
        "storage:\n  sqlite:\n    base_dir: {folder}\n",
        "local_artifact_storage:\n  module: dagster._core.storage.root\n  class: LocalArtifactStorage\n"
        "  config:\n    base_dir: {folder}\n",
    ],
)
def test_records_that_a_person_placed_elsewhere_are_read_through_the_instance(tmp_path: Path, lines: str) -> None:
    home = Home(tmp_path / "home")
    with open_instance(home):
        pass
    settings_path(home).write_text(lines.format(folder=tmp_path / "elsewhere"))
    with open_records(home) as records:
        assert isinstance(records, InstanceRecords)
    settings_path(home).write_text("telemetry:\n  enabled: false\n")
    with open_records(home) as records:
        assert isinstance(records, HomeRecords)


@pytest.mark.parametrize("what", ["an open run", "a held slot"])
def test_what_a_killed_process_left_open_is_closed(tmp_path: Path, what: str) -> None:
    home, run_id = Home(tmp_path), str(uuid.uuid4())
    with open_instance(home) as instance:
        status = dg.DagsterRunStatus.STARTED if what == "an open run" else dg.DagsterRunStatus.FAILURE
        storage: Any = instance.event_log_storage
        storage.initialize_concurrency_limit_to_default("mal")
        instance.add_run(dg.DagsterRun("job", run_id=run_id, status=status, tags={RUN_TAG: "cli"}))
        if what == "a held slot":
            assert storage.claim_concurrency_slot("mal", run_id, "step").is_claimed
    with open_records(home) as records:
        records.close_abandoned_runs()
    with open_instance(home) as instance:
        (run,) = instance.get_runs()
        assert run.status is dg.DagsterRunStatus.FAILURE
        assert not instance.event_log_storage.get_concurrency_info("mal").active_run_ids


def test_a_home_with_nothing_left_open_does_not_load_dagsters_storage(tmp_path: Path) -> None:
    with open_instance(Home(tmp_path)):
        pass
    program = f"""
import sys
from pathlib import Path
from lap_assets.core.home import Home
from lap_assets.engine.records import open_records
with open_records(Home(Path({str(tmp_path)!r}))) as records:
    records.close_abandoned_runs()
print("sqlalchemy" in sys.modules)
"""
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "False\n"
