"""Hashes compared with imagehash, and hostile files."""

import hashlib
import io
import random
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagehash
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from lap_assets.core.errors import PictureError
from lap_assets.duplicates.hashing import ImageHashes, hash_image, hash_images
from lap_assets.pictures.gate import Limits
from tests.profiles import examples

REFERENCE: dict[str, Callable[[Image.Image], Any]] = {
    "ahash": imagehash.average_hash,
    "phash": imagehash.phash,
    "dhash": imagehash.dhash,
}


def drawn(seed: int, width: int, height: int) -> Image.Image:
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 255, (7, 5, 3), dtype=np.uint8))
    picture = coarse.resize((width, height), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(picture)
    for _ in range(12):
        x, y, size = (int(n) for n in rng.integers(0, min(width, height), 3))
        draw.ellipse((x, y, x + size, y + size), fill=tuple(int(n) for n in rng.integers(0, 255, 3)))
    return picture


def saved(picture: Image.Image, path: Path, **options: Any) -> Path:
    picture.save(path, **options)
    return path


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    held = io.BytesIO()
    picture.save(held, kind, **options)
    return held.getvalue()


def bits_apart(hashes: ImageHashes, picture: Image.Image) -> list[int]:
    return [
        (int(str(function(picture)), 16) ^ getattr(hashes, name)).bit_count() for name, function in REFERENCE.items()
    ]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("corpus")
    rng = random.Random(5)
    paths = []
    for number in range(60):
        picture = drawn(number, rng.randint(120, 900), rng.randint(160, 1200))
        picture = picture.convert("L") if number % 10 == 0 else picture
        options = {"quality": rng.randint(60, 95), "progressive": number % 3 == 0, "subsampling": number % 2}
        paths.append(saved(picture, folder / f"{number}.jpg", **options))
    return paths


def test_hashes_are_those_of_imagehash(corpus: list[Path]) -> None:
    apart = np.array([bits_apart(hash_image(path), Image.open(path)) for path in corpus])
    assert (apart.mean(axis=0) <= 0.5).all()
    assert apart.max() <= 4


def test_without_reduced_decoding_hashes_equal_imagehash_bit_for_bit(tmp_path: Path) -> None:
    for number in range(20):
        picture = drawn(number, 300 + 7 * number, 400 + 3 * number)
        hashes = hash_image(saved(picture, tmp_path / "whole.png"))
        assert bits_apart(hashes, picture) == [0, 0, 0]


def test_identity_and_size(corpus: list[Path]) -> None:
    hashes = hash_image(corpus[1])
    assert hashes.sha256 == hashlib.sha256(corpus[1].read_bytes()).hexdigest()
    assert hashes.bytes == corpus[1].stat().st_size
    assert (hashes.width, hashes.height) == Image.open(corpus[1]).size


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(300, 500), (63, 90)])
def test_the_exif_rotation_is_applied(orientation: int, size: tuple[int, int], tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(drawn(3, *size), tmp_path / "turned.jpg", exif=exif, quality=95)
    upright = ImageOps.exif_transpose(Image.open(path))
    hashes = hash_image(path)
    assert (hashes.width, hashes.height) == upright.size
    assert max(bits_apart(hashes, upright)) <= 2


def test_the_result_does_not_depend_on_the_number_of_workers(corpus: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no image")
    paths = [*corpus[:9], broken, *corpus[9:20]]
    steps: list[int] = []
    results = [hash_images(paths, workers=workers, progress=steps.append) for workers in (1, 2, 5, None)]
    assert isinstance(results[0][9], PictureError)
    assert [hash_image(path) for path in corpus[:9]] == results[0][:9]
    plain = [[one if isinstance(one, ImageHashes) else str(one) for one in result] for result in results]
    assert plain[1:] == plain[:1] * 3
    assert sum(steps) == 4 * len(paths)
    with pytest.raises(ValueError, match="workers must be 1 or more"):
        hash_images(paths, workers=0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("cut", [5, 0.03, 0.5, 0.9])
def test_files_that_are_cut_short_are_refused(kind: str, cut: float, tmp_path: Path) -> None:
    data = encoded(drawn(1, 400, 500), kind)
    left_out = int(cut if cut >= 1 else cut * len(data))
    path = tmp_path / "cut.jpg"
    path.write_bytes(data[:-left_out])
    with pytest.raises(PictureError, match=r"decode|not a picture"):
        hash_image(path)
    if kind in ("JPEG", "PNG"):  # in the other formats, trailing zeros cannot be detected
        path.write_bytes(data[:-left_out] + bytes(left_out))
        with pytest.raises(PictureError, match="decode"):
            hash_image(path)


def test_a_jpeg_without_its_last_bytes_is_refused_wherever_it_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "cut.jpg"
    for progressive in (False, True):
        data = encoded(drawn(1, 100, 150), "JPEG", progressive=progressive)
        for left_out in range(1, 80):
            path.write_bytes(data[:-left_out])
            with pytest.raises(PictureError):
                hash_image(path)


def test_a_header_that_claims_too_much_is_refused_before_decoding(tmp_path: Path) -> None:
    def png(width: int, height: int) -> bytes:
        def chunk(kind: bytes, body: bytes) -> bytes:
            return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

        size = width.to_bytes(4, "big") + height.to_bytes(4, "big")
        return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size + b"\x08\0\0\0\0") + chunk(b"IDAT", b"") + chunk(b"IEND", b"")

    path = tmp_path / "bomb.png"
    path.write_bytes(png(12_000, 9_000))
    with pytest.raises(PictureError, match="12000x9000 pixels, more than the 100,000,000"):
        hash_image(path)
    path.write_bytes(png(100_000, 100_000))
    with pytest.raises(PictureError, match="claims"):
        hash_image(path)
    small = saved(drawn(1, 40, 50), tmp_path / "small.png")
    with pytest.raises(PictureError, match="40x50"):
        hash_image(small, Limits(pixels=1999))
    assert hash_image(small, Limits(pixels=2000)).width == 40


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I;16", "I"])
def test_every_mode_is_hashed_as_its_gray_picture(mode: str, tmp_path: Path) -> None:
    gray = drawn(2, 90, 120).convert("L")
    if mode.startswith("I"):
        samples = np.asarray(gray).astype(np.uint16) << 8
        picture = Image.fromarray(samples.astype(np.int32) if mode == "I" else samples)
    else:
        picture = gray.convert(mode)
    hashes = hash_image(saved(picture, tmp_path / "any.tif"))
    expected = gray.convert("1").convert("L") if mode == "1" else gray
    assert max(bits_apart(hashes, expected)) <= 3


def test_transparent_pixels_are_composited_on_white(tmp_path: Path) -> None:
    picture = drawn(4, 80, 100).convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 40, 100))
    flat = Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("L")
    assert bits_apart(hash_image(saved(picture, tmp_path / "clear.png")), flat) == [0, 0, 0]
    palette = picture.quantize(32)
    assert max(bits_apart(hash_image(saved(palette, tmp_path / "palette.png")), flat)) <= 6


