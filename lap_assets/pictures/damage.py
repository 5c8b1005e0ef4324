"""Detecting missing data in JPEGs that decode: decoders silently fill missing data and skip extra data.

An intact picture uses its data to the end, and nothing after it. So bytes appended to the data must not change any
pixel, and replacing the last bytes must change some. Truncated pictures with an end marker, and pictures with a block
of wrong bytes, fail one of these tests. Other formats have checksums, which the gate checks, or none.
"""

import io
import re
from typing import Final, NamedTuple

from PIL import Image

_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_NO_LENGTH: Final = (0x01, 0xD8)
_SCAN, _END = 0xDA, 0xD9
_PROGRESSIVE: Final = 0xC2
_OTHER: Final = bytes((37 * index + 11) % 251 for index in range(4096))
_LAST: Final = 32
_SHORT: Final = 512


def find_damage(data: bytes) -> str | None:
    """Return what is wrong with the data of a picture that decodes; None if nothing is found.

    data: the file's bytes.
    """
    scan = _last_scan(data) if data[:3] == b"\xff\xd8\xff" else None
    pixels = None if scan is None else _pixels(data, scan.is_progressive)
    if scan is None or pixels is None:
        return None
    if _pixels(data[: scan.end] + _OTHER + data[scan.end :], scan.is_progressive) not in (pixels, None):
        return "its data end too early"
    length = scan.end - scan.start
    if scan.is_progressive and length < _SHORT:  # in a plain picture, the last details may be invisible
        return None
    last = min(_LAST, length // 2)
    spoiled = data[: scan.end - last] + _OTHER[:last] + data[scan.end :]
    return "it has data that do not belong to it" if _pixels(spoiled, scan.is_progressive) == pixels else None


class _Scan(NamedTuple):
    """The start and end of a scan's data."""

    start: int
    end: int
    is_progressive: bool


def _last_scan(data: bytes) -> _Scan | None:
    """Return the last scan of the first picture."""
    at, is_progressive, start, end = 2, False, None, None
    while (marker := _MARKER.search(data, at)) is not None:
        kind = marker[0][1]
        if start is not None and end is None:
            end = marker.start()
        if kind == _END:
            break
        at = marker.end()
        if kind in _NO_LENGTH:
            continue
        is_progressive |= kind == _PROGRESSIVE
        at += max(2, int.from_bytes(data[at : at + 2], "big"))
        if kind == _SCAN:
            start, end = at, None
    return None if start is None else _Scan(start, len(data) if end is None else end, is_progressive)


def _pixels(data: bytes, is_progressive: bool) -> bytes | None:
    """Return the decoded pixels, at an eighth of the size unless progressive; None if it does not decode."""
    try:
        picture = Image.open(io.BytesIO(data), formats=("JPEG",))
        if not is_progressive:
            picture.draft(picture.mode, (max(1, picture.width // 8), max(1, picture.height // 8)))
        return picture.tobytes()
    except Exception:  # only Pillow's code runs here, and a damaged file may raise anything
        return None
