"""A YOLO's network from its ONNX file: checked, loaded, tested once, and run on single pictures."""

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lap_assets.core.errors import InputError, WeightsError
from lap_assets.models.onnx.facts import read_model
from lap_assets.models.onnx.heads import Candidates, Floats, candidates_in, head_of
from lap_assets.models.onnx.session import OnnxSession
from lap_assets.models.onnx.yolo_texts import YoloFile, yolo_file
from lap_assets.models.types import Boxes, Target

_GRAY: Final = 114
_MEGABYTES_A_MEGAPIXEL: Final = 400  # of the input, while a picture is computed; measured: 80 to 160 (YOLOv8n and s)


class YoloNetwork:
    """A YOLO ready to run. `described`: its file's description; `head`: the kind of its output.

    `megabytes`: the approximate memory per picture during computation.
    """

    def __init__(self, path: Path, target: Target) -> None:
        """Read, load and test it.

        Raises:
            WeightsError: the file is not a YOLO that finds the target, or onnxruntime rejects it.
            NotReady: onnxruntime is not installed.
        """
        content, facts = read_model(path)
        self.path = path
        try:
            self.described = yolo_file(facts)
            self._classes = self.described.classes_of(target)
        except (WeightsError, InputError) as error:
            raise WeightsError(f"{path}: {error}") from None
        high, wide = self.described.size
        self.megabytes = max(1, high * wide * _MEGABYTES_A_MEGAPIXEL // 10**6)
        self._session = OnnxSession(path, content, self.described)
        output = self._session.run(np.full((high, wide, 3), _GRAY, np.uint8))
        names = self.described.names
        try:
            self.head = head_of(output, (high, wide), len(names) if names else None, self.described.is_end_to_end)
        except WeightsError as error:
            raise WeightsError(f"{path}: {error}") from None

    def candidates(self, pixels: NDArray[np.uint8], least: float) -> Candidates:
        """Return the target's boxes above a score, in px of the input, before suppression."""
        return candidates_in(self._session.run(pixels)[0], self.head, least, self._classes)


def with_area(corners: Floats, scores: Floats) -> Boxes:
    """Return corners and scores as boxes, without boxes of no area, such as those beside the picture."""
    boxes = np.concatenate((corners, scores.clip(0, 1)[:, None]), axis=1)
    return boxes[(boxes[:, :2] < boxes[:, 2:4]).all(axis=1)]


@cache
def described_file(path: Path, _size: int, _mtime_ns: int) -> YoloFile:
    """Return a file's description, read once per process while unchanged; the model is not loaded or run.

    Raises:
        WeightsError: the file cannot be used.
    """
    _, facts = read_model(path)
    try:
        return yolo_file(facts)
    except WeightsError as error:
        raise WeightsError(f"{path}: {error}") from None
