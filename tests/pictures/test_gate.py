"""The same decision about a picture everywhere: hashes, models, cleaning and tools accept what the store accepts."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from PIL import Image

from lap_assets.core.errors import PictureError, SettingsError
from lap_assets.core.picture_limits import SETTINGS
from lap_assets.duplicates.hashing import hash_image
from lap_assets.models.batching import read_picture as read_for_models
from lap_assets.pictures.gate import Limits, check_whole, inspect, open_reduced, open_upright
from lap_assets.pictures.recipe import Recipe, clean
from lap_assets.posters.store import check_picture
from lap_assets.settings import Settings
from lap_gui.review.poster_view import read_view
from lap_gui.shared.pictures import read_picture as read_for_tools
from lap_gui.shared.pictures import read_thumbnail

NOISE: Final = Image.effect_noise((90, 130), 80).convert("RGB")
# A recipe that encodes every picture again, so that each is decoded.
ENCODES: Final = Recipe(largest_side=80)


def encoded(form: str, picture: Image.Image = NOISE, **options: Any) -> bytes:
    kept = io.BytesIO()
    picture.save(kept, form, **options)
    return kept.getvalue()


def turned(form: str, orientation: int) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(form, exif=exif)


def with_scans(count: int) -> bytes:
    """Return a progressive JPEG whose last scan is repeated many times."""
    body = encoded("JPEG", progressive=True)
    last = body.rindex(b"\xff\xda")
    return body[:last] + body[last:-2] * count + body[-2:]


def without_palette() -> bytes:
    body = encoded("PNG", NOISE.convert("P"))
    at = body.index(b"PLTE") - 4
    return body[:at] + body[at + 12 + int.from_bytes(body[at : at + 4], "big") :]


def with_wrong_checksum() -> bytes:
    body = bytearray(encoded("PNG", NOISE.resize((400, 500))))
    at, chunk = 8, 0
    while chunk < 2:  # the second chunk of pixels
        length = int.from_bytes(body[at : at + 4], "big")
        chunk += body[at + 4 : at + 8] == b"IDAT"
        at += 12 + length
    body[at - 1] ^= 1
    return bytes(body)


def huge_header() -> bytes:
    from tests.posters.test_store import bomb

    return bomb(60_000, 60_000)


def shaded(picture: Image.Image) -> Image.Image:
    return picture.convert("L").convert("I").point(lambda value: value * 256).convert("I;16")


TAKEN: Final[dict[str, bytes]] = {
    "baseline": encoded("JPEG"),
    "progressive": encoded("JPEG", progressive=True),
    "ninety scans": with_scans(90),
    "gray": encoded("JPEG", NOISE.convert("L")),
    "cmyk": encoded("JPEG", NOISE.convert("CMYK")),
    "mpo": encoded("MPO", save_all=True, append_images=[NOISE.rotate(9)]),
    "png": encoded("PNG"),
    "16 bits": encoded("PNG", shaded(NOISE)),
    "bilevel": encoded("PNG", NOISE.convert("1")),
    "palette with transparency": encoded("PNG", NOISE.convert("P"), transparency=1),
    "gray with transparency": encoded("PNG", NOISE.convert("L"), transparency=7),
    "alpha": encoded("PNG", NOISE.convert("RGBA")),
    "webp": encoded("WEBP"),
    "animated webp": encoded("WEBP", save_all=True, append_images=[NOISE.rotate(9), NOISE.rotate(18)]),
    "one pixel": encoded("PNG", NOISE.crop((0, 0, 1, 1))),
    **{f"{form}, orientation {value}": turned(form, value) for form in ("JPEG", "PNG", "WEBP") for value in (0, 6, 9)},
    "orientation that is text": turned("JPEG", 6).replace(b"\x01\x12\x00\x03", b"\x01\x12\x00\x02"),
}
REFUSED: Final[dict[str, tuple[bytes, str]]] = {
    "empty": (b"", "is empty"),
    "page": (b"<html>busy</html>", "not a picture"),
    "cut JPEG": (encoded("JPEG")[:-200], "does not decode whole"),
    "cut progressive JPEG": (encoded("JPEG", progressive=True)[:-200], "does not decode whole"),
    "cut PNG": (encoded("PNG")[:-200], "does not decode whole"),
    "cut WebP": (encoded("WEBP")[:-200], "not a picture|does not decode whole"),
    "wrong checksum": (with_wrong_checksum(), "does not decode whole"),
    "no palette": (without_palette(), "has no palette"),
    "huge header": (huge_header(), "LAP_MAX_PIXELS"),
    "thousand scans": (with_scans(1000), "LAP_MAX_JPEG_SCANS"),
}


def by_tools(reading: Callable[..., Any]) -> Callable[[Path, Limits], None]:
    def read(path: Path, limits: Limits) -> None:
        if (problem := reading(path, limits).problem) is not None:
            raise PictureError(problem)

    return read


READERS: Final[dict[str, Callable[[Path, Limits], object]]] = {
    "store": lambda path, limits: check_picture(path.read_bytes(), limits),
    "whole": check_whole,
    "full size": open_upright,
    "reduced": lambda path, limits: open_reduced(path, 16, limits),
    "hash": hash_image,
    "models": read_for_models,
    "cleaning": lambda path, limits: clean(path, ENCODES, lambda small: small, limits),
    "tools": by_tools(read_for_tools),
    "thumbnails": by_tools(lambda path, limits: read_thumbnail(path, (20, 20), limits)),
    "review": by_tools(lambda path, limits: read_view(path, limits).picture),
}


@pytest.fixture
def poster(tmp_path: Path) -> Path:
    return tmp_path / "MAL00001_0001_000001.jpg"


@pytest.mark.parametrize("kind", TAKEN)
def test_whatever_the_store_accepts_is_accepted_later(kind: str, poster: Path) -> None:
    poster.write_bytes(TAKEN[kind])
    for read in READERS.values():
        read(poster, Limits())
    seen = open_upright(poster).size
    stored, hashed = check_picture(TAKEN[kind]), hash_image(poster)
    assert seen == (stored.width, stored.height) == (hashed.width, hashed.height) == inspect(poster).size
    assert seen == ((130, 90) if "orientation 6" in kind else (1, 1) if kind == "one pixel" else (90, 130))


@pytest.mark.parametrize("kind", REFUSED)
def test_whatever_the_store_refuses_is_refused_for_the_same_reason(kind: str, poster: Path) -> None:
    body, reason = REFUSED[kind]
    poster.write_bytes(body)
    for name, read in READERS.items():
        with pytest.raises(PictureError, match=reason) as refused:
            read(poster, Limits())
        assert name in ("store", "tools", "thumbnails", "review") or poster.name in str(refused.value)


@pytest.mark.parametrize(
    ("limit", "kind"),
    [
        ("pixels", "png"),
        ("bytes", "baseline"),
        ("scans", "progressive"),
        ("frames", "animated webp"),
        ("frames", "mpo"),
    ],
)
def test_a_limit_is_named_with_its_setting_and_raised_by_it(limit: str, kind: str, poster: Path) -> None:
    poster.write_bytes(TAKEN[kind])
    counts = {"pixels": 90 * 130, "bytes": len(TAKEN[kind]), "scans": 10, "frames": 3 if kind != "mpo" else 2}
    for read in READERS.values():
        read(poster, replace(Limits(), **{limit: counts[limit]}))
        with pytest.raises(PictureError, match=SETTINGS[limit]):
            read(poster, replace(Limits(), **{limit: counts[limit] - 1}))


@pytest.mark.slow
def test_a_limit_above_pillows_own_applies_everywhere(poster: Path) -> None:
    """Pillow warns above 89 million pixels and refuses above 179 million."""
    Image.new("L", (13_500, 13_500), 200).save(poster, "JPEG", quality=10)
    size = (13_500, 13_500)
    limits = Limits(pixels=200_000_000)
    assert inspect(poster, limits).size == size
    assert (hash_image(poster, limits).width, check_picture(poster.read_bytes(), limits).height) == size
    assert clean(poster, Recipe(), None, limits).width == 1920
    assert read_thumbnail(poster, (100, 100), limits).size == size
    for read in (hash_image, inspect):
        with pytest.raises(PictureError, match="13500x13500 pixels, more than the 100,000,000 that LAP_MAX_PIXELS"):
            read(poster)


def test_tools_and_graph_read_the_same_limits_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {name: str(number) for number, name in enumerate(SETTINGS.values(), start=1)}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert Limits.from_environment(environment) == Settings.load().picture_limits == Limits(1, 2, 3, 4)
    assert Limits.from_environment({}) == Limits()
    with pytest.raises(SettingsError, match=r"LAP_MAX_PIXELS='many': expected a whole number above 0"):
        Limits.from_environment({"LAP_MAX_PIXELS": "many"})
