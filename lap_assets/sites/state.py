"""What was visited when: one SQLite file a site, below the home's `state/`. Schema and transactions, no scraping.

No write-ahead log: a network mount cannot hold one. A commit is on disk when it returns.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from lap_assets.sites.routes import Site

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pages (
    kind TEXT NOT NULL, id INTEGER NOT NULL,
    visited_at REAL,                    -- of the last visit that brought knowledge; null: none did yet
    data TEXT,                          -- JSON: what that visit showed
    tried_at REAL NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE TABLE IF NOT EXISTS anime (
    mal_id INTEGER PRIMARY KEY, slug TEXT NOT NULL, excluded INTEGER NOT NULL,
    first_seen REAL NOT NULL, last_seen REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS pictures (
    name TEXT PRIMARY KEY, page INTEGER NOT NULL, mal_id INTEGER NOT NULL, url TEXT NOT NULL,
    sha256 TEXT, bytes INTEGER, width INTEGER, height INTEGER, fetched_at REAL,
    gone_since REAL, problem TEXT
);
CREATE INDEX IF NOT EXISTS pictures_by_page ON pictures (page);
CREATE INDEX IF NOT EXISTS pictures_by_anime ON pictures (mal_id);
"""


class SiteState:
    """One site's state file. Use as a context manager; not for use from two threads at once."""

    def __init__(self, folder: Path, site: Site) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{site}.sqlite"
        # Short transactions: another process that reads (a status, a check) waits rather than fails.
        self.db = sqlite3.connect(self.path, timeout=60, check_same_thread=False)
        self.db.execute("PRAGMA journal_mode = TRUNCATE")
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.executescript(_SCHEMA)

    def __enter__(self) -> "SiteState":
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All that is written in the block stands together, or not at all."""
        with self.db:
            yield self.db

    def get(self, key: str) -> Any | None:
        """A remembered JSON value."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else None

    def put(self, key: str, value: object) -> None:
        """Remembers a JSON value (in the transaction that is open, if one is)."""
        with self._own_transaction():
            self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value)))

    def drop(self, key: str) -> None:
        """Forgets a value."""
        with self._own_transaction():
            self.db.execute("DELETE FROM meta WHERE key = ?", (key,))

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with closing(self.db.execute(query, values)) as cursor:
            return cursor.fetchall()

    @contextmanager
    def _own_transaction(self) -> Iterator[None]:
        if self.db.in_transaction:
            yield
        else:
            with self.db:
                yield
