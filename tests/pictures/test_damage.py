"""JPEGs that decode without an error although some of their data is wrong."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from lap_assets.core.verdicts.sizes import PosterSize, compare_sizes
from lap_assets.pictures.damage import find_damage
from lap_assets.pictures.fidelity import measure_fidelity
from lap_assets.pictures.gate import check_whole
from tests.duplicates.flat_covers import cover
from tests.duplicates.test_hashing import drawn

WAYS: dict[str, dict[str, Any]] = {
    "sequential": {}, "progressive": {"progressive": True}, "optimized": {"optimize": True},
    "restarts": {"restart_marker_blocks": 20}, "low quality": {"quality": 10}, "no subsampling": {"subsampling": 0},
}  # fmt: skip


def encoded(picture: Image.Image, **options: Any) -> bytes:
    held = io.BytesIO()
    picture.save(held, "JPEG", **options)
    return held.getvalue()


def data_of(jpeg: bytes) -> int:
    """Return about where the data of the last scan begins."""
    return jpeg.rfind(b"\xff\xda") + 14


def cut_and_closed(jpeg: bytes) -> bytes:
    start = data_of(jpeg)
    return jpeg[: start + (len(jpeg) - start) * 2 // 3] + b"\xff\xd9"


def zeros_inside(jpeg: bytes) -> bytes:
    start = data_of(jpeg)
    middle, count = (start + len(jpeg)) // 2, min(4096, (len(jpeg) - start) // 4)
    return jpeg[:middle] + bytes(count) + jpeg[middle + count :]


def bytes_too_many(jpeg: bytes) -> bytes:
    return jpeg[:-2] + bytes(range(1, 200)) + jpeg[-2:]


@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_intact_pictures_have_no_damage(way: str, mode: str) -> None:
    for picture in (drawn(1, 301, 417), cover(2), cover(4), Image.new("RGB", (64, 90), "teal"), cover(3, (17, 33))):
        assert find_damage(encoded(picture.convert(mode), **WAYS[way])) is None


@pytest.mark.parametrize("way", [way for way in WAYS if way != "restarts"])
@pytest.mark.parametrize("spoil", [cut_and_closed, zeros_inside, bytes_too_many])
def test_missing_and_extra_data_is_found(spoil: Callable[[bytes], bytes], way: str) -> None:
    for seed in range(3):
        spoiled = spoil(encoded(drawn(seed, 300, 420), **WAYS[way]))
        check_whole(spoiled)  # it decodes
        assert find_damage(spoiled) is not None


def test_bytes_after_the_picture_and_other_formats_are_no_damage() -> None:
    jpeg = encoded(drawn(1, 200, 300))
    assert find_damage(jpeg + b"a program's own notes" * 50) is None
    held = io.BytesIO()
    drawn(1, 40, 50).save(held, "PNG")
    assert find_damage(held.getvalue()) is None
    assert find_damage(b"") is None


def test_a_damaged_file_loses_against_a_smaller_intact_copy() -> None:
    picture = drawn(5, 400, 560)
    damaged, whole = cut_and_closed(encoded(picture)), encoded(picture.resize((200, 280)), quality=50)
    sizes = [
        PosterSize(name, 1, len(body), measure_fidelity(body)) for name, body in (("a.jpg", damaged), ("b.jpg", whole))
    ]
    compared = compare_sizes(*sizes)
    assert (compared.larger, compared.by) == ("second", "damage")
