"""Drawing many training pictures on all cores, in pieces, so that the result depends on the plan alone."""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count
from typing import TypeVar

from lap_assets.core.progress import Progress

Plan = TypeVar("Plan")
Piece = TypeVar("Piece")


def drawn_pieces(
    draw: Callable[[Plan, int], Piece], plan: Plan, count: int, size: int, title: str, progress: Progress
) -> Iterator[tuple[slice, Piece]]:
    """Yield what `draw(plan, start)` returns for each piece of `size` pictures, in order, with its place among `count`.

    `draw` runs in other processes, so it and `plan` must be picklable.
    """
    starts = range(0, count, size)
    with progress.task(title, count) as advance, ProcessPoolExecutor(cpu_count()) as pool:
        for start, piece in zip(starts, pool.map(draw, [plan] * len(starts), starts), strict=True):
            stop = min(start + size, count)
            yield slice(start, stop), piece
            advance(stop - start)
