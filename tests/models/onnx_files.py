"""Small ONNX files, written field by field (onnx/onnx.proto3), and tiny YOLOs that find red or green areas."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

KINDS = {"float32": 1, "int64": 7, "float16": 10, "uint8": 2}
STRIDES = (8, 16, 32)
FACE_AND_HEAD = {"names": "{0: 'face', 1: 'head'}", "stride": "32", "task": "detect"}


def number(place: int, value: int) -> bytes:
    return varint(place << 3) + varint(value)


def message(place: int, content: bytes | str) -> bytes:
    content = content.encode() if isinstance(content, str) else content
    return varint(place << 3 | 2) + varint(len(content)) + content


def varint(value: int) -> bytes:
    value &= 2**64 - 1
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def tensor(name: str, values: Any, *, claimed: Sequence[int] | None = None, extra: bytes = b"") -> bytes:
    values = np.asarray(values)
    dims = b"".join(number(1, size) for size in (values.shape if claimed is None else claimed))
    return dims + number(2, KINDS[str(values.dtype)]) + message(8, name) + message(9, values.tobytes()) + extra


def value(name: str, shape: Sequence[int | str], kind: str = "float32") -> bytes:
    sizes = b"".join(message(1, number(1, one) if isinstance(one, int) else message(2, one)) for one in shape)
    return message(1, name) + message(2, message(1, number(1, KINDS[kind]) + message(2, sizes)))


def node(operator: str, inputs: Sequence[str], output: str, *, domain: str = "", **attributes: Any) -> bytes:
    parts = [message(1, one) for one in inputs] + [message(2, output), message(4, operator)]
    for name, given in attributes.items():
        if isinstance(given, bytes):
            content = message(5, given) + number(20, 4)
        elif isinstance(given, int):
            content = number(3, given) + number(20, 2)
        else:
            content = b"".join(number(8, one) for one in given) + number(20, 7)
        parts.append(message(5, message(1, name) + content))
    return b"".join(parts) + (message(7, domain) if domain else b"")


@dataclass
class Graph:
    """Builds an ONNX file."""

    inputs: list[bytes] = field(default_factory=list)
    outputs: list[bytes] = field(default_factory=list)
    nodes: list[bytes] = field(default_factory=list)
    tensors: list[bytes] = field(default_factory=list)
    texts: Mapping[str, str] = field(default_factory=dict)
    opset: int = 17
    opset_domain: str = ""
    extra: bytes = b""

    def constant(self, name: str, values: Any) -> str:
        self.tensors.append(tensor(name, values))
        return name

    def add(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self.nodes.append(node(operator, inputs, output, **attributes))
        return output

    def content(self) -> bytes:
        places = ((1, self.nodes), (5, self.tensors), (11, self.inputs), (12, self.outputs))
        graph = b"".join(message(place, one) for place, all_of in places for one in all_of) + message(2, "graph")
        texts = b"".join(message(14, message(1, key) + message(2, text)) for key, text in self.texts.items())
        opset = (message(1, self.opset_domain) if self.opset_domain else b"") + number(2, self.opset)
        return number(1, 8) + message(7, graph) + message(8, opset) + texts + self.extra

    def write(self, path: Path) -> Path:
        path.write_bytes(self.content())
        return path


def constant_yolo(output: Any, size: tuple[Any, Any] = (64, 64), texts: Mapping[str, str] = FACE_AND_HEAD) -> Graph:
    """Return a YOLO with the same output for every picture."""
    graph = Graph([value("images", [1, 3, *size])], [value("output0", np.shape(output))], texts=texts)
    graph.add("Identity", [graph.constant("boxes", output)], "output0")
    return graph


def color_yolo(
    size: tuple[Any, Any] = (64, 64), texts: Mapping[str, str] = FACE_AND_HEAD, kind: str = "float32"
) -> Graph:
    """Return an anchor-free YOLO: each cell's box is twice its stride wide; its red is the face's score, its green
    the head's. `size`: names of dynamic sides."""
    graph = Graph([value("images", [1, 3, *size], kind)], [value("output0", [1, 6, "boxes"], kind)], texts=texts)
    pick = graph.constant("pick", np.array([[1, -1, -1], [-1, 1, -1]], kind).reshape(2, 3, 1, 1))
    flat, one = graph.constant("flat", np.array([1, 6, -1], np.int64)), graph.constant("one", np.ones(1, kind))
    first = graph.constant("first", np.zeros(1, np.int64))
    axes = {name: graph.constant(name, np.array(axis, np.int64)) for name, axis in (("x", 3), ("y", 2))}
    half, nothing = graph.constant("half", np.full(1, 0.5, kind)), graph.constant("nothing", np.zeros(1, kind))
    clear = graph.add("Relu", [graph.add("Conv", ["images", pick], "colors")], "clear")
    levels = []
    for stride in STRIDES:
        step = graph.constant(f"step{stride}", np.full(1, stride, kind))
        window = [stride, stride]
        scores = graph.add("AveragePool", [clear], f"scores{stride}", kernel_shape=window, strides=window)
        single = graph.add("Gather", [scores, first], f"single{stride}", axis=1)
        ones = graph.add("Add", [graph.add("Mul", [single, nothing], f"none{stride}"), one], f"ones{stride}")
        sides = graph.add("Mul", [graph.add("Add", [ones, one], f"twos{stride}"), step], f"sides{stride}")
        centers = []
        for name, axis in axes.items():
            counted = graph.add("CumSum", [ones, axis], f"count{name}{stride}")
            middle = graph.add("Sub", [counted, half], f"middle{name}{stride}")
            centers.append(graph.add("Mul", [middle, step], f"center{name}{stride}"))
        joined = graph.add("Concat", [*centers, sides, sides, scores], f"joined{stride}", axis=1)
        levels.append(graph.add("Reshape", [joined, flat], f"level{stride}"))
    graph.add("Concat", levels, "output0", axis=2)
    return graph


def cells(size: tuple[int, int]) -> int:
    return sum(-(-size[0] // stride) * -(-size[1] // stride) for stride in STRIDES)
