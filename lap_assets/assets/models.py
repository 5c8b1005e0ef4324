"""The models that the settings choose, as assets need them: their versions, and how they are loaded when needed.

What a model does is in `models`; which pictures it sees is in `model_table`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, TypeVar

import dagster as dg
import polars as pl

from lap_assets.home import Home
from lap_assets.journal import Journal
from lap_assets.model_table import Stopped, Task
from lap_assets.models import load_detector, load_embedder, load_upscaler
from lap_assets.models.kinds import Detector, Embedder, Upscaler
from lap_assets.models.versions import model_version
from lap_assets.settings import Settings
from lap_assets.workplace import Workplace

NONE: Final = "none"
POOL: Final = "model"  # a model uses all cores, or the one GPU: one at a time
Model = TypeVar("Model")


@dataclass(frozen=True, slots=True)
class Chosen(Generic[Model]):
    """A model that a setting names. `version` changes when what it says may change."""

    variable: str
    name: str
    version: str
    loading: Callable[[], Model]

    @property
    def is_none(self) -> bool:
        """Whether the setting says that there is to be none."""
        return self.name == NONE

    def load(self) -> Model:
        """Loads it.

        Raises:
            Failure: it cannot be had; one line says why, and what to do.
        """
        try:
            return self.loading()
        except ValueError as error:
            raise dg.Failure(f"{error}; {self.variable}=none goes on without it") from error

    def told(self) -> dict[str, dg.MetadataValue]:
        """Metadata: which model it was."""
        said = f"none ({self.variable}=none): this table is empty" if self.is_none else self.version
        return {"model": dg.MetadataValue.text(said)}


def chosen_embedder(settings: Settings) -> Chosen[Embedder]:
    """What `LAP_EMBEDDER` names."""
    weights = Home(settings.home.absolute()).weights
    loading = partial(load_embedder, settings.embedder, weights=weights, device=settings.device)
    return Chosen("LAP_EMBEDDER", settings.embedder, model_version("embedder", settings.embedder, weights), loading)


def chosen_face_detector(settings: Settings) -> Chosen[Detector]:
    """What `LAP_FACE_DETECTOR` names."""
    weights = Home(settings.home.absolute()).weights
    name = settings.face_detector
    loading = partial(load_detector, name, of="faces", weights=weights, device=settings.device)
    return Chosen("LAP_FACE_DETECTOR", name, model_version("faces", name, weights), loading)


def chosen_head_detector(settings: Settings) -> Chosen[Detector]:
    """What `LAP_HEAD_DETECTOR` names."""
    weights = Home(settings.home.absolute()).weights
    name = settings.head_detector
    loading = partial(load_detector, name, of="heads", weights=weights, device=settings.device)
    return Chosen("LAP_HEAD_DETECTOR", name, model_version("heads", name, weights), loading)


def chosen_upscaler(settings: Settings) -> Chosen[Upscaler]:
    """What `LAP_UPSCALER` names."""
    weights = Home(settings.home.absolute()).weights
    loading = partial(load_upscaler, settings.upscaler, weights=weights, device=settings.device)
    return Chosen("LAP_UPSCALER", settings.upscaler, model_version("upscaler", settings.upscaler, weights), loading)


@contextmanager
def model_task(workplace: Workplace, asset: str, partition: str, title: str) -> Iterator[Task]:
    """The work of one partition, its journal in the home. The table is yielded, and so stored, inside of it.

    Raises:
        Failure: the work was asked to stop.
    """
    journal = Journal(workplace.home.state / "unstored" / asset / partition)
    try:
        yield Task(f"{title} {partition}", workplace.progress, workplace.stop, journal)
    except Stopped as stopped:
        raise dg.Failure(str(stopped)) from stopped
    journal.clear()


def problem_list(table: pl.DataFrame) -> dict[str, dg.MetadataValue]:
    """Metadata: the pictures that could not be read, where there are any."""
    problems = table["problem"].drop_nulls().head(50)
    return {"problems": dg.MetadataValue.md("\n".join(f"- {said}" for said in problems))} if problems.len() else {}
