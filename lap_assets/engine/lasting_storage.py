"""Dagster's SQLite storage with its databases kept open: the same files, for commands that store thousands of events.

For each event Dagster opens a database, compiles its statements and closes the database again, which takes most of the
time of a small step. Web server and daemon use Dagster's own storage; both kinds can use one home at the same time.
"""

import sqlite3
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from dagster._core.events import EVENT_TYPE_TO_PIPELINE_RUN_STATUS
from dagster._core.events.log import EventLogEntry
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.dagster_run import FINISHED_STATUSES
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine

from lap_assets.core.files import NO_LINKS, write_new

_PATIENCE: Final = 30
"""Seconds to wait while another process writes, as in Dagster's own storage."""

_ENDS: Final = {kind for kind, status in EVENT_TYPE_TO_PIPELINE_RUN_STATUS.items() if status in FINISHED_STATUSES}


def with_lasting_storage(ref: InstanceRef) -> InstanceRef:
    """Return the instance with its databases kept open; one whose storage a person configured stays unchanged."""
    data = ref.storage_data
    if data is None or data.class_name != DagsterSqliteStorage.__name__:
        return ref
    return ref._replace(
        storage_data=ConfigurableClassData(__name__, LastingStorage.__name__, data.config_yaml),
        run_storage_data=None, event_storage_data=None, schedule_storage_data=None,
    )  # fmt: skip


class LastingStorage(DagsterSqliteStorage):
    """Runs and events in databases that stay open; schedules in Dagster's own storage."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        """`base_dir`: the folder, as for Dagster's own storage."""
        super().__init__(base_dir, inst_data)
        self._run_storage = _LastingRuns(self._run_storage._conn_string)
        self._event_log_storage = _LastingEvents(self._event_log_storage._base_dir)

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Any) -> "LastingStorage":
        """Create the storage from Dagster's configuration."""
        return cls(inst_data=inst_data, **config_value)


class _LastingRuns(SqliteRunStorage):
    def __init__(self, address: str) -> None:
        self._engine = _engine(address)
        super().__init__(address)

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    def dispose(self) -> None:
        self._engine.dispose()


class _LastingEvents(SqliteEventLogStorage):
    """The index of all events and, while a run works, the run's own database."""

    def __init__(self, folder: str) -> None:
        self._engines: dict[str, Engine] = {}
        self._blank: bytes | None = None
        super().__init__(folder)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            if shard not in self._engines:
                self._close(self._engines.keys() - {INDEX_SHARD_NAME})  # only one run is accessed at a time
                self._engines[shard] = self._open(shard)
            with self._engines[shard].begin() as connection:
                yield connection

    def _open(self, shard: str) -> Engine:
        """Open a run's database; a new one is a copy of the first blank one, as creating tables takes longer."""
        path = Path(self.path_for_shard(shard))
        is_new = not path.exists()
        if is_new and self._blank is not None and _write_blank(path, self._blank):
            self._initialized_dbs.add(shard)
        engine = _engine(self.conn_string_for_shard(shard))
        if shard not in self._initialized_dbs:
            self._initdb(engine)
            self._initialized_dbs.add(shard)
        if is_new and self._blank is None:
            with engine.connect() as connection:
                self._blank = _driver(connection).serialize()
        return engine

    def store_event(self, event: EventLogEntry) -> None:
        super().store_event(event)
        if event.dagster_event_type in _ENDS:
            with self._db_lock:
                self._close({event.run_id})

    def dispose(self) -> None:
        with self._db_lock:
            self._close(set(self._engines))
        super().dispose()

    def _close(self, shards: Set[str]) -> None:
        for shard in shards & self._engines.keys():
            self._engines.pop(shard).dispose()


def _write_blank(path: Path, blank: bytes) -> bool:
    """Write a blank database; return False if another process was first, or there are no hard links."""
    try:
        return write_new(path, blank)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        return False


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        raise TypeError(f"{driver!r}: expected an SQLite connection")
    return driver


def _engine(address: str) -> Engine:
    engine = create_engine(address, connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _trust_the_system)
    return engine


def _trust_the_system(connection: sqlite3.Connection, _: object) -> None:
    """Do not wait for the disk at each event: after a power cut, the work of lost events is done again."""
    connection.execute("PRAGMA synchronous=NORMAL")
