"""Databases that stay open: same content as Dagster's own, left intact, and a person's own storage is unchanged."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.instance.ref import InstanceRef

from lap_assets.core.home import Home
from lap_assets.engine.instance import instance_of, open_instance
from lap_assets.engine.lasting_storage import _LastingEvents, _LastingRuns, with_lasting_storage
from tests.slow import mostly_slow


class _Config(dg.Config):
    fails: bool


@dg.asset
def _made(config: _Config) -> dg.MaterializeResult[None]:
    if config.fails:
        raise dg.Failure("it was asked to")
    return dg.MaterializeResult(metadata={"rows": 1})


@dg.asset_check(asset=_made)
def _is_fine() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


def _run(instance: dg.DagsterInstance, *, fails: bool) -> None:
    job = dg.Definitions([_made], asset_checks=[_is_fine]).resolve_implicit_global_asset_job_def()
    job.execute_in_process(
        instance=instance, raise_on_error=False, run_config={"ops": {"_made": {"config": {"fails": fails}}}}
    )


def _told(instance: dg.DagsterInstance) -> Sequence[object]:
    """Return everything that an instance records about its runs and the asset."""
    runs = sorted(instance.get_runs(), key=lambda run: run.run_id)
    materializations = instance.fetch_materializations(dg.AssetKey("_made"), limit=100).records
    return [
        [(run.run_id, run.status) for run in runs],
        [[(entry.dagster_event_type, entry.message) for entry in instance.all_logs(run.run_id)] for run in runs],
        [(record.storage_id, record.run_id) for record in materializations],
        instance.event_log_storage.get_latest_asset_check_execution_by_key([_is_fine.check_key]),
    ]


def _dagsters_own(home: Home) -> dg.DagsterInstance:
    return dg.DagsterInstance.from_config(str(home.dagster))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    with open_instance(home):
        yield home


@pytest.mark.parametrize("lasting_begins", mostly_slow([True, False], {True}))
def test_both_storages_write_one_history_and_read_the_same_of_it(home: Home, lasting_begins: bool) -> None:
    with instance_of(home) as lasting, _dagsters_own(home) as own:
        for turn in range(3):
            _run(lasting if lasting_begins == (turn % 2 == 0) else own, fails=turn == 1)
            assert _told(lasting) == _told(own)
        assert len(own.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE]))) == 1
        assert len(own.get_runs()) == 3


def test_a_further_run_has_the_database_that_dagster_makes(home: Home) -> None:
    with instance_of(home) as instance:
        for _ in range(3):
            _run(instance, fails=False)
    schemas = [_schema(path) for path in (home.dagster / "history" / "runs").glob("*-*.db")]
    assert len(schemas) == 3
    assert schemas[0] == schemas[1] == schemas[2]


def _schema(path: Path) -> list[object]:
    connection = sqlite3.connect(path)
    tables = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    versions = connection.execute("SELECT * FROM alembic_version").fetchall()
    journal = connection.execute("PRAGMA journal_mode").fetchall()
    connection.close()
    return [tables, versions, journal]


def test_an_ended_run_leaves_no_journal_and_no_open_file(home: Home) -> None:
    with instance_of(home) as instance:
        for turn in range(4):
            _run(instance, fails=turn % 2 == 1)
            assert not [path.name for path in (home.dagster / "history" / "runs").glob("*-*.db-*")]
            assert {path.name for path in _open_files(home.dagster / "history" / "runs")} <= {
                "index.db", "index.db-wal", "index.db-shm",
            }  # fmt: skip
    assert not _open_files(home.dagster)


def _open_files(folder: Path) -> set[Path]:
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = entry.readlink()
        except FileNotFoundError:
            continue  # the listing's own
        if target.is_relative_to(folder):
            found.add(target)
    return found


@pytest.mark.parametrize(
    ("settings", "lasts"),
    [
        ("", True),
        ("storage: {sqlite: {base_dir: FOLDER}}", True),
        (
            "run_storage: {module: dagster._core.storage.runs, class: SqliteRunStorage, config: {base_dir: FOLDER}}\n"
            "event_log_storage: {module: dagster._core.storage.event_log, class: SqliteEventLogStorage,"
            " config: {base_dir: FOLDER}}\n"
            "schedule_storage: {module: dagster._core.storage.schedules, class: SqliteScheduleStorage,"
            " config: {base_dir: FOLDER}}\n",
            False,
        ),
    ],
)
def test_a_storage_that_a_person_chose_stays(tmp_path: Path, settings: str, lasts: bool) -> None:
    quiet = "telemetry: {enabled: false}\n"
    (tmp_path / "dagster.yaml").write_text(quiet + settings.replace("FOLDER", str(tmp_path / "elsewhere")))
    ref = InstanceRef.from_dir(str(tmp_path))
    with dg.DagsterInstance.from_ref(with_lasting_storage(ref)) as instance:
        _run(instance, fails=False)
        assert isinstance(instance.run_storage, _LastingRuns) is lasts
        assert isinstance(instance.event_log_storage, _LastingEvents) is lasts
        assert (tmp_path / "elsewhere").exists() is bool(settings)
