"""Whether a JPEG that decodes has all of its data: decoders fill what is missing, and skip what is too much, silently.

A whole picture needs its data to their end, and nothing after it. So other bytes put behind the data may change no
pixel, and other bytes in place of the last ones must change some. Cut pictures that somebody closed, and pictures with
a block of wrong bytes inside, fail one of the two. Other formats have checksums, which the gate checks, or none.
"""

import io
import re
from typing import Final, NamedTuple

from PIL import Image

_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_NO_LENGTH: Final = (0x01, 0xD8)
_SCAN, _END = 0xDA, 0xD9
_PROGRESSIVE: Final = 0xC2
_OTHER: Final = bytes((37 * place + 11) % 251 for place in range(4096))
_LAST: Final = 32
_SHORT: Final = 512


def find_damage(data: bytes) -> str | None:
    """What is wrong with the data of a picture that decodes, in words; None where nothing is found.

    data: the file's bytes.
    """
    scan = _last_scan(data) if data[:3] == b"\xff\xd8\xff" else None
    pixels = None if scan is None else _pixels(data, scan.is_progressive)
    if scan is None or pixels is None:
        return None
    if _pixels(data[: scan.end] + _OTHER + data[scan.end :], scan.is_progressive) not in (pixels, None):
        return "its data end too early"
    length = scan.end - scan.start
    if scan.is_progressive and length < _SHORT:  # of a plain picture, the last details may not be seen
        return None
    last = min(_LAST, length // 2)
    spoiled = data[: scan.end - last] + _OTHER[:last] + data[scan.end :]
    return "it has data that do not belong to it" if _pixels(spoiled, scan.is_progressive) == pixels else None


class _Scan(NamedTuple):
    """Where the data of a scan start and end."""

    start: int
    end: int
    is_progressive: bool


def _last_scan(data: bytes) -> _Scan | None:
    """The last scan of the first picture."""
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
    """The decoded picture, at an eighth where that shows all blocks; None where it does not decode."""
    try:
        picture = Image.open(io.BytesIO(data), formats=("JPEG",))
        if not is_progressive:
            picture.draft(picture.mode, (max(1, picture.width // 8), max(1, picture.height // 8)))
        return picture.tobytes()
    except Exception:  # Pillow alone: a damaged file may raise anything there, and is then no picture to compare
        return None
