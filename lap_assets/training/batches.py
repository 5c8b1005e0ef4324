"""Batches computed in separate processes, ahead of the training; each depends only on its step."""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Generator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from os import cpu_count
from typing import Final

import numpy as np
from numpy.typing import NDArray

Arrays = tuple[NDArray[np.generic], ...]
_AHEAD: Final = 2  # batches per process
_source: "Batches | None" = None  # in a worker process: the source of its batches


class Batches(ABC):
    """Source of the batch of each step. It is sent to each process once."""

    @abstractmethod
    def batch(self, step: int) -> Arrays:
        """Return the arrays of one step; they depend on the step alone."""

    def from_step(self, start: int, steps: int) -> Generator[Arrays, None, None]:
        """Yield the batches of `start` … `steps` - 1, in order."""
        workers = cpu_count() or 1
        waiting: deque[Future[Arrays]] = deque()
        with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_keep, initargs=(self,)) as pool:
            try:
                for step in range(start, steps):
                    waiting.append(pool.submit(_batch, step))
                    if len(waiting) > workers * _AHEAD:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                pool.shutdown(wait=False, cancel_futures=True)


def _keep(batches: Batches) -> None:
    global _source  # noqa: PLW0603  # set once per process
    _source = batches


def _batch(step: int) -> Arrays:
    assert _source is not None  # noqa: S101  # set when the process starts
    return _source.batch(step)
