"""Each private name of Dagster that LAP uses, and what LAP expects of it. A new one has to be listed and tested here.

A name is private when it comes from a module with an underscore, from `dagster_shared`, or begins with one itself.
pyproject.toml allows the patch releases of one minor version: whoever raises it runs this file first.
"""

import ast
import importlib
import inspect
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest

PACKAGES = ("lap_assets", "lap_gui")
ROOT = Path(__file__).parents[1]


def _takes(*names: str) -> Callable[[object], bool]:
    """Return whether a function accepts arguments with these names."""
    return lambda called: set(names) <= set(inspect.signature(called).parameters)  # type: ignore[arg-type]


def _has(*names: str) -> Callable[[object], bool]:
    return lambda owner: all(hasattr(owner, name) for name in names)


EXPECTED: Mapping[str, Callable[..., bool]] = {
    "dagster._core.definitions.events.AssetKeyPartitionKey": lambda made: (
        made(dg.AssetKey("a"), "1").partition_key == "1"
    ),
    "dagster._core.definitions.data_version.CODE_VERSION_TAG": lambda tag: tag == "dagster/code_version",
    "dagster._core.definitions.assets.graph.base_asset_graph.BaseAssetGraph": _has(
        "toposorted_asset_keys", "get_check_keys_for_assets", "get", "get_partition_mapping"
    ),
    "dagster._core.errors.DagsterExecutionInterruptedError": lambda error: issubclass(error, BaseException),
    "dagster._core.execution.plan.objects.StepFailureData": _takes("error", "user_failure_data"),
    "dagster._core.execution.retries.RetryMode": lambda mode: mode.ENABLED.value == "enabled",
    "dagster._serdes.serialize_value": lambda serialize: isinstance(serialize(dg.AssetKey("a")), str),
    "dagster._serdes.deserialize_value": lambda read: (
        read('{"__class__": "AssetKey", "path": ["a"]}', dg.AssetKey) == dg.AssetKey("a")
    ),
    "dagster._serdes.unpack_value": _takes("val", "as_type"),
    "dagster._serdes.ConfigurableClassData": _takes("module_name", "class_name", "config_yaml"),
    "dagster._core.instance.ref.InstanceRef": lambda made: (
        {"storage_data", "compute_logs_data", "run_storage_data", "event_storage_data", "schedule_storage_data"}
        <= set(made._fields)
        and _takes("base_dir")(made.from_dir)
    ),
    "dagster._core.events.EVENT_TYPE_TO_PIPELINE_RUN_STATUS": lambda statuses: (
        statuses[dg.DagsterEventType.RUN_SUCCESS] is dg.DagsterRunStatus.SUCCESS
    ),
    "dagster._core.events.log.EventLogEntry": _has("run_id", "dagster_event_type"),
    "dagster._core.storage.compute_log_manager.CapturedLogContext": _takes("log_key"),
    "dagster._core.storage.local_compute_log_manager.LocalComputeLogManager": _has(
        "from_config_value", "capture_logs", "complete_artifact_path"
    ),
    "dagster._core.storage.dagster_run.FINISHED_STATUSES": lambda ended: dg.DagsterRunStatus.CANCELED in ended,
    "dagster._core.storage.event_log.sqlite.sqlite_event_log.INDEX_SHARD_NAME": lambda name: name == "index",
    "dagster._core.storage.event_log.sqlite.sqlite_event_log.SqliteEventLogStorage": _has(
        "_connect", "_initdb", "conn_string_for_shard", "path_for_shard", "store_event", "dispose"
    ),
    "dagster._core.storage.runs.sqlite.sqlite_run_storage.SqliteRunStorage": _has("connect", "dispose"),
    "dagster._core.storage.sqlite_storage.DagsterSqliteStorage": _has("from_config_value", "event_log_storage"),
    "dagster._grpc.types.ExecuteStepArgs": lambda made: {"run_id", "step_keys_to_execute"} <= set(made._fields),
    "dagster._core.launcher.CheckRunHealthResult": lambda made: made._fields[:2] == ("status", "msg"),
    "dagster._core.launcher.WorkerStatus": _has("SUCCESS", "FAILED", "UNKNOWN", "RUNNING"),
    "dagster._cli.proxy_server_manager.ProxyServerManager": lambda made: (
        _takes("instance", "workspace_load_target", "code_server_log_level")(made)
        and _has("get_code_server_specs", "__enter__")(made)
    ),
    "dagster._core.workspace.context.WorkspaceProcessContext": _takes(
        "instance", "workspace_load_target", "version", "code_server_log_level"
    ),
    "dagster._core.workspace.load_target.ModuleTarget": lambda made: (
        made("lap_assets", None, None, "lap").create_origins()[0].location_name == "lap"
    ),
    "dagster._core.workspace.load_target.WorkspaceFileTarget": lambda made: made(["a"]).paths == ["a"],
    "dagster_shared.error.SerializableErrorInfo": lambda made: made("why", [], "WorkerDied").cls_name == "WorkerDied",
    "dagster_celery.executor._submit_task": _takes("app", "plan_context", "step", "queue", "priority", "known_state"),
}


def _private_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert not any(_is_private(alias.name) for alias in node.names), (
                f"line {node.lineno}: import names one by one"
            )
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if _is_private(name := f"{node.module}.{alias.name}"):
                    yield name


def _is_private(name: str) -> bool:
    first, *rest = name.split(".")
    return first == "dagster_shared" or (first.startswith("dagster") and any(part.startswith("_") for part in rest))


def test_every_private_name_that_is_used_is_listed_and_none_besides() -> None:
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    assert {name for path in paths for name in _private_names(ast.parse(path.read_text("utf-8")))} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_private_name_is_as_expected(name: str) -> None:
    module, _, attribute = name.rpartition(".")
    if module.startswith("dagster_celery"):
        pytest.importorskip("dagster_celery")
    assert EXPECTED[name](getattr(importlib.import_module(module), attribute))


def test_the_storages_have_what_is_read_from_them(tmp_path: Path) -> None:
    """`engine.instance` calls methods that are not documented; `event_queries` and `engine.records` read tables."""

    @dg.asset(pool="one")
    def leaf() -> None: ...

    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        result = dg.materialize([leaf], instance=instance)
        storage = instance.event_log_storage
        for pool in storage.get_concurrency_keys():
            held = storage.get_concurrency_info(pool)
            assert not {*held.active_run_ids, *held.pending_run_ids, *held.assigned_run_ids}
        storage.free_concurrency_slots_for_run(result.run_id)
        databases = (tmp_path / "history" / "runs.db", tmp_path / "history" / "runs" / "index.db")
        for path in (*databases, tmp_path / "schedules" / "schedules.db"):
            with closing(sqlite3.connect(path)) as database:
                assert database.execute("SELECT COUNT(*) FROM alembic_version").fetchone() == (1,)
        with closing(sqlite3.connect(databases[0])) as database:
            assert database.execute("SELECT status FROM runs").fetchall() == [("SUCCESS",)]
        with closing(sqlite3.connect(databases[1])) as database:
            assert database.execute("SELECT COUNT(*) FROM pending_steps").fetchone() == (0,)
            assert database.execute("SELECT COUNT(run_id) FROM concurrency_slots").fetchone() == (0,)
