"""The tables that `python -m benchmarks` prints from the results of the other modules."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from rich.table import Table

from benchmarks.accuracy import by_distance, plot_by_distance, precision_recall
from benchmarks.duplicates import bench_hashing, bench_pairs, bench_vectors
from benchmarks.full_size import NAMES
from benchmarks.inputs import draw_jpegs
from benchmarks.models import bench_models
from benchmarks.release import bench_release
from benchmarks.timing import TimingRow
from benchmarks.vectors import Beyond, beyond_hashes
from lap_assets.commands.duplicates import shown
from lap_assets.commands.tables import all_pairs, all_rows
from lap_assets.core.files import write_bytes, write_text
from lap_assets.core.home import Home
from lap_assets.duplicates.rules import rules_from
from lap_assets.settings import Settings

Truth = Sequence[tuple[str, str, tuple[str, ...]]]
_PRECISION = 0.95  # the precision at which vectors are judged
# The first is small, since imagededup compares in plain Python.
_SIZES = ((5_000, 16), (73_441, 16), (200_000, 8), (1_000_000, 4))


def speed(*, imagededup_python: Path | None, vectors: int) -> Iterator[Table]:
    """Yield one table per task, as it is measured; each row shows the time relative to LAP."""
    yield _rows("hashing", bench_hashing(400, repeats=2, imagededup_python=imagededup_python))
    for size in _SIZES:
        yield _rows("pairs", bench_pairs([size], imagededup_python=imagededup_python if size == _SIZES[0] else None))
    yield _rows("vectors", bench_vectors(vectors, 1024))


def engine(runs: int) -> Table:
    """Return the time of a run of one step: in bare Dagster, and for LAP's smallest asset."""
    from benchmarks.engine import bare_step, lap_step
    from lap_assets.definitions import build_definitions

    table = Table("a run of one step, in process", "seconds", "relative to bare Dagster", title=f"mean of {runs} runs")
    bare = bare_step(runs)
    for name, seconds in (
        ("Dagster, an empty asset", bare),
        ("LAP, review_verdicts", lap_step(runs, build_definitions)),
    ):
        table.add_row(name, f"{seconds:.3f}", f"{seconds / bare:.2f}")
    return table


def index(vectors: int, width: int) -> Table:
    """Return the exact search of vectors compared with an index, by sampling."""
    from benchmarks.index import bench_index

    table = Table(
        "search", "recall", "hours for all", "GB", "minutes to build", title=f"{vectors:,} vectors of {width}"
    )
    for one in bench_index(vectors, width):
        table.add_row(
            one.method, f"{one.recall:.3f}", f"{one.hours:.3g}", f"{one.gigabytes:.1f}", f"{one.built_minutes:.1f}"
        )
    return table


def models(settings: Settings, home: Home, names: Sequence[str], device: str | None, pictures: int) -> Table:
    """Return the speed of each model, with weights from the home, or else random."""
    from lap_assets.models.devices import chosen_device

    with TemporaryDirectory() as folder:
        files = draw_jpegs(Path(folder), pictures, seed=1)
        chosen = chosen_device(device or settings.device)
        return _rows(f"models on {chosen}", bench_models(files, home.weights, chosen, names or NAMES))


def release(images: int) -> Table:
    """Return the times for a release of `images` images."""
    with TemporaryDirectory() as folder:
        return _rows("release", bench_release(Path(folder), images))


def gui(images: int, labels: int) -> Table:
    """Return the waiting times in the review tools.

    Raises:
        NoWindow: there is no display, or no Tk.
    """
    from lap_assets.core.errors import NoWindow

    try:
        from benchmarks.gui import bench_gui
    except ImportError as error:
        raise NoWindow(f"{error}: the tools need Tk (Debian, Ubuntu: python3-tk)") from None
    table = Table("what", "measured", "at most", "the original", title="review tools")
    with TemporaryDirectory() as folder:
        for figure in bench_gui(Path(folder), images=images, labels=labels):
            table.add_row(figure.what, figure.measured, figure.target, figure.original)
    return table


def accuracy(settings: Settings, home: Home, truth: Truth, plot: Path) -> Iterator[Table]:
    """Yield precision and recall by rule, then recall by kind of copy, then the copies that only vectors find.

    The curve by distance is written to `plot`.
    """
    posters, pairs, rules = all_rows(home, "image_hashes"), all_pairs(home), rules_from(settings.rules)
    curves = {measure: by_distance(truth, posters, measure) for measure in ("ahash", "phash", "dhash")}
    write_bytes(plot, plot_by_distance(curves))
    judged = precision_recall(truth, posters, pairs, rules)
    write_text(plot.with_suffix(".csv"), judged.write_csv())
    yield shown(judged.filter(pl.col("kind") == "all").drop("kind"))
    simple = judged.filter((pl.col("kind") != "all") & ~pl.col("kind").str.contains("+", literal=True))
    yield shown(simple.pivot("rule", index="kind", values="recall").sort("kind"))
    yield _beyond(beyond_hashes(truth, posters, pairs, rules, _PRECISION))


def _rate(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"


def _beyond(judged: Beyond) -> Table:
    where = "no distance" if judged.distance is None else f"cosine up to {judged.distance:.3f}"
    at = f"{where}, precision {judged.precision:.3f}" if judged.precision is not None else where
    table = Table("kind", "copies", "found", "recall", title=f"copies missed by all hash rules, found by vectors: {at}")
    for kind, (copies, found) in judged.by_kind.items():
        table.add_row(kind, f"{copies:,}", f"{found:,}", f"{found / copies:.3f}")
    return table


def _rows(title: str, rows: Iterable[TimingRow]) -> Table:
    table = Table("task", "method", "seconds", "per second", "relative to LAP", "note", title=title)
    for row in rows:
        table.add_row(
            row.task,
            row.method,
            "" if row.seconds is None else f"{row.seconds:.2f}",
            "" if row.rate is None else _rate(row.rate),
            "" if row.times is None else f"{row.times:.2f}",
            row.note,
        )
    return table
