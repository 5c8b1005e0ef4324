"""The table of a model's results for the pictures of one partition. Each content is processed once.

Belongs here: which pictures still have to be processed, and unreadable pictures. The callers define the columns of the
results.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from os import cpu_count
from pathlib import Path
from threading import Event
from typing import Any, Final, Generic, TypeVar

import polars as pl

from lap_assets.core.errors import Stopped
from lap_assets.core.files import sha256_of
from lap_assets.core.progress import Progress
from lap_assets.models.batching import BatchModel, Unreadable
from lap_assets.models.row_cache import RowCache
from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits

Result = TypeVar("Result")
Results = list[tuple[str, Result | Unreadable]]
"""The sha256 of each content, and the model's result for it."""

_MOST_WAITING: Final = 4096  # results that wait for the row cache


@dataclass(frozen=True, slots=True)
class TableModel(Generic[Result]):
    """A model for `model_table`.

    Attributes:
        version: Changes when its results may change; the column `model` of the table.
        load: Loads it; called only if there are pictures to process.
        to_rows: Converts results to rows: `sha256`, the model's own columns, and `problem` (null without one).
    """

    version: str
    load: Callable[[], BatchModel[Any, Result]]
    to_rows: Callable[[Results[Result]], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class PartitionJob:
    """The work on one partition: subfolder, title, progress, cancellation, row cache, limits of pictures."""

    subfolder: str
    title: str
    progress: Progress
    stop: Event
    row_cache: RowCache
    limits: Limits = DEFAULT_LIMITS


def model_table(
    files: pl.DataFrame,
    model: TableModel[Result],
    *,
    path_of: Callable[[str, str], Path],
    previous: pl.DataFrame | None,
    job: PartitionJob,
) -> pl.DataFrame:
    """Return a row for each of `files` (name, sha256): name, sha256, model, the model's columns, problem, subfolder.

    `path_of`: returns the path for a subfolder and a name. `previous`: the previous table. Its rows and those of the
    row cache are reused if content and model are the same; rows with a problem are tried again. A file whose content
    has changed is not processed and gets a problem. Rows are sorted by name.

    Raises:
        Stopped: the job was asked to stop; the row cache holds the finished rows.
    """
    pictures = files.select("name", "sha256").sort("name")
    empty = model.to_rows([])
    known = _known([empty, previous, job.row_cache.rows()], empty.columns, model.version)
    paths, changed = _to_do(pictures.join(known, on="sha256", how="anti"), partial(path_of, job.subfolder))
    contents = [known, *_computed(paths, model, job)] if paths else [known]
    own = [column for column in empty.columns if column not in ("sha256", "problem")]
    return (
        pictures.join(pl.concat(contents), on="sha256", how="left", maintain_order="left")
        .join(changed, on="name", how="left", maintain_order="left")
        .select(
            "name",
            "sha256",
            pl.lit(model.version).alias("model"),
            *(pl.when(pl.col("changed").is_null()).then(column).alias(column) for column in own),
            pl.coalesce("changed", "problem").alias("problem"),
            pl.lit(job.subfolder).alias("subfolder"),
        )
    )


def _known(tables: list[pl.DataFrame | None], columns: list[str], version: str) -> pl.DataFrame:
    """Return each content with a result, once."""
    kept = [
        table.filter(pl.col("problem").is_null(), *([pl.col("model") == version] if "model" in table.columns else []))
        for table in tables
        if table is not None
    ]
    return pl.concat([table.select(columns) for table in kept]).unique("sha256", keep="first", maintain_order=True)


def _to_do(fresh: pl.DataFrame, path_of: Callable[[str], Path]) -> tuple[dict[str, Path], pl.DataFrame]:
    """Return a file for each content to process, and (name, changed) of unusable files."""
    rows = [(name, sha256, path_of(name)) for name, sha256 in fresh.iter_rows()]
    with ThreadPoolExecutor(cpu_count()) as pool:
        problems = list(pool.map(lambda row: _problem(*row), rows))
    paths: dict[str, Path] = {}
    for (_, sha256, path), problem in zip(rows, problems, strict=True):
        if problem is None:
            paths.setdefault(sha256, path)
    return paths, fresh.select("name", pl.Series("changed", problems, dtype=pl.String)).drop_nulls()


def _problem(name: str, sha256: str, path: Path) -> str | None:
    try:
        return None if sha256_of(path) == sha256 else f"{name}: the file has changed since its table was made"
    except OSError as error:
        return f"{name}: cannot be read ({error.strerror or error})"


def _computed(paths: Mapping[str, Path], model: TableModel[Result], job: PartitionJob) -> Iterator[pl.DataFrame]:
    """Yield the model's results for the files, in parts that are already in the row cache."""
    waiting: Results[Result] = []
    done = 0
    with job.progress.task(f"{job.title} {job.subfolder}", len(paths)) as advance:
        for sha256, result in zip(paths, model.load().over(paths.values(), limits=job.limits), strict=True):
            waiting.append((sha256, result))
            done += 1
            advance(1)
            is_last = done == len(paths)
            is_asked = job.stop.is_set() and not is_last
            if is_last or is_asked or job.row_cache.is_due() or len(waiting) >= _MOST_WAITING:
                yield _cached(waiting, model, job.row_cache)
                waiting = []
            if is_asked:
                raise Stopped(f"stopped; {done:,} of {len(paths):,} are done and kept; run it again to continue")


def _cached(results: Results[Result], model: TableModel[Result], row_cache: RowCache) -> pl.DataFrame:
    rows = model.to_rows(results)
    row_cache.add(rows.with_columns(pl.lit(model.version).alias("model")))
    return rows
