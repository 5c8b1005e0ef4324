"""Enlarging with a model that is loaded when the first small picture needs it. The models are in `models.upscalers`."""

from collections.abc import Callable
from threading import Lock

from PIL import Image

Upscale = Callable[[Image.Image], Image.Image]


class Upscaling:
    """Enlarges pictures one at a time, whatever the number of threads: a model uses all cores by itself.

    Attributes:
        version: Changes when the pixels may change.

    `load` returns the function that makes a picture twice as wide and high.
    """

    def __init__(self, version: str, load: Callable[[], Upscale]) -> None:
        self.version = version
        self._load = load
        self._upscale: Upscale | None = None
        self._lock = Lock()

    def __call__(self, picture: Image.Image) -> Image.Image:
        """The picture at twice its size.

        Raises:
            LapError: the model cannot be loaded; the message says why.
        """
        with self._lock:
            if self._upscale is None:
                self._upscale = self._load()
            return self._upscale(picture)
