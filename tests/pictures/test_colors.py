"""Colors: profiles are applied wherever a picture is decoded, and linked pictures keep their bytes."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from lap_assets.duplicates.hashing import hash_image
from lap_assets.models.batching import read_picture
from lap_assets.pictures.gate import inspect, open_reduced, open_upright
from lap_assets.pictures.recipe import Action, Recipe, clean
from lap_gui.shared.pictures import read_picture as shown_picture
from tests.duplicates.test_hashing import drawn
from tests.pictures import profiles


def saved(picture: Image.Image, path: Path, kind: str = "JPEG", **options: object) -> Path:
    picture.save(path, kind, **({"quality": 95, "subsampling": 0} | options if kind == "JPEG" else options))
    return path


def exchanged(picture: Image.Image) -> Image.Image:
    red, green, blue = picture.split()[:3]
    return Image.merge("RGB", (blue, green, red))


def difference(one: Image.Image, other: Image.Image) -> float:
    return float(np.abs(np.asarray(one, np.float32) - np.asarray(other, np.float32)).mean())


@pytest.fixture
def picture() -> Image.Image:
    return drawn(4, 400, 560)


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "RGBA"), ("WEBP", "RGB")])
def test_a_profile_is_applied_wherever_a_picture_is_decoded(
    kind: str, mode: str, picture: Image.Image, tmp_path: Path
) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    plain = saved(picture, tmp_path / "a.png", "PNG")
    stored = exchanged(picture).convert(mode)
    profiled = saved(stored, tmp_path / f"b.{kind}", kind, icc_profile=profiles.exchanged(), **options)
    for opened in (open_upright(profiled), open_reduced(profiled, 400).picture, read_picture(profiled)):
        assert difference(opened, picture) < 3
    assert difference(shown_picture(profiled).levels[0].convert("RGB").resize((400, 560)), picture) < 4
    one, other = hash_image(plain), hash_image(profiled)
    assert [(getattr(one, m) ^ getattr(other, m)).bit_count() <= 2 for m in ("ahash", "phash", "dhash")] == [True] * 3


def test_encoded_images_are_in_srgb_and_unchanged_ones_are_linked(picture: Image.Image, tmp_path: Path) -> None:
    large = exchanged(picture).resize((1500, 2100))
    path = saved(large, tmp_path / "a.jpg", icc_profile=profiles.exchanged())
    cleaned = clean(path, Recipe(), None)
    assert cleaned.action is Action.DOWNSCALED
    assert cleaned.body is not None
    image = Image.open(io.BytesIO(cleaned.body))
    assert "icc_profile" not in image.info
    assert difference(image.convert("RGB").resize(picture.size), picture) < 6
    small = saved(exchanged(picture), tmp_path / "b.jpg", icc_profile=profiles.exchanged())
    assert clean(small, Recipe(), None).action is Action.LINKED


def test_gray_follows_its_profile(tmp_path: Path) -> None:
    path = saved(Image.new("L", (64, 64), 128), tmp_path / "a.jpg", icc_profile=profiles.linear_gray())
    opened = open_upright(path)
    assert opened.mode == "L"
    assert abs(opened.getpixel((9, 9)) - 188) <= 2  # type: ignore[operator]  # a level
    assert open_reduced(path, 64, mode="L").picture.convert("L").getpixel((9, 9)) == opened.getpixel((9, 9))


def test_inks_follow_their_profile(tmp_path: Path) -> None:
    """With the profile, cyan has no effect; without it, the picture is cyan."""
    cyan = Image.new("CMYK", (64, 64), (255, 0, 0, 0))
    plain = open_upright(saved(cyan, tmp_path / "a.jpg"))
    profiled = open_upright(saved(cyan, tmp_path / "b.jpg", icc_profile=profiles.inks()))
    assert plain.getpixel((9, 9))[0] < 40  # type: ignore[index]  # red, green and blue
    assert min(profiled.getpixel((9, 9))) > 240  # type: ignore[arg-type]
    assert clean(tmp_path / "b.jpg", Recipe(), None).action is Action.CONVERTED


@pytest.mark.parametrize("profile", [
    b"no profile", b"", profiles.exchanged()[:300], profiles.linear_gray(), profiles.inks(), profiles.srgb(),
], ids=["words", "empty", "cut", "gray", "inks", "sRGB"])  # fmt: skip
def test_a_profile_that_is_broken_or_for_other_pictures_changes_nothing(
    profile: bytes, picture: Image.Image, tmp_path: Path
) -> None:
    path = saved(picture, tmp_path / "a.png", "PNG", icc_profile=profile)
    assert open_upright(path).tobytes() == picture.tobytes()
    assert hash_image(path).ahash == hash_image(saved(picture, tmp_path / "b.png", "PNG")).ahash


@pytest.mark.parametrize("orientation", [0, 9, 255, 65535])
def test_an_invalid_orientation_is_upright_and_linked(orientation: int, picture: Image.Image, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    path = saved(picture, tmp_path / "a.jpg", exif=exif)
    assert inspect(path).orientation == 1
    assert open_upright(path).size == picture.size
    assert clean(path, Recipe(), None).action is Action.LINKED
