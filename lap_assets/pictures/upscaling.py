"""Enlarging with a model, loaded when the first small picture needs it. The models are in `models.upscalers`."""

from collections.abc import Callable
from threading import Lock, Semaphore
from typing import Protocol

from PIL import Image


class Enlarger(Protocol):
    """A model that enlarges. `at_once`: how many threads may call `upscale` at the same time."""

    at_once: int

    def upscale(self, picture: Image.Image, /) -> Image.Image:
        """Return the picture at twice its size."""


class Upscaling:
    """Enlarges pictures, as many at a time as the model allows, from any number of threads.

    Attributes:
        version: Changes when the pixels may change.

    `load` returns the model.
    """

    def __init__(self, version: str, load: Callable[[], Enlarger]) -> None:
        self.version = version
        self._load = load
        self._loaded: tuple[Enlarger, Semaphore] | None = None
        self._lock = Lock()

    def __call__(self, picture: Image.Image) -> Image.Image:
        """Return the picture at twice its size.

        Raises:
            LapError: the model cannot be loaded.
        """
        with self._lock:
            if self._loaded is None:
                model = self._load()
                self._loaded = model, Semaphore(model.at_once)
            model, free = self._loaded
        with free:
            return model.upscale(picture)
