"""Faults of the content: responses that are complete as HTTP but have wrong content.

Acts that modify or replace the application's response belong here.
"""

import io
import re
import struct
import zlib
from collections.abc import Callable
from typing import Final

from PIL import Image
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from lap_assets.replica import mal_pages, wa_pages
from lap_assets.replica.answers import Answer, answered
from lap_assets.replica.faults import Act
from lap_assets.replica.seeds import generator

_LISTED_ROW: Final = re.compile(
    r"<tr>\s*<td class=\"borderClass bgColor[01]\" valign=\"top\" width=\"50\"><div.*?</tr>", re.S
)
_GALLERY: Final = re.compile(r'<table border="0" cellpadding="0" cellspacing="10".*?</table>', re.S)
_POSTER_LINK: Final = re.compile(r"<a [^>]*number_img=[^>]*>.*?</a>", re.S)
_POSTER_IMAGE: Final = re.compile(r"<img src='[^']*/animation/img/[^>]*>")
_HUGE: Final = 60_000  # side of a decompression bomb, in pixels


def redirect(location: Callable[[Scope], str]) -> Act:
    """Return an act that redirects to `location`."""

    async def act(_app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        await Response(status_code=302, headers={"location": location(scope)})(scope, receive, send)

    return act


def own_address(scope: Scope) -> str:
    """Return the requested address in full, for a redirect loop; the path alone would lead elsewhere on the site."""
    host = dict(scope["headers"])[b"host"].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return f"{scope['scheme']}://{host}{scope['path']}" + (f"?{query}" if query else "")


def replaced(body: Callable[[Answer], tuple[bytes, str | None]]) -> Act:
    """Return an act that replaces the body of the application's response; `body` also returns a new type, or None."""

    async def act(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await answered(app, scope)
        await answer.with_body(*body(answer)).response()(scope, receive, send)

    return act


def other_charset(answer: Answer) -> tuple[bytes, str | None]:
    """Return the page in an undeclared encoding: KOI8-R for World Art, UTF-16 for MAL."""
    if ("content-type", "text/html; charset=windows-1251") in answer.headers:
        return answer.body.decode("cp1251").encode("koi8-r", "replace"), None
    return answer.body.decode().encode("utf-16"), None


def fewer_rows(answer: Answer) -> tuple[bytes, str | None]:
    """Return a listing without every third row, with no sign of the loss."""
    kept = iter(range(1_000_000))
    page = _LISTED_ROW.sub(lambda row: "" if next(kept) % 3 == 0 else row[0], answer.body.decode())
    return page.encode(), None


def no_pictures(answer: Answer) -> tuple[bytes, str | None]:
    """Return the page, except that it claims to have no pictures."""
    if ("content-type", "text/html; charset=windows-1251") in answer.headers:
        page = _POSTER_LINK.sub(wa_pages.NONE_ADDED, answer.body.decode("cp1251"))
        return _POSTER_IMAGE.sub("", page).encode("cp1251"), None
    return _GALLERY.sub(f"<p>{mal_pages.NONE_ADDED}</p>", answer.body.decode()).encode(), None


def web_page(_: Answer) -> tuple[bytes, str | None]:
    """Return a page instead of a picture, with the content type of a picture."""
    return b"<!DOCTYPE html><html><body>Too many requests, please wait.</body></html>", "image/jpeg"


def gif(_: Answer) -> tuple[bytes, str | None]:
    """Return a GIF of one pixel instead of a JPEG."""
    out = io.BytesIO()
    Image.new("P", (1, 1)).save(out, "GIF")
    return out.getvalue(), "image/jpeg"


def half_picture(answer: Answer) -> tuple[bytes, str | None]:
    """Return the first half of the picture."""
    return answer.body[: len(answer.body) // 2], None


def flipped_bits(answer: Answer) -> tuple[bytes, str | None]:
    """Return the picture with eight flipped bits, at positions derived from its own bytes."""
    spoiled = bytearray(answer.body)
    chance = generator("flip", zlib.crc32(answer.body))
    for _ in range(8):
        spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
    return bytes(spoiled), None


def picture_bomb(_: Answer) -> tuple[bytes, str | None]:
    """Return a small PNG that claims billions of pixels."""
    header = struct.pack(">IIBBBBB", _HUGE, _HUGE, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(bytes(1000))), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts), "image/jpeg"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
