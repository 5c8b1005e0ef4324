"""Bodies of answers, read within limits: bytes on the wire, bytes once decoded, one coding that was asked for.

The library's own decoding has no limit inside a piece, and undoes codings one in another: a few kilobytes become
gigabytes. Here a body is decoded by hand, and never beyond its limit.
"""

import zlib
from collections.abc import AsyncIterator
from typing import Final

import httpx

from lap_assets.core.errors import PageFailed

ACCEPTED: Final = "gzip"
_GZIP: Final = zlib.MAX_WBITS | 16


async def decode_body(pieces: AsyncIterator[bytes], coding: str, limit: int) -> bytes:
    """The whole body of `pieces` under this Content-Encoding, at most `limit` bytes of it.

    Raises:
        PageFailed: it is larger, compressed or decoded.
        httpx.DecodingError: it is not coded as its header claims, or its end is missing; another try may succeed.
    """
    decoder = zlib.decompressobj(_GZIP) if _is_gzip(coding) else None
    body = bytearray()
    received = 0
    async for piece in pieces:
        received += len(piece)
        try:
            body += piece if decoder is None else decoder.decompress(piece, max(limit + 1 - len(body), 1))
        except zlib.error as error:
            raise httpx.DecodingError(f"its body is not valid gzip: {error}") from None
        if len(body) > limit or received > limit:
            raise PageFailed(f"larger than {limit} bytes; refused")
    if decoder is not None and received and not decoder.eof:
        raise httpx.DecodingError("its compressed body was cut off")
    return bytes(body)


def _is_gzip(coding: str) -> bool:
    name = coding.strip().lower()
    if name not in ("", "identity", ACCEPTED):
        raise httpx.DecodingError(f"its body is coded as {name[:40]!r}, which was not asked for")
    return name == ACCEPTED
