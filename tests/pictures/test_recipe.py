"""Cleaning a poster's pixels."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, JpegImagePlugin

from lap_assets.core.errors import PictureError
from lap_assets.pictures.recipe import Action, Cleaned, Recipe, clean
from tests.profiles import examples
from tests.small_models import Doubling

KB = 1024
DOUBLED = Doubling().upscale
SMALL = Recipe(largest_side=200, heaviest=8 * KB, small_side=30)  # the same rules on small, fast pictures


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    return Image.effect_noise((width, height), 90).convert(mode)


def saved(folder: Path, picture: Image.Image, form: str = "JPEG", **options: Any) -> Path:
    path = folder / "MAL00005_1018_120197.jpg"
    picture.save(path, form, **options)
    return path


def opened(cleaned: Cleaned) -> JpegImagePlugin.JpegImageFile:
    assert cleaned.body is not None
    picture = Image.open(io.BytesIO(cleaned.body))
    picture.load()
    assert isinstance(picture, JpegImagePlugin.JpegImageFile)
    assert picture.size == (cleaned.width, cleaned.height)
    assert picture.getexif().get(0x0112, 1) == 1
    return picture


def tables(quality: int) -> Any:
    """Return the quantisation tables of a JPEG saved with this quality."""
    kept = io.BytesIO()
    noise(16, 16).save(kept, "JPEG", quality=quality)
    return JpegImagePlugin.JpegImageFile(io.BytesIO(kept.getvalue())).quantization


@pytest.mark.parametrize(
    ("width", "height", "size", "plain", "action"),
    [
        (1920, 1920, 1, True, "linked"),
        (1921, 300, 1, True, "downscaled"),
        (300, 1921, 1, False, "downscaled"),
        (1921, 1921, 800 * KB, True, "downscaled"),
        (1920, 1920, 700 * KB, True, "linked"),
        (1920, 1920, 700 * KB + 1, True, "recompressed"),
        (1920, 1920, 700 * KB + 1, False, "recompressed"),
        (299, 299, 1, True, "upscaled"),
        (299, 300, 1, True, "linked"),
        (300, 299, 1, True, "linked"),
        (299, 299, 800 * KB, True, "upscaled"),
        (300, 300, 1, False, "converted"),
    ],
)
def test_the_rules(width: int, height: int, size: int, plain: bool, action: str) -> None:
    assert Recipe().action(width, height, size, is_plain=plain) == action


@given(st.integers(1, 4000), st.integers(1, 4000), st.integers(1, 10**7), st.booleans())
def test_rotating_a_picture_changes_no_rule(width: int, height: int, size: int, plain: bool) -> None:
    recipe = Recipe()
    assert recipe.action(width, height, size, is_plain=plain) == recipe.action(height, width, size, is_plain=plain)


def test_recipes_with_other_numbers_have_other_digests() -> None:
    recipes = [
        Recipe(),
        Recipe(heaviest=1),
        Recipe(downscaled_quality=1),
        Recipe(upscaled_quality=3),
        Recipe(small_side=1),
    ]
    assert len({recipe.digest() for recipe in recipes}) == len(recipes)
    assert Recipe().digest() == Recipe().digest()


def test_a_plain_picture_within_the_limits_is_left_alone(tmp_path: Path) -> None:
    for mode in ("RGB", "L"):
        path = saved(tmp_path, noise(320, 301, mode), quality=40)
        assert clean(path, Recipe(), DOUBLED) == Cleaned(Action.LINKED, 320, 301, None)


@pytest.mark.parametrize(
    ("size", "fitted"), [((400, 201), (200, 100)), ((100, 401), (50, 200)), ((201, 201), (200, 200))]
)
def test_a_large_picture_is_fitted_into_the_square(
    tmp_path: Path, size: tuple[int, int], fitted: tuple[int, int]
) -> None:
    cleaned = clean(saved(tmp_path, noise(*size)), SMALL, DOUBLED)
    assert cleaned.action is Action.DOWNSCALED
    assert (cleaned.width, cleaned.height) == fitted
    assert opened(cleaned).quantization == tables(75)


@examples(25)
@given(st.integers(1, 3000), st.integers(201, 3000))
def test_the_larger_side_is_exactly_the_limit(tmp_path_factory: pytest.TempPathFactory, one: int, other: int) -> None:
    picture = Image.new("RGB", (one, other), "teal")
    cleaned = clean(saved(tmp_path_factory.mktemp("large"), picture, quality=10), SMALL, DOUBLED)
    assert max(cleaned.width, cleaned.height) == 200
    assert min(cleaned.width, cleaned.height) >= 1
    assert abs(cleaned.width * other - cleaned.height * one) <= max(one, other)


def test_the_real_limit_of_1920_pixels(tmp_path: Path) -> None:
    cleaned = clean(saved(tmp_path, Image.new("RGB", (1921, 960), "teal")), Recipe(), DOUBLED)
    assert (cleaned.action, cleaned.width, cleaned.height) == (Action.DOWNSCALED, 1920, 960)


def test_a_heavy_picture_is_saved_with_quality_80(tmp_path: Path) -> None:
    path = saved(tmp_path, noise(199, 180), quality=97)
    cleaned = clean(path, SMALL, DOUBLED)
    assert (cleaned.action, cleaned.width, cleaned.height) == (Action.RECOMPRESSED, 199, 180)
    assert opened(cleaned).quantization == tables(80)
    assert len(cleaned.body or b"") < path.stat().st_size


def test_a_heavy_picture_that_would_not_shrink_stays_as_it_is(tmp_path: Path) -> None:
    path = saved(tmp_path, noise(199, 180), quality=60)
    assert path.stat().st_size > SMALL.heaviest
    assert clean(path, SMALL, DOUBLED) == Cleaned(Action.LINKED, 199, 180, None)


@pytest.mark.parametrize("size", [(299, 299), (299, 17), (1, 1)])
def test_a_small_picture_is_enlarged_exactly_twice(tmp_path: Path, size: tuple[int, int]) -> None:
    cleaned = clean(saved(tmp_path, noise(*size)), Recipe(), DOUBLED)
    assert (cleaned.action, cleaned.width, cleaned.height) == (Action.UPSCALED, 2 * size[0], 2 * size[1])
    assert opened(cleaned).quantization == tables(95)


def test_a_small_picture_is_unchanged_without_an_upscaler(tmp_path: Path) -> None:
    assert clean(saved(tmp_path, noise(200, 90)), Recipe(), None) == Cleaned(Action.LINKED, 200, 90, None)
    heavy = clean(saved(tmp_path, noise(199, 180), quality=97), replace(SMALL, small_side=300), None)
    assert heavy.action is Action.RECOMPRESSED
    large = clean(saved(tmp_path, noise(400, 90)), SMALL, None)
    assert large.action is Action.DOWNSCALED


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_transparent_pixels_are_on_white(tmp_path: Path, form: str) -> None:
    picture = Image.new("RGBA", (300, 310), (0, 0, 0, 0))
    picture.paste((200, 0, 0, 255), (0, 0, 150, 310))
    cleaned = clean(saved(tmp_path, picture, form, lossless=True), Recipe(), DOUBLED)
    pixels = np.asarray(opened(cleaned), dtype=int)
    assert cleaned.action is Action.CONVERTED
    assert np.abs(pixels[:, 200:] - 255).max() <= 3
    assert np.abs(pixels[:, :100] - (200, 0, 0)).max() <= 6


def test_a_palette_with_a_transparent_color_is_on_white(tmp_path: Path) -> None:
    picture = Image.new("P", (300, 310), 1)
    picture.putpalette([0, 0, 200, 0, 200, 0])
    cleaned = clean(saved(tmp_path, picture, "PNG", transparency=1), Recipe(), DOUBLED)
    assert np.asarray(opened(cleaned)).min() >= 252


def test_cmyk_becomes_rgb(tmp_path: Path) -> None:
    cleaned = clean(saved(tmp_path, Image.new("RGB", (300, 310), (200, 30, 60)).convert("CMYK")), Recipe(), DOUBLED)
    picture = opened(cleaned)
    assert (cleaned.action, picture.mode) == (Action.CONVERTED, "RGB")
    assert np.abs(np.asarray(picture, dtype=int) - (200, 30, 60)).max() <= 8


@pytest.mark.parametrize("level", [0, 100, 32_768, 65_535])
def test_sixteen_bits_keep_their_brightness(tmp_path: Path, level: int) -> None:
    gray = Image.fromarray(np.full((310, 300), level, dtype=np.uint16))
    cleaned = clean(saved(tmp_path, gray, "PNG"), Recipe(), DOUBLED)
    assert cleaned.action is Action.CONVERTED
    assert np.abs(np.asarray(opened(cleaned), dtype=int) - level // 256).max() <= 2


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_picture_on_its_side_is_turned_upright(tmp_path: Path, orientation: int) -> None:
    picture = Image.new("RGB", (300, 400), "white")
    picture.paste("black", (0, 0, 150, 200))
    exif = Image.Exif()
    exif[0x0112] = orientation
    cleaned = clean(saved(tmp_path, picture, quality=95, exif=exif), Recipe(), DOUBLED)
    upright = np.asarray(opened(cleaned).convert("L"))
    turned = {3: 2, 6: 3, 8: 1}[orientation]
    assert cleaned.action is Action.CONVERTED
    assert np.abs(upright.astype(int) - np.rot90(np.asarray(picture.convert("L")), turned)).mean() < 2


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xd8\xff\xe0"])
def test_undecodable_files_are_errors(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "x.jpg").write_bytes(body)
    with pytest.raises(PictureError, match=r"x\.jpg: (is empty|not a picture)"):
        clean(tmp_path / "x.jpg", Recipe(), DOUBLED)
    with pytest.raises(PictureError, match=r"y\.jpg: the file is missing"):
        clean(tmp_path / "y.jpg", Recipe(), DOUBLED)
