"""Response bodies, read within limits: bytes on the wire, bytes after decoding, and only the coding requested.

The library's own decoding has no limit within a chunk and undoes nested codings: a few kilobytes can become
gigabytes. Here a body is decoded by hand, never beyond its limit.
"""

import zlib
from collections.abc import AsyncIterator
from typing import Final

import httpx

from lap_assets.core.errors import PageFailed

ACCEPTED: Final = "gzip"
_GZIP: Final = zlib.MAX_WBITS | 16


async def decode_body(pieces: AsyncIterator[bytes], coding: str, limit: int) -> bytes:
    """Return the decoded body of `pieces`; `coding` is its Content-Encoding, `limit` its largest size in bytes.

    Raises:
        PageFailed: the body is larger than `limit`, compressed or decoded.
        httpx.DecodingError: the coding is not what the header claims, or the end is missing; a retry may succeed.
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
