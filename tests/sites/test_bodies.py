"""Bodies within limits: no coding or nesting makes the decoder hold more than the limit."""

import asyncio
import contextlib
import gzip
import tracemalloc
import zlib
from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.errors import PageFailed
from lap_assets.sites.bodies import decode_body

MIB = 1 << 20


async def in_pieces(data: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def read(data: bytes, coding: str = "gzip", limit: int = MIB, size: int = 65536) -> bytes:
    return asyncio.run(decode_body(in_pieces(data, size), coding, limit))


@given(st.binary(max_size=5000), st.sampled_from(["gzip", "", "identity"]), st.integers(1, 700))
def test_compressed_bodies_are_decoded_whole_in_any_pieces(data: bytes, coding: str, size: int) -> None:
    sent = gzip.compress(data) if coding == "gzip" else data
    assert read(sent, coding, max(len(sent), len(data)), size) == data


@given(st.binary(min_size=1, max_size=2000), st.data())
def test_a_truncated_compressed_body_is_never_accepted(data: bytes, draw: st.DataObject) -> None:
    sent = gzip.compress(data)
    with pytest.raises(httpx.DecodingError):
        read(sent[: draw.draw(st.integers(1, len(sent) - 1))])


@given(st.binary(max_size=3000))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    with contextlib.suppress(httpx.DecodingError, PageFailed):
        assert read(data) == (zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(data))


def test_a_bomb_is_refused_before_it_takes_memory() -> None:
    bomb = gzip.compress(bytes(100 * MIB), 1)
    tracemalloc.start()
    with pytest.raises(PageFailed):
        read(bomb)
    assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    tracemalloc.stop()


@pytest.mark.parametrize("coding", ["gzip, gzip", "br", "deflate", "x" * 10_000])
def test_an_unrequested_coding_is_refused(coding: str) -> None:
    with pytest.raises(httpx.DecodingError, match="not asked for") as refused:
        read(b"x", coding)
    assert len(str(refused.value)) < 200
