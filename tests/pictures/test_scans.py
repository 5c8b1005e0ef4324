"""Counting the scans of a JPEG that a decoder reads: by markers, up to the limit, and not beyond decoded data."""

import io

import pytest
from PIL import Image

from lap_assets.core.errors import PictureError
from lap_assets.core.picture_limits import Limits
from lap_assets.pictures.gate import check_whole
from lap_assets.pictures.headers import count_scans

MANY = 1000


def jpeg(mode: str = "RGB", **how: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((64, 64)).convert(mode).save(out, "JPEG", quality=70, **how)
    return out.getvalue()


def segments(data: bytes, marker: bytes) -> int:
    return data.count(marker)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_sequential_jpeg_has_one_scan_whatever_follows_it(mode: str) -> None:
    whole = jpeg(mode)
    assert count_scans(whole, MANY) == 1
    scan = whole[whole.rfind(b"\xff\xda") : -2]
    padded = whole[:-2] + scan * 500 + b"\xff\xd9"
    assert count_scans(padded, MANY) == 1  # no decoder reads a second scan of a complete picture
    assert count_scans(whole + jpeg(mode, progressive=True), MANY) == 1


def test_the_scans_of_a_progressive_jpeg_are_counted_to_its_end() -> None:
    whole = jpeg(progressive=True)
    scans = segments(whole, b"\xff\xda")
    assert scans > 5
    assert count_scans(whole, MANY) == scans
    assert count_scans(whole + jpeg(progressive=True), MANY) == scans  # after the end, there is another picture
    assert count_scans(whole[: whole.rfind(b"\xff\xda")], MANY) == scans - 1


def test_a_sequential_jpeg_with_a_scan_for_each_component_is_counted() -> None:
    whole = jpeg()
    begin = whole.rfind(b"\xff\xda")
    parts, header = b"", b"\xff\xda\x00\x08\x01"
    for component in (1, 2, 3):
        parts += header + bytes([component, 0]) + b"\x00\x3f\x00" + b"\x00" * 20
    assert count_scans(whole[:begin] + parts + b"\xff\xd9", MANY) == 3


@pytest.mark.parametrize("most", [1, 2, 5, 100])
def test_counting_ends_above_the_limit(most: int) -> None:
    whole = jpeg("L", progressive=True)
    last = whole.rfind(b"\xff\xda")
    segment = whole[whole.rfind(b"\xff\xc4", 0, last) : -2]
    bomb = whole[:-2] + segment * 2000 + b"\xff\xd9"
    assert count_scans(bomb, most) == most + 1
    with pytest.raises(PictureError, match="LAP_MAX_JPEG_SCANS"):
        check_whole(bomb, Limits(scans=most))
