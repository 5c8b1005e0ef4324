"""Running a model over many pictures, in order; the same picture always gets the same result.

Belongs here: reading pictures ahead, and batches. The processing of a picture is in each model's own file; the reasons
for computing pictures one by one are in `computing`.
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

_AHEAD: Final = 4  # batches, or pictures per worker


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The result for an unreadable picture."""

    problem: str


class BatchModel(ABC, Generic[Prepared, Result]):
    """A model that turns pictures into results.

    Attributes:
        name: The name in the settings.
        is_concurrent: Whether `run` may be called from several threads at once. If so, each call gets one picture, and
            torch computes it with one thread, so that its result depends on nothing else.
        batch_size: The number of prepared pictures per call of `run` if it is not concurrent. A short batch is padded
            with copies, so that the arithmetic is the same for every batch.
        megabytes: Memory per picture during computation, in MB, if large: limits how many are computed at once.
    """

    name: str
    is_concurrent: bool = False
    batch_size: int = 1
    megabytes: int = 0

    @abstractmethod
    def prepare(self, picture: Image.Image) -> Prepared:
        """Prepare one upright RGB picture. Called in threads, ahead of `run`."""

    @abstractmethod
    def run(self, batch: list[Prepared]) -> list[Result]:
        """Return a result for each picture of the batch, in its order."""

    def finished(self, result: Result) -> Result:
        """Return the final form of a result, rounded to the precision of the model."""
        return result

    def over(
        self, pictures: Iterable[Picture], *, threads: int | None = None, limits: Limits = DEFAULT_LIMITS
    ) -> Iterator[Result | Unreadable]:
        """Yield the result for each picture, in order; `Unreadable` for a picture that cannot be read.

        Only a few pictures are processed ahead, so memory does not grow with the number of pictures. `threads`: the
        number of threads (default: one per core). Results do not depend on it, nor on the other pictures or their
        order.
        """
        return (self._singly if self.is_concurrent else self._in_batches)(pictures, threads, limits)

    def each(self, pictures: Iterable[Picture]) -> list[Result]:
        """Return the result for each picture.

        Raises:
            PictureError: a picture cannot be read; the message names it.
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
            readable = [one for one in batch if not isinstance(one, Unreadable)]
            results = iter(self.run(filled_up(readable, self.batch_size)) if readable else [])
            for one in batch:
                yield one if isinstance(one, Unreadable) else self.finished(next(results))

    def _prepared(self, picture: Picture, limits: Limits) -> Prepared | Unreadable:
        try:
            return self.prepare(read_picture(picture, limits))
        except PictureError as error:
            return Unreadable(error.problem if error.path is None else f"{error.path.name}: {error.problem}")


def read_picture(picture: Picture, limits: Limits = DEFAULT_LIMITS) -> Image.Image:
    """Return the picture upright and in RGB.

    Raises:
        PictureError: the file is missing, not a picture, truncated, damaged, or exceeds `limits`.
    """
    opened = upright(picture) if isinstance(picture, Image.Image) else open_upright(picture, limits)
    return opened.convert("RGB")


def run_by_shape(
    batch: list[_In], shape_of: Callable[[_In], object], run: Callable[[list[_In]], list[_Out]], size: int
) -> list[_Out]:
    """Return the results of `run` in the batch's order; each call gets `size` items of one shape, copies included."""
    by_shape: defaultdict[object, list[int]] = defaultdict(list)
    for index, one in enumerate(batch):
        by_shape[shape_of(one)].append(index)
    found: dict[int, _Out] = {}
    for indices in by_shape.values():
        for part in (indices[start : start + size] for start in range(0, len(indices), size)):
            results = run(filled_up([batch[index] for index in part], size))
            found.update(zip(part, results[: len(part)], strict=True))
    return [found[index] for index in range(len(batch))]


def filled_up(batch: list[_In], size: int) -> list[_In]:
    """Return a nonempty batch padded to `size` with copies of its last item."""
    return batch + batch[-1:] * (size - len(batch))


def _ahead(work: Callable[[_In], _Out], items: Iterable[_In], most: int, threads: ThreadPoolExecutor) -> Iterator[_Out]:
    """Yield `work` of each item, in order, computed in threads at most `most` items ahead of the consumer."""
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
