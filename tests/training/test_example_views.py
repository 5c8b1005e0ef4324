"""The views that a detector learns from: boxes match pixels."""

from io import BytesIO

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lap_assets.training.example_views import batch, view
from lap_assets.training.examples import IGNORED, NONE, WANTED, Example

RED = (250, 10, 10)


def example(
    size: tuple[int, int], box: tuple[int, int, int, int], role: float = WANTED, name: str = "a.png"
) -> Example:
    """A blue picture with one red box."""
    picture = Image.new("RGB", size, (10, 10, 250))
    picture.paste(RED, box)
    body = BytesIO()
    picture.save(body, "JPEG", quality=95, subsampling=0)
    return Example(name, body.getvalue(), np.array([(role, *box)], np.float32))


@given(
    st.tuples(st.integers(40, 200), st.integers(40, 200)),
    st.tuples(*[st.floats(0, 1)] * 4),
    st.integers(0, 999),
)
def test_a_views_box_is_where_its_pixels_are(
    size: tuple[int, int], shares: tuple[float, float, float, float], seed: int
) -> None:
    wide, high = max(16, int(size[0] * shares[2] * 0.6)), max(16, int(size[1] * shares[3] * 0.6))
    left, top = int((size[0] - wide) * shares[0]), int((size[1] - high) * shares[1])
    pixels, boxes = view(example(size, (left, top, left + wide, top + high)), np.random.default_rng(seed), 128)
    assert pixels.shape == (128, 128, 3)
    red = pixels[..., 0].astype(int) - pixels[..., 2] > 60
    if not len(boxes):
        assert red.mean() < 0.01
        return
    _, x0, y0, x1, y1 = boxes[0]
    rows, columns = np.nonzero(red)
    if len(rows) and boxes[0, 0] == WANTED:
        seen = np.array((columns.min(), rows.min(), columns.max() + 1, rows.max() + 1))
        assert np.abs(seen - (x0, y0, x1, y1)).max() <= 5


def test_a_step_is_reproducible_and_every_image_is_shown_equally_often() -> None:
    examples = [example((64, 48), (4 * n, 4, 4 * n + 20, 30), name=f"{n}.png") for n in range(6)]
    for step in (0, 7):
        one, other = (batch(examples, 4, 64, seed=3, step=step) for _ in range(2))
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert not np.array_equal(batch(examples, 4, 64, 3, 0)[0], batch(examples, 4, 64, 3, 1)[0])


def test_ignored_boxes_stay_ignored_and_missing_rows_are_none() -> None:
    examples = [example((64, 64), (10, 10, 50, 50), IGNORED), example((64, 64), (10, 10, 50, 50))]
    examples[1] = Example("b.png", examples[1].body, np.repeat(examples[1].boxes, 3, axis=0))
    pixels, boxes = batch(examples, 2, 64, seed=1, step=0)
    assert pixels.dtype == np.uint8
    assert boxes.shape == (2, 3, 5)
    ignored = next(rows for rows in boxes if rows[1, 0] == NONE)
    assert ignored[:, 0].tolist() == [IGNORED, NONE, NONE]
