"""Dagster's records as plans and status read them: by SQL, from an instance or directly from a home's databases.

Opening an instance loads Dagster's storage and SQLAlchemy, which takes a second. A command that finds nothing to do
needs only a few rows of two SQLite files. The instance is opened when something else is needed.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import dagster as dg

from lap_assets.core.home import Home
from lap_assets.engine.instance import OPEN, close_abandoned_runs, instance_of, prepare, settings_path
from lap_assets.engine.instance_settings import has_own_storage
from lap_assets.event_queries import query_of

_PATIENCE: Final = 30
"""Seconds to wait while another process writes, as in Dagster's own storage."""
_OPEN_RUNS: Final = "SELECT COUNT(*) FROM runs WHERE status = ?"
_HELD_SLOTS: Final = """SELECT (SELECT COUNT(*) FROM concurrency_slots WHERE run_id IS NOT NULL)
    + (SELECT COUNT(*) FROM pending_steps)"""
_IS_COMPLETE: Final = (
    "SELECT COUNT(*) FROM sqlite_master WHERE name = 'alembic_version'", "SELECT COUNT(*) FROM alembic_version",
)  # fmt: skip


class Records(Protocol):
    """A source of rows of the event log."""

    def query(self, statement: str, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """Return the rows of a statement on the event log, with named values."""

    @property
    def instance(self) -> dg.DagsterInstance:
        """The instance, for everything that is not a query."""

    def close_abandoned_runs(self) -> None:
        """Close runs of the command line that a killed process left open."""


class InstanceRecords:
    """The records of an open instance."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance = instance
        self.query = query_of(instance)

    def close_abandoned_runs(self) -> None:
        """Close runs of the command line that a killed process left open."""
        close_abandoned_runs(self.instance)


class HomeRecords:
    """The records in a home's SQLite files; its instance is opened at first need, and closed with `stack`."""

    def __init__(self, home: Home, stack: ExitStack) -> None:
        self._home = home
        self._stack = stack
        self._instance: dg.DagsterInstance | None = None
        self._runs, self._events = (stack.enter_context(closing(_opened(path))) for path in (home.runs, home.event_log))

    def query(self, statement: str, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        """Return the rows of a statement on the event log, with named values."""
        return self._events.execute(statement, dict(values)).fetchall()

    @property
    def instance(self) -> dg.DagsterInstance:
        """The home's instance."""
        if self._instance is None:
            self._instance = self._stack.enter_context(instance_of(self._home))
        return self._instance

    def close_abandoned_runs(self) -> None:
        """Close runs of the command line that a killed process left open, if any run is open or holds a slot."""
        has_open_runs = any(_count(self._runs, _OPEN_RUNS, status.value) for status in OPEN)
        if has_open_runs or _count(self._events, _HELD_SLOTS):
            close_abandoned_runs(self.instance)


@contextmanager
def open_records(home: Home) -> Iterator[Records]:
    """Prepare a home and open its records: its SQLite files if they are complete, otherwise its instance.

    Raises:
        OSError: the home is not writable.
        SettingsError: the home was made with another table of subfolders.
        StateError: a database is damaged.
    """
    prepare(home)
    with ExitStack() as stack:
        if has_own_storage(settings_path(home)) and all(map(_is_complete, _databases(home))):
            yield HomeRecords(home, stack)
        else:
            yield InstanceRecords(stack.enter_context(instance_of(home)))


def records_of(source: dg.DagsterInstance | Records) -> Records:
    """Return the records of an instance, or the given records."""
    return InstanceRecords(source) if isinstance(source, dg.DagsterInstance) else source


def _databases(home: Home) -> list[Path]:
    return [path for path in home.databases if path.is_relative_to(home.dagster)]


def _is_complete(path: Path) -> bool:
    """Return whether Dagster has created the database and all its tables."""
    if not path.exists():
        return False
    with closing(_opened(path)) as database:
        return all(_count(database, statement) for statement in _IS_COMPLETE)


def _count(database: sqlite3.Connection, statement: str, *values: str) -> int:
    return int(database.execute(statement, values).fetchone()[0])


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", _PATIENCE, uri=True)
