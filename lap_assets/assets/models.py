"""The models chosen in the settings, for assets: versions, loading on demand, metadata.

The models themselves are in `models`; `models.table` chooses the pictures to run them on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Generic, TypeVar

import dagster as dg
import polars as pl

from lap_assets.core.errors import LapError, Stopped
from lap_assets.core.home import Home
from lap_assets.core.plain_text import markdown
from lap_assets.models import load_detector, load_embedder, load_upscaler
from lap_assets.models.computing import arithmetic
from lap_assets.models.row_cache import RowCache
from lap_assets.models.spec_types import NONE, Task, chosen_names, variable
from lap_assets.models.specs import check_choice, find_spec
from lap_assets.models.table import PartitionJob
from lap_assets.models.types import Detector, Embedder, Upscaler
from lap_assets.models.versions import model_version
from lap_assets.queues import CPU, for_model
from lap_assets.run_context import RunContext
from lap_assets.settings import Settings

POOL: Final = "model"  # a model uses all cores or the only GPU, so one runs at a time
Model = TypeVar("Model")
_KEPT: Final[dict[str, tuple[str, Any]]] = {}  # variable → version and model, in a process that keeps models loaded


@dataclass(frozen=True, slots=True)
class Chosen(Generic[Model]):
    """The model named by a setting. `version` changes whenever results may change."""

    variable: str
    name: str
    version: str
    loader: Callable[[], Model]
    queue: str = CPU
    is_kept: bool = False

    @property
    def is_none(self) -> bool:
        """Whether the setting is "none"."""
        return self.name == NONE

    def load(self) -> Model:
        """Load the model.

        Raises:
            Failure: it cannot be loaded; one line says why, and what to do.
        """
        version, model = _KEPT.get(self.variable, ("", None))
        if self.is_kept and version == self.version and model is not None:
            return model  # type: ignore[no-any-return]
        try:
            loaded = self.loader()
        except LapError as error:
            raise dg.Failure(f"{error}; {self.variable}=none continues without it") from error
        if self.is_kept:
            _KEPT[self.variable] = (self.version, loaded)
        return loaded

    def metadata(self) -> dict[str, dg.MetadataValue]:
        """Return metadata: the model that made a table, and the arithmetic that the results' last digits depend on."""
        text = f"none ({self.variable}=none): this table is empty" if self.is_none else self.version
        computed = {"computed with": dg.MetadataValue.text(arithmetic())} if arithmetic() and not self.is_none else {}
        return {"model": dg.MetadataValue.text(text), **computed}


def chosen_embedder(settings: Settings) -> Chosen[Embedder]:
    """Return the model named by `LAP_EMBEDDER`."""
    return _chosen("embedder", load_embedder, settings)


def chosen_face_detector(settings: Settings) -> Chosen[Detector]:
    """Return the model named by `LAP_FACE_DETECTOR`."""
    return _chosen("faces", partial(load_detector, of="faces"), settings)


def chosen_head_detector(settings: Settings) -> Chosen[Detector]:
    """Return the model named by `LAP_HEAD_DETECTOR`."""
    return _chosen("heads", partial(load_detector, of="heads"), settings)


def chosen_upscaler(settings: Settings) -> Chosen[Upscaler]:
    """Return the model named by `LAP_UPSCALER`."""
    return _chosen("upscaler", load_upscaler, settings)


def _chosen(task: Task, load: Callable[..., Model], settings: Settings) -> Chosen[Model]:
    """Return the model for a task. Raises `SettingsError` if the setting names an unknown model."""
    name = chosen_names(settings)[task]
    check_choice(task, name)
    spec = find_spec(task, name)
    weights = Home(settings.home.absolute()).weights
    return Chosen(
        variable(task),
        name,
        model_version(task, name, weights),
        partial(load, name, weights=weights, device=settings.device),
        for_model(settings.device) if spec is not None and spec.needs_torch else CPU,
        settings.keep_models,
    )


@contextmanager
def partition_job(run_context: RunContext, asset: str, partition: str, title: str) -> Iterator[PartitionJob]:
    """Run a model over one partition, with a row cache in the home. Yield the table, and so store it, inside.

    Raises:
        Failure: the job was asked to stop.
    """
    limits = run_context.settings.picture_limits
    row_cache = RowCache(run_context.home.state / "unstored" / asset / partition)
    try:
        yield PartitionJob(partition, title, run_context.progress, run_context.stop, row_cache, limits)
    except Stopped as stopped:
        raise dg.Failure(str(stopped)) from stopped
    row_cache.clear()


def problem_list(table: pl.DataFrame) -> dict[str, dg.MetadataValue]:
    """Return metadata: the unreadable pictures, if any."""
    problems = table["problem"].drop_nulls().head(50)
    return (
        {"problems": dg.MetadataValue.md("\n".join(f"- {markdown(problem)}" for problem in problems))}
        if problems.len()
        else {}
    )
