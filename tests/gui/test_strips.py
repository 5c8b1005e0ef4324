"""Drawing in strips produces the same pixels as drawing at once."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lap_gui.shared import strips
from lap_gui.shared.strips import PicturePart

_SOURCE = Image.fromarray(np.random.default_rng(5).integers(0, 256, (310, 230, 3), dtype=np.uint8))
_FRACTIONS = st.floats(0, 1)


@pytest.fixture(autouse=True)
def _always_in_strips(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(strips, "_WORTH_IT", 0)
    monkeypatch.setattr(strips, "_STRIPS", 3)
    strips._pool.cache_clear()
    yield
    strips._pool.cache_clear()


def _span(draw: st.DrawFn, side: int) -> tuple[float, float]:
    start = draw(_FRACTIONS) * (side - 1)
    return start, start + 0.5 + draw(_FRACTIONS) * (side - start - 0.5)


@st.composite
def parts(draw: st.DrawFn, scale: float = 1) -> PicturePart:
    left, right = _span(draw, _SOURCE.width)
    top, bottom = _span(draw, _SOURCE.height)
    size = (draw(st.integers(1, 400)), draw(st.integers(3, 400)))
    return PicturePart(_SOURCE, (left, top, right, bottom), size, scale)


def _apart(one: Image.Image, other: Image.Image) -> int:
    return int(np.abs(np.asarray(one).astype(int) - np.asarray(other)).max())


@given(parts())
def test_bilinear_strips_are_what_one_resize_makes(part: PicturePart) -> None:
    whole = part.source.resize(part.size, Image.Resampling.BILINEAR, box=part.box)
    assert _apart(part.drawn(), whole) <= 2


@given(parts(), _FRACTIONS)
def test_columns_join_to_the_whole(part: PicturePart, place: float) -> None:
    cut = round(place * part.size[0])
    joined = Image.new("RGB", part.size)
    if cut > 0:
        joined.paste(part.columns(0, cut).drawn(), (0, 0))
    if cut < part.size[0]:
        joined.paste(part.columns(cut, part.size[0]).drawn(), (cut, 0))
    assert _apart(joined, part.drawn()) <= 2


@given(parts(scale=9))
def test_enlarged_pixels_stay_as_they_are(part: PicturePart) -> None:
    """Exclude screen rows whose middle is on the border of two pixels: they may show either."""
    whole = part.source.resize(part.size, Image.Resampling.NEAREST, box=part.box)
    drawn = part.drawn()
    assert drawn.size == part.size
    rows = (np.asarray(drawn) != np.asarray(whole)).any(axis=(1, 2))
    middles = part.box[1] + (np.arange(part.size[1]) + 0.5) * (part.box[3] - part.box[1]) / part.size[1]
    assert not (rows & (np.abs(middles - np.round(middles)) > 1e-3)).any()
