"""Runs a model over many pictures, in order and in batches; threads decode ahead, so that the model never waits.

Belongs here: reading pictures, the queue ahead, batches. What a model does to a picture is in the model's own file.
"""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from os import cpu_count
from pathlib import Path
from typing import Final, Generic, TypeVar

from PIL import Image

from lap_assets.core.errors import PictureError
from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits, open_upright, upright

Picture = Path | Image.Image
Prepared = TypeVar("Prepared")
Result = TypeVar("Result")
_In = TypeVar("_In")
_Out = TypeVar("_Out")

_BATCHES_AHEAD: Final = 4


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands in a model's results for a picture that could not be read."""

    problem: str


class BatchModel(ABC, Generic[Prepared, Result]):
    """A model that turns pictures into results, a batch at a time.

    Attributes:
        name: As the settings name it.
        batch_size: How many prepared pictures `run` is handed at a time.
    """

    name: str
    batch_size: int = 1

    @abstractmethod
    def prepare(self, picture: Image.Image) -> Prepared:
        """Makes one upright RGB picture ready. Called in threads, ahead of `run`."""

    @abstractmethod
    def run(self, batch: list[Prepared]) -> list[Result]:
        """A result for each of the batch, in its order."""

    def over(
        self, pictures: Iterable[Picture], *, threads: int | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> Iterator[Result | Unreadable]:
        """The result for each picture, in order; one that cannot be read yields `Unreadable`.

        At most `_BATCHES_AHEAD` batches are held prepared, so memory does not grow with the number of pictures.
        """
        prepare = partial(self._prepared, limits=limits)
        waiting = _ahead(prepare, pictures, _BATCHES_AHEAD * self.batch_size, threads or cpu_count() or 1)
        while batch := list(islice(waiting, self.batch_size)):
            fine = [one for one in batch if not isinstance(one, Unreadable)]
            results = iter(self.run(fine) if fine else [])
            for one in batch:
                yield one if isinstance(one, Unreadable) else next(results)

    def each(self, pictures: Iterable[Picture]) -> list[Result]:
        """The result for each picture.

        Raises:
            PictureError: one cannot be read; the message names it.
        """
        results: list[Result] = []
        for result in self.over(pictures):
            if isinstance(result, Unreadable):
                raise PictureError(result.problem)
            results.append(result)
        return results

    def _prepared(self, picture: Picture, limits: Limits) -> Prepared | Unreadable:
        try:
            return self.prepare(read_picture(picture, limits))
        except PictureError as error:
            return Unreadable(error.problem if error.path is None else f"{error.path.name}: {error.problem}")


def read_picture(picture: Picture, limits: Limits = DEFAULT_LIMITS) -> Image.Image:
    """The picture upright and in RGB.

    Raises:
        PictureError: the file is missing, not a picture, cut short, damaged, or over `limits`.
    """
    opened = upright(picture) if isinstance(picture, Image.Image) else open_upright(picture, limits)
    return opened.convert("RGB")


def _ahead(work: Callable[[_In], _Out], items: Iterable[_In], most: int, threads: int) -> Iterator[_Out]:
    """`work` of each item, in order, done in threads, at most `most` ahead of whoever takes the results."""
    remaining = iter(items)
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[_Out]] = deque(pool.submit(work, item) for item in islice(remaining, most))
        try:
            while waiting:
                done = waiting.popleft().result()
                waiting.extend(pool.submit(work, item) for item in islice(remaining, 1))
                yield done
        finally:
            for future in waiting:
                future.cancel()
