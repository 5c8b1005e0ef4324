"""Reading a picture's header: format, size, orientation, a JPEG's number of scans. No limits, no decoding."""

import os
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from PIL import ExifTags, Image, ImageFile

SIDEWAYS: Final = (5, 6, 7, 8)
"""EXIF orientations that swap width and height."""
_JPEG_MARKER: Final = re.compile(rb"\xff[^\x00\x01\xff\xd0-\xd7]")
_SCAN_MARKER: Final = b"\xff\xda"
_SEQUENTIAL_MARKERS: Final = (b"\xff\xc0", b"\xff\xc1")
_END_MARKER: Final = b"\xff\xd9"
_PNG_METADATA: Final = (b"eXIf", b"tEXt", b"zTXt", b"iTXt")


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """The header of a picture's file.

    Attributes:
        format: One of `FORMATS`, or MPO (a JPEG with several pictures).
        mode: Pillow's mode of the stored pixels.
        width, height: Size in px after the EXIF rotation.
        orientation: EXIF's 1 to 8; 1 if missing or invalid.
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
        """Width and height in px after the EXIF rotation."""
        return self.width, self.height


def orientation_of(picture: Image.Image) -> int:
    """Return EXIF's orientation, 1 to 8; 1 for anything else."""
    try:
        value = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except Exception:  # a broken EXIF block is ignored; the picture itself may be intact
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def orientation_before_decoding(picture: ImageFile.ImageFile, stream: IO[bytes]) -> int:
    """Return the orientation of a picture opened from `stream`, without decoding it if possible."""
    if picture.format == "TIFF":  # Pillow rotates it while decoding, and its size is already that afterwards
        return 1
    if picture.format == "PNG" and not _has_metadata(stream):
        return 1
    return orientation_of(picture)


def count_scans(jpeg: bytes, most: int) -> int:
    """Count the scans of a JPEG's first picture that a decoder reads, by its markers, up to `most` + 1.

    If the first scan of a sequential JPEG has all components, decoders stop there, and so does the count: searching the
    rest of the file would slow down hashing by 3 %.
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
    """Return whether a PNG has a chunk that may contain an orientation. Pillow would decode the pixels to find it."""
    position = stream.tell()
    try:
        stream.seek(8)
        while len(head := stream.read(8)) == 8:
            length, kind = struct.unpack(">I4s", head)
            if kind in _PNG_METADATA:
                return True
            stream.seek(length + 4, os.SEEK_CUR)
        return False
    finally:
        stream.seek(position)
