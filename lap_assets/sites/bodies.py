"""Bodies of answers, read within limits: bytes on the wire, bytes once unpacked, one packing that was asked for.

The library's own unpacking has no limit inside a piece, and undoes packings one in another: a few kilobytes become
gigabytes. Here a body is unpacked by hand, and never beyond what it may hold.
"""

import zlib
from collections.abc import AsyncIterator
from typing import Final

ACCEPTED: Final = "gzip"
_GZIP: Final = zlib.MAX_WBITS | 16


class TooLarge(Exception):
    """The body holds more than it may."""


class Broken(Exception):
    """The body cannot be unpacked, or was cut; another try may bring it whole."""


async def unpacked(pieces: AsyncIterator[bytes], coding: str, limit: int) -> bytes:
    """The whole body of `pieces` under this Content-Encoding, at most `limit` bytes of it.

    Raises:
        TooLarge: there is more, packed or unpacked.
        Broken: it is not packed as it says, or its end is missing.
    """
    unpack = zlib.decompressobj(_GZIP) if _is_packed(coding) else None
    body = bytearray()
    came = 0
    async for piece in pieces:
        came += len(piece)
        try:
            body += piece if unpack is None else unpack.decompress(piece, max(limit + 1 - len(body), 1))
        except zlib.error as error:
            raise Broken(f"cannot be unpacked: {error}") from None
        if len(body) > limit or came > limit:
            raise TooLarge(f"larger than {limit} bytes; refused")
    if unpack is not None and came and not unpack.eof:
        raise Broken("its packed body was cut")
    return bytes(body)


def _is_packed(coding: str) -> bool:
    said = coding.strip().lower()
    if said not in ("", "identity", ACCEPTED):
        raise Broken(f"packed as {said[:40]!r}, which was not asked for")
    return said == ACCEPTED
