"""Which of two copies has kept more of the picture: an original is kept against all its copies."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageFilter, ImageOps

from lap_assets.core.verdicts.fidelity import Aspect
from lap_assets.core.verdicts.sizes import PosterSize, compare_sizes
from lap_assets.pictures.fidelity import measure_fidelity
from tests.duplicates.test_hashing import drawn

Change = Callable[[Image.Image], Image.Image]
NAMES = ("MAL00001_0001_000001.jpg", "MAL00001_0001_000002.jpg")


def saved(picture: Image.Image, quality: int = 92) -> bytes:
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=quality)
    return held.getvalue()


def size_of(name: str, body: bytes) -> PosterSize:
    width, height = Image.open(io.BytesIO(body)).size
    return PosterSize(name, width * height, len(body), measure_fidelity(body))


def scaled(factor: float, filter_: Image.Resampling) -> Change:
    return lambda one: one.resize((round(one.width * factor), round(one.height * factor)), filter_)


def one_pixel_more(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width + 1, picture.height + 1), Image.Resampling.BICUBIC)


CHANGES: dict[str, tuple[Change, int]] = {
    "enlarged by 1.3": (scaled(1.3, Image.Resampling.BICUBIC), 92),
    "enlarged by 1.5": (scaled(1.5, Image.Resampling.BILINEAR), 92),
    "enlarged by 2": (scaled(2, Image.Resampling.LANCZOS), 92),
    "doubled pixels": (scaled(2, Image.Resampling.NEAREST), 92),
    "reduced to 0.8": (scaled(0.8, Image.Resampling.LANCZOS), 92),
    "reduced to 0.5": (scaled(0.5, Image.Resampling.LANCZOS), 92),
    "reduced and enlarged": (
        lambda one: scaled(2, Image.Resampling.BICUBIC)(scaled(0.5, Image.Resampling.LANCZOS)(one)),
        92,
    ),
    "quality 8, one pixel more": (one_pixel_more, 8),
    "quality 30, one pixel more": (one_pixel_more, 30),
    "quality 8 saved again at 95": (lambda one: Image.open(io.BytesIO(saved(one, 8))), 95),
    "gray, one pixel more": (lambda one: one_pixel_more(one.convert("L")), 92),
    "gray saved as RGB": (lambda one: one.convert("L").convert("RGB"), 92),
    "white borders": (lambda one: ImageOps.expand(one, one.width // 6, "white"), 92),
    "black bars": (lambda one: ImageOps.pad(one, (one.width, one.height * 4 // 3), color="black"), 92),
    "blurred": (lambda one: one.filter(ImageFilter.GaussianBlur(0.8)), 92),
}
DECIDING: dict[str, Aspect] = {
    "gray saved as RGB": "color",
    "white borders": "border",
    "doubled pixels": "blocking",
    "blurred": "detail",
    "reduced to 0.5": "detail",
}


@pytest.fixture(scope="module")
def originals() -> list[bytes]:
    return [saved(drawn(seed, 400, 560).filter(ImageFilter.GaussianBlur(0.3))) for seed in range(3)]


@pytest.mark.parametrize("change", list(CHANGES))
def test_the_original_is_kept(change: str, originals: list[bytes]) -> None:
    make, quality = CHANGES[change]
    for body in originals:
        copy = saved(make(Image.open(io.BytesIO(body))), quality)
        for names in (NAMES, NAMES[::-1]):
            compared = compare_sizes(size_of(names[0], body), size_of(names[1], copy))
            assert compared.larger == "first", compared.by
            if change in DECIDING:
                assert compared.by == DECIDING[change]


def test_equal_files_are_ordered_by_name_and_others_by_bytes(originals: list[bytes]) -> None:
    size = size_of(NAMES[0], originals[0])
    assert compare_sizes(size, size._replace(name=NAMES[1])).by == "name"
    assert compare_sizes(size, size._replace(name=NAMES[1], bytes=size.bytes + 1)).larger == "second"


@pytest.mark.parametrize("picture", [
    Image.new("RGB", (300, 420), "white"), Image.new("L", (5, 900), 7), Image.new("RGB", (1, 1)),
    Image.linear_gradient("L"), Image.new("RGB", (17, 3), "red"),
])  # fmt: skip
def test_any_picture_can_be_measured(picture: Image.Image, tmp_path: Path) -> None:
    path = tmp_path / "plain.png"
    picture.save(path)
    fidelity = measure_fidelity(path)
    assert fidelity.quality is None
    assert 0 <= fidelity.detail <= 5
    assert 0 < fidelity.filled <= 1
    assert isinstance(fidelity.rank(picture.width * picture.height), int)
