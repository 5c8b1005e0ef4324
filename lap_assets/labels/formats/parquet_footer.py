"""The row and value counts that a Parquet file claims in its footer, read before a library unpacks anything.

The footer is a Thrift struct in the compact protocol (parquet-format, `FileMetaData`). It is parsed by hand because
pyarrow's accessors of column metadata crash the process on damaged footers. Only counts are read from it.
"""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from lap_assets.core.errors import InputError
from lap_assets.core.reading import open_regular

MAGIC: Final = b"PAR1"
MOST_BYTES: Final = 16 * 2**20
_DEEPEST: Final = 32
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 11, 12
_VARINTS: Final = (4, 5, 6)
# Fields by their numbers in parquet.thrift: FileMetaData, RowGroup, ColumnChunk, ColumnMetaData.
_ROWS, _GROUPS, _COLUMNS, _ABOUT_COLUMN, _VALUES = 3, 4, 1, 3, 5


def claimed(path: Path) -> tuple[int, int]:
    """Return how many rows a file claims, and how many values for its largest column.

    Raises:
        FileError: it is not a regular file.
        InputError: it has no readable footer.
    """
    stream = BytesIO(_footer(path))
    rows, counts = 0, dict[int, int]()
    try:
        for number, kind in _fields(stream):
            if number == _ROWS and kind in _VARINTS:
                rows = _zigzag(stream)
            elif number == _GROUPS and kind == _LIST:
                for _ in _structs(stream):
                    _count_group(stream, counts)
            else:
                _skip(stream, kind, 0)
    except (IndexError, OverflowError):
        raise InputError("its footer is damaged") from None
    return rows, max(counts.values(), default=0)


def _footer(path: Path) -> bytes:
    with open_regular(path) as opened:
        size = os.fstat(opened.fileno()).st_size
        if size < 2 * len(MAGIC) + 4:
            raise InputError(f"not a Parquet file: it has only {size} bytes")
        opened.seek(size - 8)
        end = opened.read(8)
        length = int.from_bytes(end[:4], "little")
        if end[4:] != MAGIC or not 0 < length <= size - 8:
            raise InputError("not a Parquet file, or truncated: it has no footer at its end")
        if length > MOST_BYTES:
            raise InputError(f"its footer has {length:,} bytes, more than {MOST_BYTES:,}")
        opened.seek(size - 8 - length)
        return opened.read(length)


def _count_group(stream: BytesIO, counts: dict[int, int]) -> None:
    """Add the number of values of each column in a row group."""
    for number, kind in _fields(stream):
        if number == _COLUMNS and kind == _LIST:
            for column, _ in enumerate(_structs(stream)):
                counts[column] = counts.get(column, 0) + _values_of_column(stream)
        else:
            _skip(stream, kind, 0)


def _values_of_column(stream: BytesIO) -> int:
    found = 0
    for number, kind in _fields(stream):
        if number == _ABOUT_COLUMN and kind == _STRUCT:
            for inner, inner_kind in _fields(stream):
                if inner == _VALUES and inner_kind in _VARINTS:
                    found = max(found, _zigzag(stream))
                else:
                    _skip(stream, inner_kind, 1)
        else:
            _skip(stream, kind, 0)
    return found


def _fields(stream: BytesIO) -> Iterator[tuple[int, int]]:
    """Yield number and type of each field of a struct; the caller must read or skip the value."""
    number = 0
    while head := _byte(stream):
        number = number + (head >> 4) if head >> 4 else _zigzag(stream)
        yield number, head & 15


def _structs(stream: BytesIO) -> Iterator[None]:
    """Yield once for each struct of a list; the caller must read it."""
    size, kind = _list_head(stream)
    if size and kind != _STRUCT:
        raise InputError("its footer is damaged")
    for _ in range(size):
        yield


def _skip(stream: BytesIO, kind: int, depth: int, *, is_element: bool = False) -> None:
    if depth > _DEEPEST:
        raise InputError("its footer is nested too deeply")
    if kind in (_TRUE, _FALSE):
        _take(stream, int(is_element))  # a field's value is in its type
    elif kind in _VARINTS:
        _varint(stream)
    elif kind in (_BYTE, _DOUBLE, _BINARY):
        _take(stream, {_BYTE: 1, _DOUBLE: 8}.get(kind) or _varint(stream))
    elif kind == _STRUCT:
        for _, inner in _fields(stream):
            _skip(stream, inner, depth + 1)
    else:
        size, kinds = _elements(stream, kind)
        for _ in range(size):
            for inner in kinds:
                _skip(stream, inner, depth + 1, is_element=True)


def _elements(stream: BytesIO, kind: int) -> tuple[int, tuple[int, ...]]:
    """Return how many elements a list, set or map has, and their types."""
    if kind in (_LIST, _SET):
        size, inner = _list_head(stream)
        return size, (inner,)
    if kind != _MAP:
        raise InputError("its footer is damaged")
    size = _varint(stream)
    kinds = _byte(stream) if size else 0
    return size, (kinds >> 4, kinds & 15)


def _list_head(stream: BytesIO) -> tuple[int, int]:
    head = _byte(stream)
    size = head >> 4
    return (_varint(stream) if size == 15 else size), head & 15


def _byte(stream: BytesIO) -> int:
    return stream.read(1)[0]


def _take(stream: BytesIO, count: int) -> None:
    if len(stream.read(count)) != count:
        raise IndexError


def _varint(stream: BytesIO) -> int:
    value = 0
    for shift in range(0, 70, 7):
        part = _byte(stream)
        value |= (part & 127) << shift
        if part < 128:
            return value
    raise OverflowError


def _zigzag(stream: BytesIO) -> int:
    value = _varint(stream)
    return (value >> 1) ^ -(value & 1)
