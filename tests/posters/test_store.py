"""Accepted pictures: complete JPEG, PNG and WebP files within the size limits, and nothing else."""

import hashlib
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lap_assets.core.errors import PictureError
from lap_assets.pictures.gate import Limits
from lap_assets.posters.store import adopt, check_picture, store
from tests.profiles import examples

LIMITS = Limits(pixels=10**6)
NOISE = Image.effect_noise((60, 90), 80).convert("RGB")


def encoded(form: str, picture: Image.Image = NOISE, **options: Any) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, form, **options)
    return kept.getvalue()


def rotated(value: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = value
    return encoded("JPEG", exif=exif)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of a few bytes whose header declares a huge picture."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + encoded("PNG")[33:]


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_whole_picture_passes_and_its_size_is_returned(form: str) -> None:
    body = encoded(form)
    found = check_picture(body, Limits(pixels=60 * 90))
    assert (found.width, found.height, found.bytes) == (60, 90, len(body))
    assert found.sha256 == hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize("options", [{"progressive": True}, {"quality": 1}])
def test_other_jpegs_pass(options: dict[str, Any]) -> None:
    assert check_picture(encoded("JPEG", **options), LIMITS).width == 60
    assert check_picture(encoded("JPEG", NOISE.convert("CMYK"), **options), LIMITS).height == 90
    assert check_picture(encoded("JPEG", NOISE.convert("L"), **options), LIMITS).height == 90


@pytest.mark.parametrize("value", range(0, 10))
def test_the_size_is_that_of_the_upright_picture(value: int) -> None:
    found = check_picture(rotated(value), LIMITS)
    assert (found.width, found.height) == ((90, 60) if value in (5, 6, 7, 8) else (60, 90))


@pytest.mark.parametrize("kind", [2, 7])
def test_an_orientation_that_is_not_a_number_is_ignored(kind: int) -> None:
    """The EXIF entry's type is changed to text, or to meaningless bytes."""
    body = rotated(6)
    place = body.index(b"\x01\x12\x00\x03")
    entry = b"\x01\x12" + struct.pack(">HI", kind, 2) + b"6\0\0\0"
    found = check_picture(body[:place] + entry + body[place + 12 :], LIMITS)
    assert (found.width, found.height) == (60, 90)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.01, 0.1, 0.3, 0.5, 0.8, 0.95])
def test_a_truncated_picture_is_refused(form: str, share: float) -> None:
    body = encoded(form)
    with pytest.raises(PictureError):
        check_picture(body[: int(len(body) * share)], LIMITS)


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_that_lacks_its_last_part_is_refused(progressive: bool) -> None:
    body = encoded("JPEG", progressive=progressive)
    for missing in (20, 50, 200):
        with pytest.raises(PictureError, match="does not decode whole"):
            check_picture(body[:-missing], LIMITS)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "empty"),
        (b"<html><body>busy</body></html>", "not a picture \\(JPEG, PNG or WEBP\\): begins with b'<html>"),
        (b"\xff\xd8\xff", "."),
        (b"\0" * 1000, "not a picture"),
        (encoded("GIF", NOISE.convert("P")), r"not a picture \(.*\): begins with b'GIF8"),
        (encoded("BMP"), "not a picture"),
        (encoded("TIFF"), "not a picture"),
    ],
)
def test_a_file_that_is_not_a_picture_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(PictureError, match=message):
        check_picture(body, LIMITS)


@pytest.mark.parametrize("size", [(1000, 1001), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(PictureError):
        check_picture(bomb(*size), LIMITS)


@examples(150)
@given(
    st.sampled_from([rotated(6), encoded("PNG"), encoded("WEBP")]),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=4),
)
def test_damage_yields_a_refusal_or_a_picture_and_nothing_else(body: bytes, changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(body)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    try:
        found = check_picture(bytes(damaged), LIMITS)
    except PictureError:
        return
    assert found.width * found.height <= LIMITS.pixels


def test_storing_keeps_the_bytes_unchanged_and_refuses_without_a_trace(tmp_path: Path) -> None:
    path = tmp_path / "0" / "MAL00005_1018_120197.jpg"
    with pytest.raises(PictureError):
        store(path, b"<html>", LIMITS)
    assert list(tmp_path.rglob("*.*")) == []
    assert adopt(path, LIMITS) is None

    body = encoded("JPEG")
    stored = store(path, body, LIMITS)
    assert path.read_bytes() == body
    assert adopt(path, LIMITS) == stored

    with pytest.raises(PictureError):
        store(path, body[:-100], LIMITS)
    assert path.read_bytes() == body
    path.write_bytes(body[:-100])
    assert adopt(path, LIMITS) is None
