"""Runs a model over many pictures, in order; the same picture always gets the same result.

Belongs here: reading pictures, the queue ahead, batches. What a model does to a picture is in the model's own file; why
a picture is computed alone is in `computing`.
"""

from abc import ABC, abstractmethod
from collections import defaultdict, deque
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
from lap_assets.models.computing import most_at_once, one_torch_thread_each
from lap_assets.pictures.gate import DEFAULT_LIMITS, Limits, open_upright, upright

Picture = Path | Image.Image
Prepared = TypeVar("Prepared")
Result = TypeVar("Result")
_In = TypeVar("_In")
_Out = TypeVar("_Out")

_AHEAD: Final = 4  # batches, or pictures a worker


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands in a model's results for a picture that could not be read."""

    problem: str


class BatchModel(ABC, Generic[Prepared, Result]):
    """A model that turns pictures into results.

    Attributes:
        name: As the settings name it.
        is_concurrent: Whether `run` may be called from several threads at once. Then it sees one picture at a time, and
            torch computes it with one thread: its result depends on nothing else.
        batch_size: How many prepared pictures `run` is handed at a time where it is not concurrent: always so many (a
            short batch is filled up with copies), so that its arithmetic is the same for every batch.
        megabytes: What a picture takes while it is computed, in MB, where that is much: bounds how many are computed
            at once.
    """

    name: str
    is_concurrent: bool = False
    batch_size: int = 1
    megabytes: int = 0

    @abstractmethod
    def prepare(self, picture: Image.Image) -> Prepared:
        """Makes one upright RGB picture ready. Called in threads, ahead of `run`."""

    @abstractmethod
    def run(self, batch: list[Prepared]) -> list[Result]:
        """A result for each of the batch, in its order."""

    def finished(self, result: Result) -> Result:
        """A result as it leaves the model: at the precision that its numbers mean."""
        return result

    def over(
        self, pictures: Iterable[Picture], *, threads: int | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> Iterator[Result | Unreadable]:
        """The result for each picture, in order; one that cannot be read yields `Unreadable`.

        The work on a few pictures is done ahead, so memory does not grow with the number of pictures. `threads`: how
        many work; the number of cores if None. Neither it nor the order nor the company of a picture changes a result.
        """
        return (self._singly if self.is_concurrent else self._in_batches)(pictures, threads, limits)

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

    def _singly(
        self, pictures: Iterable[Picture], threads: int | None, limits: Limits
    ) -> Iterator[Result | Unreadable]:
        def result_of(picture: Picture) -> Result | Unreadable:
            prepared = self._prepared(picture, limits)
            return prepared if isinstance(prepared, Unreadable) else self.finished(self.run([prepared])[0])

        workers = most_at_once(self.megabytes, threads)
        yield from _ahead(result_of, pictures, _AHEAD * workers, one_torch_thread_each(workers))

    def _in_batches(
        self, pictures: Iterable[Picture], threads: int | None, limits: Limits
    ) -> Iterator[Result | Unreadable]:
        pool = ThreadPoolExecutor(threads or cpu_count())
        waiting = _ahead(partial(self._prepared, limits=limits), pictures, _AHEAD * self.batch_size, pool)
        while batch := list(islice(waiting, self.batch_size)):
            fine = [one for one in batch if not isinstance(one, Unreadable)]
            results = iter(self.run(filled_up(fine, self.batch_size)) if fine else [])
            for one in batch:
                yield one if isinstance(one, Unreadable) else self.finished(next(results))

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


def run_by_shape(
    batch: list[_In], shape_of: Callable[[_In], object], run: Callable[[list[_In]], list[_Out]], size: int
) -> list[_Out]:
    """The results of `run` in the batch's order. It is handed `size` of one shape at a time, filled up with copies."""
    places: defaultdict[object, list[int]] = defaultdict(list)
    for place, one in enumerate(batch):
        places[shape_of(one)].append(place)
    found: dict[int, _Out] = {}
    for group in places.values():
        for part in (group[start : start + size] for start in range(0, len(group), size)):
            results = run(filled_up([batch[place] for place in part], size))
            found.update(zip(part, results[: len(part)], strict=True))
    return [found[place] for place in range(len(batch))]


def filled_up(batch: list[_In], size: int) -> list[_In]:
    """At least `size` of them: the last one is repeated. `batch` is not empty."""
    return batch + batch[-1:] * (size - len(batch))


def _ahead(work: Callable[[_In], _Out], items: Iterable[_In], most: int, threads: ThreadPoolExecutor) -> Iterator[_Out]:
    """`work` of each item, in order, done in threads, at most `most` ahead of whoever takes the results."""
    remaining = iter(items)
    with threads as pool:
        waiting: deque[Future[_Out]] = deque(pool.submit(work, item) for item in islice(remaining, most))
        try:
            while waiting:
                done = waiting.popleft().result()
                waiting.extend(pool.submit(work, item) for item in islice(remaining, 1))
                yield done
        finally:
            for future in waiting:
                future.cancel()
