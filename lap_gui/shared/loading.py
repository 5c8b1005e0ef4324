"""Decodes files ahead in threads, with a cache limited in bytes. Threads never touch Tk: results are polled.

Belongs here: what is decoded when, and what is kept. The caller's `read` does the decoding.
"""

import os
import threading
import tkinter as tk
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final, Generic, TypeVar

from lap_assets.pictures.gate import Limits
from lap_gui.shared.pictures import Picture, read_picture, read_thumbnail

Read = TypeVar("Read")
_POLL_MS: Final = 8
PICTURE_BYTES: Final = 512 * 2**20
THUMBNAIL_BYTES: Final = 48 * 2**20


class Loader(Generic[Read]):
    """Reads files in threads in order of urgency, and keeps the most recent results within `max_bytes`.

    Call `get`, `want` and `poll` from one thread (Tk's). `close` ends the threads.
    """

    def __init__(self, read: Callable[[Path], Read], cost: Callable[[Read], int], max_bytes: int, threads: int) -> None:
        self._read, self._cost, self._max_bytes = read, cost, max_bytes
        self._kept: OrderedDict[Path, Read] = OrderedDict()
        self._bytes = 0
        self._wanted: tuple[Path, ...] = ()
        self._pending: deque[Path] = deque()
        self._reading: set[Path] = set()
        self._arrived: deque[Path] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [threading.Thread(target=self._work, daemon=True, name="decoder") for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def get(self, path: Path) -> Read | None:
        """Return the result for a file; None if it is not in the cache (yet)."""
        with self._changed:
            if path in self._kept:
                self._kept.move_to_end(path)
            return self._kept.get(path)

    def now(self, path: Path) -> Read:
        """Return the result for a file; reads it in this thread if it is not in the cache."""
        found = self.get(path)
        if found is None:
            found = self._read(path)
            with self._changed:
                self._keep(path, found)
        return found

    def want(self, paths: Iterable[Path]) -> None:
        """Replace the list of files to read, the most urgent first."""
        with self._changed:
            self._wanted = tuple(dict.fromkeys(paths))
            self._pending = deque(path for path in self._wanted if path not in self._kept)
            self._changed.notify_all()

    def forget(self, path: Path) -> None:
        """Drop the result of a file that changed."""
        with self._changed:
            self._drop(path)

    def poll(self) -> list[Path]:
        """Return the files that arrived since the last call."""
        with self._changed:
            arrived = list(self._arrived)
            self._arrived.clear()
            return arrived

    @property
    def is_busy(self) -> bool:
        """Whether a wanted file is still to come."""
        with self._changed:
            return bool(self._pending or self._reading or self._arrived)

    @property
    def held_bytes(self) -> int:
        """Bytes in the cache."""
        return self._bytes

    def close(self) -> None:
        """End the threads; what they are reading is discarded."""
        with self._changed:
            self._closed = True
            self._pending.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while True:
            with self._changed:
                path = self._next()
                while path is None and not self._closed:
                    self._changed.wait()
                    path = self._next()
                if path is None or self._closed:
                    return
                self._reading.add(path)
            found: Read | None = None
            try:
                found = self._read(path)
            finally:
                with self._changed:
                    self._reading.discard(path)
                    if found is not None:
                        self._keep(path, found)
                        self._arrived.append(path)

    def _next(self) -> Path | None:
        while self._pending:
            path = self._pending.popleft()
            if path not in self._kept and path not in self._reading:
                return path
        return None

    def _keep(self, path: Path, found: Read) -> None:
        self._drop(path)
        self._kept[path] = found
        self._bytes += self._cost(found)
        urgent = set(self._wanted[:1]) | {path}
        for old in list(self._kept):
            if self._bytes <= self._max_bytes:
                return
            if old not in urgent:
                self._drop(old)

    def _drop(self, path: Path) -> None:
        found = self._kept.pop(path, None)
        if found is not None:
            self._bytes -= self._cost(found)


def picture_loader(max_bytes: int = PICTURE_BYTES, threads: int = 3) -> Loader[Picture]:
    """Return a loader of whole pictures."""
    read = partial(read_picture, limits=Limits.from_environment(os.environ))
    return Loader(read, lambda picture: picture.memory, max_bytes, threads)


def thumbnail_loader(box: tuple[int, int], max_bytes: int = THUMBNAIL_BYTES, threads: int = 2) -> Loader[Picture]:
    """Return a loader of pictures within `box` (width, height)."""
    read = partial(read_thumbnail, box=box, limits=Limits.from_environment(os.environ))
    return Loader(read, lambda picture: picture.memory, max_bytes, threads)


class Arrivals:
    """Calls back in a widget's thread for each file that a loader has read; polls while the loader is busy."""

    def __init__(self, widget: tk.Misc, loader: Loader[Read], arrived: Callable[[Path], None]) -> None:
        self._widget, self._loader, self._arrived = widget, loader, arrived
        self._timer: str | None = None

    def watch(self) -> None:
        """Start polling; call it after each `want`."""
        if self._timer is None:
            self._timer = self._widget.after(_POLL_MS, self._poll)

    def stop(self) -> None:
        """Stop polling; call it before the widget is destroyed."""
        if self._timer is not None:
            self._widget.after_cancel(self._timer)
            self._timer = None

    def _poll(self) -> None:
        self._timer = None
        busy = self._loader.is_busy
        for path in self._loader.poll():
            self._arrived(path)
        if busy:
            self.watch()
