"""Generated color profiles for tests: one with red and blue swapped, a linear gray one, and one for CMYK."""

import struct
from itertools import product

from PIL import ImageCms


def exchanged() -> bytes:
    """An RGB profile with sRGB's red and blue swapped."""
    body = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    (count,) = struct.unpack_from(">I", body, 128)
    places = {bytes(body[132 + 12 * tag : 136 + 12 * tag]): 132 + 12 * tag for tag in range(count)}
    for name, other in ((b"rXYZ", b"bXYZ"), (b"bXYZ", b"rXYZ")):
        body[places[name] : places[name] + 4] = other
    return bytes(body)


def srgb() -> bytes:
    """The profile equivalent to having none."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def linear_gray() -> bytes:
    """A gray profile with linear levels: middle gray is 188 on a screen."""
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": struct.pack(">4s4xIH2x", b"curv", 1, 0x0100)})


def inks() -> bytes:
    """A CMYK profile in which only black darkens, and the other inks have no effect."""
    same = bytes(range(256))
    table = b"".join(bytes((255 - black, 128, 128)) for _, _, _, black in product((0, 255), repeat=4))
    matrix = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    return _profile(
        b"prtr",
        b"CMYK",
        b"Lab ",
        {b"A2B0": struct.pack(">4s4x4B", b"mft1", 4, 3, 2, 0) + matrix + same * 4 + table + same * 3},
    )


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    white = struct.pack(">4s4x3i", b"XYZ ", 63190, 65536, 54061)
    title = b"made for tests\0"
    text = struct.pack(">4s4xI", b"desc", len(title)) + title + bytes(79)
    entries = {b"desc": text, b"wtpt": white, **tags}
    at, table, data = 132 + 12 * len(entries), b"", b""
    for name, entry in entries.items():
        body = entry + bytes(-len(entry) % 4)
        table += struct.pack(">4sII", name, at + len(data), len(body))
        data += body
    size = at + len(data)
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02400000, kind, space, connection)
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28)
    header += struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + struct.pack(">I", len(entries)) + table + data
