"""The table of what a model says of a partition's pictures: each content is looked at once, and never again.

Belongs here: which pictures the model still has to see, and what becomes of those that cannot be read. What the model
says, and its columns, are the matter of the rooms that call this.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from pathlib import Path
from threading import Event
from typing import Any, Final, Generic, TypeVar

import polars as pl

from lap_assets.core.errors import Stopped
from lap_assets.core.files import sha256_of
from lap_assets.core.names import PosterName
from lap_assets.core.progress import Progress
from lap_assets.models.batching import BatchModel, Unreadable
from lap_assets.models.row_cache import RowCache
from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits

Result = TypeVar("Result")
Results = list[tuple[str, Result | Unreadable]]
"""Contents (sha256), and what the model said of each."""

_MOST_WAITING: Final = 4096  # results that wait for the row_cache


@dataclass(frozen=True, slots=True)
class TableModel(Generic[Result]):
    """A model, as `model_table` uses it.

    Attributes:
        version: Changes when what it says may change; a column of the table, `model`.
        load: Loads it; called only if there is a picture that it has not seen.
        to_rows: Turns results into rows: `sha256`, columns of its own, and `problem` (null where all is well).
    """

    version: str
    load: Callable[[], BatchModel[Any, Result]]
    to_rows: Callable[[Results[Result]], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class PartitionJob:
    """One partition's work: title, progress, cancellation, where rows are kept meanwhile, limits of pictures."""

    title: str
    progress: Progress
    stop: Event
    row_cache: RowCache
    limits: Limits = DEFAULT_LIMITS


def model_table(
    files: pl.DataFrame,
    model: TableModel[Result],
    *,
    path_of: Callable[[PosterName], Path],
    previous: pl.DataFrame | None,
    job: PartitionJob,
) -> pl.DataFrame:
    """A row for each of `files` (name, sha256), sorted by name: name, sha256, model, the model's columns, problem.

    `previous`: the table of the last time. What it or the row_cache tell of the same content by the same model is taken
    over; what had a problem is tried again. A file whose content is another by now is not looked at and has a problem.

    Raises:
        Stopped: the task was asked to stop; the row_cache holds what was done.
    """
    wanted = files.select("name", "sha256").sort("name")
    empty = model.to_rows([])
    known = _known([empty, previous, job.row_cache.rows()], empty.columns, model.version)
    paths, changed = _to_do(wanted.join(known, on="sha256", how="anti"), path_of)
    contents = [known, *_made(paths, model, job)] if paths else [known]
    own = [column for column in empty.columns if column not in ("sha256", "problem")]
    return (
        wanted.join(pl.concat(contents), on="sha256", how="left", maintain_order="left")
        .join(changed, on="name", how="left", maintain_order="left")
        .select(
            "name",
            "sha256",
            pl.lit(model.version).alias("model"),
            *(pl.when(pl.col("changed").is_null()).then(column).alias(column) for column in own),
            pl.coalesce("changed", "problem").alias("problem"),
        )
    )


def _known(tables: list[pl.DataFrame | None], columns: list[str], version: str) -> pl.DataFrame:
    """Each content that some table has without a problem, once."""
    kept = [
        table.filter(pl.col("problem").is_null(), *([pl.col("model") == version] if "model" in table.columns else []))
        for table in tables
        if table is not None
    ]
    return pl.concat([table.select(columns) for table in kept]).unique("sha256", keep="first", maintain_order=True)


def _to_do(fresh: pl.DataFrame, path_of: Callable[[PosterName], Path]) -> tuple[dict[str, Path], pl.DataFrame]:
    """A file for each content that is to be looked at, and (name, changed) of files that cannot be had."""
    rows = [(name, sha256, path_of(PosterName.parse(name))) for name, sha256 in fresh.iter_rows()]
    with ThreadPoolExecutor(cpu_count()) as pool:
        problems = list(pool.map(lambda row: _problem(*row), rows))
    paths: dict[str, Path] = {}
    for (_, sha256, path), problem in zip(rows, problems, strict=True):
        if problem is None:
            paths.setdefault(sha256, path)
    return paths, fresh.select("name", pl.Series("changed", problems, dtype=pl.String)).drop_nulls()


def _problem(name: str, sha256: str, path: Path) -> str | None:
    try:
        return None if sha256_of(path) == sha256 else f"{name}: the file is no longer the one that its table tells of"
    except OSError as error:
        return f"{name}: cannot be read ({error.strerror or error})"


def _made(paths: Mapping[str, Path], model: TableModel[Result], job: PartitionJob) -> Iterator[pl.DataFrame]:
    """What the model says of each file, in pieces that the row_cache holds already."""
    waiting: Results[Result] = []
    done = 0
    with job.progress.task(job.title, len(paths)) as advance:
        for sha256, result in zip(paths, model.load().over(paths.values(), limits=job.limits), strict=True):
            waiting.append((sha256, result))
            done += 1
            advance(1)
            is_last = done == len(paths)
            is_asked = job.stop.is_set() and not is_last
            if is_last or is_asked or job.row_cache.is_due() or len(waiting) >= _MOST_WAITING:
                yield _kept(waiting, model, job.row_cache)
                waiting = []
            if is_asked:
                raise Stopped(f"stopped; {done:,} of {len(paths):,} are done and kept, run it again to go on")


def _kept(said: Results[Result], model: TableModel[Result], row_cache: RowCache) -> pl.DataFrame:
    rows = model.to_rows(said)
    row_cache.add(rows.with_columns(pl.lit(model.version).alias("model")))
    return rows
