"""What a picture's file says before its pixels: format, size, orientation, a JPEG's scans. No limits, no decoding."""

import os
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from PIL import ExifTags, Image, ImageFile

SIDEWAYS: Final = (5, 6, 7, 8)
"""EXIF orientations that exchange width and height."""
_JPEG_MARKER: Final = re.compile(rb"\xff[^\x00\x01\xff\xd0-\xd7]")
_SCAN_MARKER: Final = b"\xff\xda"
_SEQUENTIAL_MARKERS: Final = (b"\xff\xc0", b"\xff\xc1")
_END_MARKER: Final = b"\xff\xd9"
_PNG_METADATA: Final = (b"eXIf", b"tEXt", b"zTXt", b"iTXt")


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """What a file says about its picture before the pixels.

    Attributes:
        format: One of `FORMATS`, or MPO (a JPEG that holds more pictures than one).
        mode: Pillow's name of the pixels' layout, as they are stored.
        width, height: Pixels of the picture as it is seen, after the EXIF rotation.
        orientation: EXIF's 1 to 8; 1 where the file says nothing that makes sense.
        tables: A JPEG's quantisation tables, row by row; empty for other formats.
    """

    format: str
    mode: str
    width: int
    height: int
    orientation: int
    tables: Mapping[int, Sequence[int]]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in px, as seen."""
        return self.width, self.height


def orientation_of(picture: Image.Image) -> int:
    """EXIF's orientation, 1 to 8; 1 for anything else."""
    try:
        value = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # a broken EXIF block says nothing; the picture itself may be whole
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def orientation_before_decoding(picture: ImageFile.ImageFile, stream: IO[bytes]) -> int:
    """`orientation_of` a picture that was opened from `stream` and is not to be decoded if that can be helped."""
    if picture.format == "TIFF":  # Pillow turns it by itself when it decodes, and its size is that afterwards
        return 1
    if picture.format == "PNG" and not _has_metadata(stream):
        return 1
    return orientation_of(picture)


def count_scans(jpeg: bytes, most: int) -> int:
    """How many scans of a JPEG's first picture a decoder reads, by its markers; counting ends above `most`.

    Where the first scan of a sequential JPEG holds all components, decoders read no second one, and neither is the rest
    of the file looked at: that would cost 3 % of hashing.
    """
    at, scans, components = 2, 0, None
    while scans <= most and (found := _JPEG_MARKER.search(jpeg, at)):
        at = found.end()
        if found[0] == _END_MARKER:
            break
        if found[0] in _SEQUENTIAL_MARKERS:
            components = jpeg[at + 7 : at + 8]
        if found[0] == _SCAN_MARKER:
            scans += 1
            if scans == 1 and jpeg[at + 2 : at + 3] == components:
                break
        at += int.from_bytes(jpeg[at : at + 2], "big")
    return scans


def _has_metadata(stream: IO[bytes]) -> bool:
    """Whether a PNG has a chunk that may tell an orientation. Pillow would decode the pixels to look behind them."""
    before = stream.tell()
    try:
        stream.seek(8)
        while len(head := stream.read(8)) == 8:
            length, kind = struct.unpack(">I4s", head)
            if kind in _PNG_METADATA:
                return True
            stream.seek(length + 4, os.SEEK_CUR)
        return False
    finally:
        stream.seek(before)
