"""Walking through the messages of an ONNX file and collecting facts.

Field numbers: onnx/onnx.proto3 of github.com/onnx/onnx.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lap_assets.core.errors import WeightsError
from lap_assets.models.onnx.wire import BYTES, VARINT, Budget, WireField, fields_of

DOMAINS: Final = ("", "ai.onnx", "ai.onnx.ml", "com.microsoft", "com.microsoft.nchwc", "ai.onnx.preview.training")
"""The domains of onnxruntime's operators."""
_MOST_DEPTH: Final = 12  # of nested graphs
_NUMBERS_A_BYTE: Final = 4  # at most: ONNX's smallest type has two bits
_LONGEST_TEXT: Final = 2**20
_SPARSE: Final = "it has sparse tensors, which no YOLO has"
Shape = tuple[int | None, ...]
"""None for a dynamic size."""
FLOAT, FLOAT16 = 1, 10
"""ONNX's numbers of these types."""


@dataclass(frozen=True, slots=True)
class TensorFact:
    """An input or output: its name, ONNX's number of its type (0: unknown), and its shape (None: unknown)."""

    name: str
    kind: int
    shape: Shape | None


@dataclass(slots=True)
class OnnxFacts:
    """The facts about a file.

    Attributes:
        texts: Its metadata, such as `names` and `imgsz`.
        opsets: Versions of operator sets, by domain.
        inputs: The graph's inputs.
        outputs: The graph's outputs.
        constants: Names of the graph's own tensors.
        domains: Domains of its nodes' operators.
        own_domains: Domains of functions that it defines itself.
        nodes: The number of nodes.
    """

    texts: dict[str, str] = field(default_factory=dict)
    opsets: dict[str, int] = field(default_factory=dict)
    inputs: list[TensorFact] = field(default_factory=list)
    outputs: list[TensorFact] = field(default_factory=list)
    constants: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    own_domains: set[str] = field(default_factory=set)
    nodes: int = 0


class OnnxWalk:
    """Walks through the messages of one file and collects `OnnxFacts`."""

    def __init__(self, facts: OnnxFacts, budget: Budget) -> None:
        self.facts, self.budget = facts, budget

    def pair(self, part: WireField) -> tuple[str, str]:
        """Return the key and text of a `StringStringEntryProto`."""
        texts = {one.number: _text(one) for one in self._fields(part) if one.number in (1, 2)}
        return texts.get(1, ""), texts.get(2, "")

    def opset(self, part: WireField) -> None:
        """Read an `OperatorSetIdProto`."""
        domain, version = "", 0
        for one in self._fields(part):
            if one.number == 1:
                domain = _text(one)
            elif one.number == 2:
                version = one.value
        self.facts.opsets[domain] = version

    def function(self, part: WireField) -> None:
        """Read a `FunctionProto`: its domain and nodes."""
        for one in self._fields(part):
            if one.number == 7:
                self.node(one, 1)
            elif one.number == 10:
                self.facts.own_domains.add(_text(one))

    def graph(self, message: memoryview, depth: int) -> None:
        """Read a `GraphProto`, of the model or inside a node."""
        if depth > _MOST_DEPTH:
            raise WeightsError("its graphs are nested too deeply")
        for part in fields_of(message, self.budget):
            if part.number == 1:
                self.node(part, depth)
            elif part.number == 5:
                name = self.tensor(part)
                self.facts.constants.update([] if depth else [name])
            elif part.number == 15:
                raise WeightsError(_SPARSE)
            elif part.number in (11, 12) and not depth:
                (self.facts.inputs if part.number == 11 else self.facts.outputs).append(self.value(part))

    def node(self, part: WireField, depth: int) -> None:
        """Read a `NodeProto`: its domain, and the tensors and graphs among its attributes."""
        self.facts.nodes += 1
        for one in self._fields(part):
            if one.number == 7:
                self.facts.domains.add(_text(one))
            elif one.number == 5:
                self._attribute(one, depth)

    def _attribute(self, part: WireField, depth: int) -> None:
        for one in self._fields(part):
            if one.number in (5, 10):
                self.tensor(one)
            elif one.number in (6, 11):
                self.graph(message_of(one), depth + 1)
            elif one.number in (22, 23):
                raise WeightsError(_SPARSE)

    def tensor(self, part: WireField) -> str:
        """Check a `TensorProto`, and return its name."""
        name, numbers = "", 1
        for one in self._fields(part):
            if one.number == 13 or (one.number == 14 and one.value):
                raise WeightsError("it stores its numbers in another file")
            if one.number == 8:
                name = _text(one)
            if one.number == 1:
                for size in _sizes(one, self.budget):
                    numbers *= size
        if numbers > _NUMBERS_A_BYTE * len(part.content):
            raise WeightsError(f"its tensor {name[:60]!r} claims more numbers than it has")
        return name

    def value(self, part: WireField) -> TensorFact:
        """Return the fact in a `ValueInfoProto` of a tensor."""
        name, kind, shape = "", 0, None
        for one in self._fields(part):
            if one.number == 1:
                name = _text(one)
            elif one.number == 2:
                for tensor in (found for found in self._fields(one) if found.number == 1):
                    for of_type in self._fields(tensor):
                        if of_type.number == 1:
                            kind = of_type.value
                        elif of_type.number == 2:
                            shape = tuple(self._dimension(size) for size in self._fields(of_type) if size.number == 1)
        return TensorFact(name, kind, shape)

    def _dimension(self, part: WireField) -> int | None:
        sizes = [one.value for one in self._fields(part) if one.number == 1 and one.kind == VARINT]
        return sizes[-1] if sizes and 0 < sizes[-1] < 2**63 else None

    def _fields(self, part: WireField) -> Iterator[WireField]:
        return fields_of(message_of(part), self.budget)


def message_of(part: WireField) -> memoryview:
    """Return the bytes of a field with a message or text.

    Raises:
        WeightsError: the field is a number.
    """
    if part.kind != BYTES:
        raise WeightsError("it is not an ONNX file")
    return part.content


def _text(part: WireField) -> str:
    content = message_of(part)
    if len(content) > _LONGEST_TEXT:
        raise WeightsError(f"it has a text of {len(content):,} bytes")
    try:
        return bytes(content).decode()
    except UnicodeDecodeError:
        raise WeightsError("it is not an ONNX file") from None


def _sizes(part: WireField, budget: Budget) -> list[int]:
    """Return the sizes of a tensor: one number, or several packed."""
    if part.kind == VARINT:
        return [part.value]
    sizes, rest = [], bytes(message_of(part)[: 10 * 64])
    value = shift = 0
    for byte in rest:
        budget.spend()
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            sizes.append(value)
            value = shift = 0
    return sizes
