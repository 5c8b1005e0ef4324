"""What a YOLO's file says of its task, classes and size, and what fits a detector of faces or heads."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from re import IGNORECASE, search
from typing import Any, Final

from lap_assets.core.errors import InputError, WeightsError
from lap_assets.models.onnx.walk import FLOAT, FLOAT16, OnnxFacts, TensorFact
from lap_assets.models.types import Target

MAX_SIDE: Final = 4096
"""The most px of a side of a network's input."""
_MOST_CLASSES: Final = 10_000
_LONGEST: Final = 100_000  # characters that are parsed
_THINGS: Final[Mapping[Target, str]] = {"faces": "face", "heads": "head"}


@dataclass(frozen=True, slots=True)
class YoloFile:
    """A YOLO as its file describes it.

    Attributes:
        input: The name of the input.
        is_half: Whether it takes halves.
        size: Height and width of the input, in px: of every picture, or where `is_open` the most.
        is_open: Whether the network takes other sizes, too.
        stride: The step of sizes that it takes, in px.
        names: Of the classes; None where the file names none.
        is_end_to_end: Whether it says that its boxes are suppressed; None where it does not say.
    """

    input: str
    is_half: bool
    size: tuple[int, int]
    is_open: bool
    stride: int
    names: tuple[str, ...] | None
    is_end_to_end: bool | None

    def classes_of(self, target: Target) -> tuple[int, ...] | None:
        """The classes that are faces, or heads; None for all: no class is called either.

        Raises:
            InputError: it finds the other alone.
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
    """What a file says, as a YOLO.

    Raises:
        WeightsError: it is another kind of model, or lacks what is needed.
    """
    said = _parsed(facts.texts)
    if (task := facts.texts.get("task", "detect")) != "detect":
        raise WeightsError(f"it is a model for the task {task[:40]!r}, not for detection")
    if len(facts.inputs) != 1:
        raise WeightsError(f"it has {len(facts.inputs)} inputs; expected one, of pictures")
    given = facts.inputs[0]
    if given.kind not in (FLOAT, FLOAT16):
        raise WeightsError("its input is not of floating-point numbers; export it without quantizing its input")
    stride = _stride(said.get("stride", 32))
    size, is_open = _size(given, said.get("imgsz"), stride)
    options = said.get("args")
    has_nms = bool(options.get("nms")) if isinstance(options, dict) else False
    ends = True if has_nms else said.get("end2end")
    return YoloFile(
        given.name, given.kind == FLOAT16, size, is_open, stride, _names(said.get("names")),
        ends if isinstance(ends, bool) else None,
    )  # fmt: skip


def _parsed(texts: Mapping[str, str]) -> dict[str, Any]:
    """The texts that ultralytics writes, as Python's literals; no code is run."""
    found = {}
    for key in ("stride", "imgsz", "names", "end2end", "args"):
        if key in texts:
            try:
                found[key] = ast.literal_eval(texts[key][:_LONGEST])
            except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                raise WeightsError(f"its metadata has no valid {key!r}") from None
    return found


def _names(said: object) -> tuple[str, ...] | None:
    if said is None:
        return None
    if isinstance(said, list | tuple):
        said = dict(enumerate(said))
    is_right = (
        isinstance(said, dict)
        and 0 < len(said) <= _MOST_CLASSES
        and set(said) == set(range(len(said)))
        and all(isinstance(name, str) for name in said.values())
    )
    if not is_right or not isinstance(said, dict):
        raise WeightsError("its metadata has no valid 'names': expected a name for each class from 0 on")
    return tuple(said[number] for number in range(len(said)))


def _stride(said: object) -> int:
    if isinstance(said, list | tuple) and said:
        said = max((one for one in said if isinstance(one, int)), default=0)
    if not isinstance(said, int) or not 1 <= said <= 256:
        raise WeightsError("its metadata has no valid 'stride'")
    return max(said, 32)


def _size(given: TensorFact, said: object, stride: int) -> tuple[tuple[int, int], bool]:
    """The size of the input, and whether others go, too."""
    shape = given.shape
    if shape is None or len(shape) != 4 or shape[1] not in (3, None):
        raise WeightsError(f"its input has the shape {_shown(given)}; expected [1, 3, height, width]")
    if shape[0] not in (1, None):
        raise WeightsError(f"it takes {shape[0]} pictures at a time; export it with batch=1")
    high, wide = shape[2:]
    if (high is None) != (wide is None):
        raise WeightsError(f"its input has the shape {_shown(given)}: one side is open, the other is not")
    if high is not None and wide is not None:
        return _within((high, wide)), False
    if isinstance(said, int):
        said = [said, said]
    if not isinstance(said, list | tuple) or len(said) != 2 or not all(isinstance(one, int) for one in said):
        raise WeightsError("its input has no fixed size, and its metadata name no 'imgsz'; export it with a fixed size")
    return _within((-(-said[0] // stride) * stride, -(-said[1] // stride) * stride)), True


def _within(size: tuple[int, int]) -> tuple[int, int]:
    if not all(32 <= side <= MAX_SIDE for side in size):
        raise WeightsError(f"its input has {size[0]}×{size[1]} px; expected 32 to {MAX_SIDE} px a side")
    return size


def _shown(given: TensorFact) -> str:
    return "?" if given.shape is None else str([size if size is not None else "?" for size in given.shape])
