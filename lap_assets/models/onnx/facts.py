"""Facts about an ONNX file, read from its bytes: metadata texts, inputs and outputs, operators, external files.

The model is not loaded or run, and onnxruntime is not needed.
"""

from pathlib import Path
from typing import Final

from lap_assets.core.errors import FileError, WeightsError
from lap_assets.core.reading import read_file
from lap_assets.models.onnx.walk import DOMAINS, OnnxFacts, OnnxWalk, message_of
from lap_assets.models.onnx.wire import Budget, fields_of

MAX_BYTES: Final = 2**30
"""The largest accepted file; the largest YOLO has about 0.6 GB."""
_MOST_FIELDS: Final = 3_000_000
_LEAST_OPSET: Final = 7  # the oldest that onnxruntime runs; it rejects newer ones than it knows by itself
_OPSET_END: Final = 1000


def read_model(path: Path) -> tuple[bytes, OnnxFacts]:
    """Return the bytes of an ONNX file, and the facts in them.

    Raises:
        WeightsError: it cannot be read, is too large, truncated, not ONNX, uses operators that onnxruntime does not
            have, or stores its numbers in another file.
    """
    try:
        content = read_file(path, MAX_BYTES)
    except FileError as error:
        raise WeightsError(str(error)) from None
    except OSError as error:
        raise WeightsError(f"{path}: cannot be read: {error.strerror}") from None
    try:
        return content, facts_of(content)
    except WeightsError as error:
        raise WeightsError(f"{path}: {error}; export the model to ONNX again, as one file") from None


def facts_of(content: bytes) -> OnnxFacts:
    """Return the facts in the bytes of an ONNX file.

    Raises:
        WeightsError: as in `read_model`, without the path.
    """
    if not content:
        raise WeightsError("it is empty")
    facts, graphs = OnnxFacts(), 0
    walk = OnnxWalk(facts, Budget(_MOST_FIELDS))
    for part in fields_of(memoryview(content), walk.budget):
        if part.number == 7:
            graphs += 1
            walk.graph(message_of(part), 0)
        elif part.number == 14:
            key, text = walk.pair(part)
            facts.texts[key] = text
        elif part.number == 8:
            walk.opset(part)
        elif part.number == 25:
            walk.function(part)
    if graphs != 1 or not facts.opsets or not facts.nodes:
        raise WeightsError("it is not an ONNX file")
    if unknown := facts.domains - facts.own_domains - set(DOMAINS):
        raise WeightsError(f"it has operators that onnxruntime does not support ({min(unknown)[:60]!r})")
    opset = facts.opsets.get("", facts.opsets.get("ai.onnx", _LEAST_OPSET))
    if not _LEAST_OPSET <= opset < _OPSET_END:
        raise WeightsError(f"it uses ONNX opset {opset}; expected {_LEAST_OPSET} or later")
    facts.inputs = [one for one in facts.inputs if one.name not in facts.constants]
    return facts
