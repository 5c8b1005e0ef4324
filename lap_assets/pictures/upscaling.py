"""Enlarging with a model that is loaded when the first small picture needs it. The models are in `models.upscalers`."""

from collections.abc import Callable
from threading import Lock

from PIL import Image

from lap_assets.models.types import Upscaler


class Upscaling:
    """Enlarges pictures one at a time, whatever the number of threads: a model uses all cores by itself.

    Attributes:
        version: Changes when the pixels may change.
    """

    def __init__(self, version: str, load: Callable[[], Upscaler]) -> None:
        self.version = version
        self._load = load
        self._model: Upscaler | None = None
        self._lock = Lock()

    def __call__(self, picture: Image.Image) -> Image.Image:
        """The picture at twice its size.

        Raises:
            ValueError: the model cannot be loaded; the message says why.
        """
        with self._lock:
            if self._model is None:
                self._model = self._load()
            return self._model.upscale(picture)