def test_tiny_and_flat_pictures_do_not_crash(tmp_path: Path) -> None:
    for number, size in enumerate([(1, 1), (1, 500), (500, 1), (3, 2), (2000, 9)]):
        flat = hash_image(saved(Image.new("RGB", size, (9, 90, 200)), tmp_path / f"{number}.jpg"))
        assert (flat.width, flat.height) == size
        # Only the mean is above the median of an otherwise empty spectrum.
        assert (flat.ahash, flat.phash, flat.dhash) == (0, 1 << 63, 0)


def test_an_animation_counts_as_its_first_frame(tmp_path: Path) -> None:
    frames = [drawn(number, 60, 80).convert("P") for number in range(3)]
    path = saved(frames[0], tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    first = hash_image(saved(frames[0].convert("RGB"), tmp_path / "first.png"))
    moving = hash_image(path)
    assert (moving.ahash ^ first.ahash).bit_count() <= 2


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"<html>404</html>", "not a picture"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "decode|not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    ],
)
def test_files_that_are_not_images_are_refused_by_name(data: bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / "MAL00001_0001_000001.jpg"
    path.write_bytes(data)
    with pytest.raises(PictureError, match=says) as refused:
        hash_image(path)
    assert str(path) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_missing_files_and_folders_are_refused_by_name(tmp_path: Path) -> None:
    for path, says in (
        (tmp_path / "missing.jpg", "missing.jpg: the file is missing"),
        (tmp_path, "a folder, not a file"),
    ):
        with pytest.raises(PictureError, match=says):
            hash_image(path)


@pytest.mark.filterwarnings("ignore:.*:UserWarning")
@examples(150)
@given(data=st.data())
def test_damaged_files_are_hashed_or_refused(data: st.DataObject, tmp_path: Path) -> None:
    kind = data.draw(st.sampled_from(["JPEG", "PNG", "GIF", "WEBP", "BMP", "TIFF"]))
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = bytearray(encoded(drawn(1, 60, 70), kind, exif=exif))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, min(len(whole) - 1, 400)))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.jpg"
    path.write_bytes(bytes(whole))
    (result,) = hash_images([path], workers=1)
    assert isinstance(result, ImageHashes) or str(result).startswith(f"{path}: ")
