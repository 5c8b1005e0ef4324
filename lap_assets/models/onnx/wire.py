"""Reading protobuf's wire format for ONNX files: in place, within limits, without a schema compiler.

Source: protobuf.dev/programming-guides/encoding. Groups are rejected, because ONNX has none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lap_assets.core.errors import WeightsError

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_WIDTHS: Final = {FIXED64: 8, FIXED32: 4}
_LONGEST_VARINT: Final = 10  # bytes


@dataclass(slots=True)
class Budget:
    """The number of fields that may still be read, over all messages of a file."""

    fields: int

    def spend(self) -> None:
        """Count one field; raises `WeightsError` if none is left."""
        self.fields -= 1
        if self.fields < 0:
            raise WeightsError("it has more parts than a detector's file may have")


@dataclass(frozen=True, slots=True)
class WireField:
    """A field: its number, its wire type, its value (0 unless it is a varint), and its bytes."""

    number: int
    kind: int
    value: int
    content: memoryview


def fields_of(message: memoryview, budget: Budget) -> Iterator[WireField]:
    """Yield the fields of a message, in order.

    Raises:
        WeightsError: it ends within a field, is not a message, or the budget is spent.
    """
    at, end = 0, len(message)
    while at < end:
        budget.spend()
        tag, at = _varint(message, at)
        number, kind = tag >> 3, tag & 7
        value = 0
        if kind == VARINT:
            start = at
            value, at = _varint(message, at)
        elif kind == BYTES:
            length, start = _varint(message, at)
            at = start + length
        elif kind in _WIDTHS:
            start, at = at, at + _WIDTHS[kind]
        else:
            raise WeightsError("it is not an ONNX file")
        if at > end:
            raise WeightsError("it is cut short")
        if not number:
            raise WeightsError("it is not an ONNX file")
        yield WireField(number, kind, value, message[start:at])


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """Return the number at an offset, and the offset after it."""
    value = 0
    for shift in range(_LONGEST_VARINT):
        if at >= len(message):
            raise WeightsError("it is cut short")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << (7 * shift)
        if byte < 0x80:
            return value & (2**64 - 1), at
    raise WeightsError("it is not an ONNX file")
