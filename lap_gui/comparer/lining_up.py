"""Lines up the two pictures on the screen in a separate thread: the window never waits for it."""

import tkinter as tk
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

from lap_gui.comparer.aligning import Alignment, find_alignment
from lap_gui.shared.pictures import Picture

_POLL_MS: Final = 20


class LiningUp:
    """Finds the alignment of the newest pair; calls `found` when it is known."""

    def __init__(self, widget: tk.Misc, found: Callable[[], object]) -> None:
        self._widget, self._found = widget, found
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="lining up")
        self._pair: tuple[Picture, Picture] | None = None
        self._sought: Future[Alignment] | None = None
        self._timer: str | None = None

    def of(self, one: Picture, other: Picture) -> Alignment | None:
        """Return the alignment of `other` in `one`; None while the search runs."""
        if self._pair is None or self._pair[0] is not one or self._pair[1] is not other:
            if self._sought is not None:
                self._sought.cancel()
            self._pair, self._sought = (one, other), self._pool.submit(find_alignment, one, other)
            self._watch()
        return self._sought.result() if self._sought is not None and self._sought.done() else None

    @property
    def is_busy(self) -> bool:
        """Whether a search runs."""
        return self._timer is not None

    def stop(self) -> None:
        """Stop searching; call it before the window is destroyed."""
        if self._timer is not None:
            self._widget.after_cancel(self._timer)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _watch(self) -> None:
        if self._timer is None:
            self._timer = self._widget.after(_POLL_MS, self._poll)

    def _poll(self) -> None:
        self._timer = None
        if self._sought is not None and self._sought.done():
            self._found()
        else:
            self._watch()
