"""Fixtures for short tables of posters, pairs and verdicts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lap_assets.core.verdicts.log import Line, VerdictLog, read_verdicts
from lap_assets.duplicates.tables import PAIRS, POSTERS
from lap_assets.duplicates.verdict_table import verdicts_table

Rows = list[tuple[Any, ...]]


@pytest.fixture
def sha() -> Callable[[str], str]:
    """Return a sha256 for a word."""

    def make(word: str) -> str:
        return word.encode().hex().rjust(64, "0")

    return make


@pytest.fixture
def posters(sha: Callable[[str], str]) -> Callable[..., pl.DataFrame]:
    """Posters as name=width or name=(width, content) in px; all are 100 px high, with 1000 bytes."""

    def make(sizes: dict[str, int | tuple[int, str]], problems: dict[str, str] | None = None) -> pl.DataFrame:
        rows = []
        for name, size in sizes.items():
            width, content = size if isinstance(size, tuple) else (size, name)
            row: dict[str, Any] = dict.fromkeys(POSTERS, 0)
            row |= {"name": name, "mal_id": int(name[3:8]), "source": "wa" if "WA" in name else "mal"}
            row |= {"sha256": sha(content), "width": width, "height": 100, "bytes": 1000}
            rows.append(row | {"problem": (problems or {}).get(name)})
        return pl.DataFrame(rows, POSTERS)

    return make


@pytest.fixture
def pairs() -> Callable[[Rows], pl.DataFrame]:
    """Pairs as (first, second, aHash, pHash, dHash, cosine); omitted trailing distances are null."""

    def make(rows: Rows) -> pl.DataFrame:
        filled = [(*row, *[None] * (len(PAIRS) - len(row))) for row in rows]
        return pl.DataFrame(filled, PAIRS, orient="row")

    return make


@pytest.fixture
def logged(tmp_path: Path) -> Callable[..., pl.DataFrame]:
    """The table of verdicts after writing these lines to a log and reading it."""

    def make(*lines: Line) -> pl.DataFrame:
        log = VerdictLog(tmp_path / "logged" / "0.jsonl")
        for line in lines:
            log.append(line)
        return verdicts_table(read_verdicts([log.path]))

    return make
