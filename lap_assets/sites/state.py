"""State of a site's scrapes: one SQLite file per site in the home's `state/`. Schema and transactions, no scraping.

No write-ahead log, which does not work on network mounts. A commit is on disk when it returns.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from lap_assets.core.databases import damaged, naming, quick_problem
from lap_assets.sites.addresses import Site

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pages (
    kind TEXT NOT NULL, id INTEGER NOT NULL,
    visited_at REAL,                    -- time of the last final fetch; null: none yet
    data TEXT,                          -- JSON: the contents at that fetch
    tried_at REAL NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE TABLE IF NOT EXISTS anime (
    mal_id INTEGER PRIMARY KEY, slug TEXT NOT NULL, excluded INTEGER NOT NULL,
    first_seen REAL NOT NULL, last_seen REAL NOT NULL,
    rating INTEGER NOT NULL DEFAULT 0,  -- RATING_*: how far the listing of Rx (`excluded`) was read for it
    told TEXT, told_at REAL,            -- rating from its own page or the API (`ratings.Rating`), and its time
    hinted_at REAL,                     -- when the Rx listing first listed it
    listed TEXT NOT NULL DEFAULT ''     -- rating from the API's ranking
);
CREATE TABLE IF NOT EXISTS pictures (
    name TEXT PRIMARY KEY, page INTEGER NOT NULL, mal_id INTEGER NOT NULL, url TEXT NOT NULL,
    sha256 TEXT, bytes INTEGER, width INTEGER, height INTEGER, fetched_at REAL,
    gone_since REAL, problem TEXT,
    failed INTEGER NOT NULL DEFAULT 0   -- consecutive failed fetches
);
CREATE TABLE IF NOT EXISTS failures (   -- addresses whose last try failed
    address TEXT PRIMARY KEY, reason TEXT NOT NULL, since REAL NOT NULL,
    tried_at REAL NOT NULL, tries INTEGER NOT NULL, until REAL NOT NULL,
    kind TEXT, page INTEGER             -- the page at this address, if it is a page
);
CREATE TABLE IF NOT EXISTS requests (outcome TEXT PRIMARY KEY, count INTEGER NOT NULL, last REAL NOT NULL);
CREATE INDEX IF NOT EXISTS pictures_by_page ON pictures (page);
CREATE INDEX IF NOT EXISTS pictures_by_anime ON pictures (mal_id);
"""


# Columns missing in files of earlier versions, and the statement that fills them.
_ADDED: Final = (
    ("pictures", "failed", "INTEGER NOT NULL DEFAULT 0", ""),
    (
        "anime",
        "rating",
        "INTEGER NOT NULL DEFAULT 0",
        "UPDATE anime SET rating = CASE"
        " WHEN first_seen < coalesce((SELECT value FROM meta WHERE key = 'cleared_before'), 0) + 0.0 THEN 2"
        " WHEN first_seen < coalesce((SELECT json_extract(value, '$.stage_began') FROM meta WHERE key = 'sweep'"
        " AND json_extract(value, '$.stage') = 'excluded'), 0) THEN 1 ELSE 0 END",
    ),
    # Anime that earlier versions published by the listing alone stay published until their own pages are read.
    ("anime", "told", "TEXT", "UPDATE anime SET told = 'rated' WHERE rating = 2 AND NOT excluded"),
    ("anime", "told_at", "REAL", ""),
    ("anime", "hinted_at", "REAL", "UPDATE anime SET hinted_at = first_seen WHERE excluded"),
    ("anime", "listed", "TEXT NOT NULL DEFAULT ''", ""),
)
# Unknown; awaited from the Rx crawl in progress (which began after the anime was first seen); known.
RATING_OPEN, RATING_AWAITED, RATING_KNOWN = 0, 1, 2


def _connection(path: Path) -> type[sqlite3.Connection]:
    """Return a connection class whose errors name the file."""

    class Named(sqlite3.Connection):
        def execute(self, *arguments: Any) -> sqlite3.Cursor:
            with naming(path):
                return super().execute(*arguments)

        def executemany(self, *arguments: Any) -> sqlite3.Cursor:
            with naming(path):
                return super().executemany(*arguments)

    return Named


class SiteState:
    """One site's state file. A context manager; not for use from two threads at once.

    Raises:
        StateError: the file is damaged, locked, or otherwise unusable.
    """

    def __init__(self, folder: Path, site: Site) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.site = site
        self.path = folder / f"{site}.sqlite"
        if problem := quick_problem(self.path, is_used=(folder.parent / "posters").exists()):
            raise damaged(self.path, problem)
        # Transactions are short: another process that reads (a status, a check) waits instead of failing.
        with naming(self.path):
            self.db = sqlite3.connect(self.path, timeout=60, check_same_thread=False, factory=_connection(self.path))
            self.db.execute("PRAGMA journal_mode = TRUNCATE")
            self.db.execute("PRAGMA synchronous = FULL")
            self.db.executescript(_SCHEMA)
            self._bring_up_to_date()

    def _bring_up_to_date(self) -> None:
        for table, column, kind, filling in _ADDED:
            with self.db:
                if column not in {row[1] for row in self.rows(f"PRAGMA table_info({table})")}:
                    self.db.execute("BEGIN IMMEDIATE")
                    if column not in {row[1] for row in self.rows(f"PRAGMA table_info({table})")}:
                        self.db.execute(f"ALTER TABLE {table} ADD COLUMN {column} {kind}")
                        self.db.execute(filling)

    def __enter__(self) -> "SiteState":
        return self

    def __exit__(self, *_: object) -> None:
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Commit everything written in the block together, or nothing."""
        with naming(self.path), self.db:
            yield self.db

    def get(self, key: str) -> Any | None:
        """Return a stored JSON value; None if there is none."""
        row = self.db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else None

    def put(self, key: str, value: object) -> None:
        """Store a JSON value (in the open transaction, if any)."""
        with self._own_transaction():
            self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, json.dumps(value)))

    def drop(self, key: str) -> None:
        """Delete a stored value."""
        with self._own_transaction():
            self.db.execute("DELETE FROM meta WHERE key = ?", (key,))

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        with naming(self.path), closing(self.db.execute(query, values)) as cursor:
            return cursor.fetchall()

    @contextmanager
    def _own_transaction(self) -> Iterator[None]:
        if self.db.in_transaction:
            yield
        else:
            with self.db:
                yield
