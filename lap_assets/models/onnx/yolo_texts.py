"""The task, classes and size in the metadata of a YOLO's file, and its classes of faces or heads."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from re import IGNORECASE, search
from typing import Any, Final

from lap_assets.core.errors import InputError, WeightsError
from lap_assets.models.onnx.walk import FLOAT, FLOAT16, OnnxFacts, TensorFact
from lap_assets.models.types import Target

MAX_SIDE: Final = 4096
"""The largest side of a network's input, in px."""
_MOST_CLASSES: Final = 10_000
_LONGEST: Final = 100_000  # parsed characters
_THINGS: Final[Mapping[Target, str]] = {"faces": "face", "heads": "head"}


@dataclass(frozen=True, slots=True)
class YoloFile:
    """A YOLO's description in its file.

    Attributes:
        input: The name of the input.
        is_half: Whether the input is of 16-bit floats.
        size: Height and width of the input in px, for every picture; the largest if `is_open`.
        is_open: Whether the network also accepts other sizes.
        stride: The step between accepted sizes, in px.
        names: The class names; None if the file has none.
        is_end_to_end: Whether its boxes are already suppressed; None if the file does not state it.
    """

    input: str
    is_half: bool
    size: tuple[int, int]
    is_open: bool
    stride: int
    names: tuple[str, ...] | None
    is_end_to_end: bool | None

    def classes_of(self, target: Target) -> tuple[int, ...] | None:
        """Return the classes of faces, or of heads; None for all classes, if none is named after either.

        Raises:
            InputError: it only finds the other target.
        """
        found = {one: self._called(thing) for one, thing in _THINGS.items()}
        if not any(found.values()):
            return None
        if not found[target]:
            raise InputError(f"finds {' and '.join(one for one, classes in found.items() if classes)}")
        return found[target]

    def _called(self, thing: str) -> tuple[int, ...]:
        pattern = rf"(?:^|[^a-z]){thing}s?(?:$|[^a-z])"
        return tuple(number for number, name in enumerate(self.names or ()) if search(pattern, name, IGNORECASE))


def yolo_file(facts: OnnxFacts) -> YoloFile:
    """Return the description of a YOLO from a file's facts.

    Raises:
        WeightsError: it is another kind of model, or required facts are missing.
    """
    metadata = _parsed(facts.texts)
    if (task := facts.texts.get("task", "detect")) != "detect":
        raise WeightsError(f"it is a model for the task {task[:40]!r}, not for detection")
    if len(facts.inputs) != 1:
        raise WeightsError(f"it has {len(facts.inputs)} inputs; expected one, of pictures")
    given = facts.inputs[0]
    if given.kind not in (FLOAT, FLOAT16):
        raise WeightsError("its input does not take floating-point numbers; export it without quantizing its input")
    stride = _stride(metadata.get("stride", 32))
    size, is_open = _size(given, metadata.get("imgsz"), stride)
    options = metadata.get("args")
    has_nms = bool(options.get("nms")) if isinstance(options, dict) else False
    ends = True if has_nms else metadata.get("end2end")
    return YoloFile(
        given.name, given.kind == FLOAT16, size, is_open, stride, _names(metadata.get("names")),
        ends if isinstance(ends, bool) else None,
    )  # fmt: skip


def _parsed(texts: Mapping[str, str]) -> dict[str, Any]:
    """Parse the texts that ultralytics writes, as Python literals; no code is run."""
    found = {}
    for key in ("stride", "imgsz", "names", "end2end", "args"):
        if key in texts:
            try:
                found[key] = ast.literal_eval(texts[key][:_LONGEST])
            except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                raise WeightsError(f"its metadata has no valid {key!r}") from None
    return found


def _names(value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    if isinstance(value, list | tuple):
        value = dict(enumerate(value))
    is_valid = (
        isinstance(value, dict)
        and 0 < len(value) <= _MOST_CLASSES
        and set(value) == set(range(len(value)))
        and all(isinstance(name, str) for name in value.values())
    )
    if not is_valid or not isinstance(value, dict):
        raise WeightsError("its metadata has no valid 'names': expected a name for each class from 0 on")
    return tuple(value[number] for number in range(len(value)))


def _stride(value: object) -> int:
    if isinstance(value, list | tuple) and value:
        value = max((one for one in value if isinstance(one, int)), default=0)
    if not isinstance(value, int) or not 1 <= value <= 256:
        raise WeightsError("its metadata has no valid 'stride'")
    return max(value, 32)


def _size(given: TensorFact, imgsz: object, stride: int) -> tuple[tuple[int, int], bool]:
    """Return the size of the input, and whether the network also accepts others."""
    shape = given.shape
    if shape is None or len(shape) != 4 or shape[1] not in (3, None):
        raise WeightsError(f"its input has the shape {_shown(given)}; expected [1, 3, height, width]")
    if shape[0] not in (1, None):
        raise WeightsError(f"it takes {shape[0]} pictures at a time; export it with batch=1")
    high, wide = shape[2:]
    if (high is None) != (wide is None):
        raise WeightsError(f"its input has the shape {_shown(given)}: expected both sides fixed, or both dynamic")
    if high is not None and wide is not None:
        return _within((high, wide)), False
    if isinstance(imgsz, int):
        imgsz = [imgsz, imgsz]
    if not isinstance(imgsz, list | tuple) or len(imgsz) != 2 or not all(isinstance(one, int) for one in imgsz):
        raise WeightsError("its input has no fixed size, and its metadata has no 'imgsz'; export it with a fixed size")
    return _within((-(-imgsz[0] // stride) * stride, -(-imgsz[1] // stride) * stride)), True


def _within(size: tuple[int, int]) -> tuple[int, int]:
    if not all(32 <= side <= MAX_SIDE for side in size):
        raise WeightsError(f"its input has {size[0]}×{size[1]} px; expected 32 to {MAX_SIDE} px per side")
    return size


def _shown(given: TensorFact) -> str:
    return "?" if given.shape is None else str([size if size is not None else "?" for size in given.shape])
