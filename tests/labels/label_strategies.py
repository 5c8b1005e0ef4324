"""Hypothesis strategies for labels: few images, boxes inside them, in thousandths of a pixel."""

from dataclasses import replace

from hypothesis import strategies as st

from lap_assets.core.box import Box
from lap_assets.labels.annotations import SPLITS, TIERS, Annotations, LabeledImage

CLASSES = {1: "boy", 2: "girl", 5: "young man & woman", 15: "животное"}
_values = st.one_of(st.integers(-5, 5), st.booleans(), st.text("a<&é ", max_size=4), st.floats(0, 1, width=16))
_attributes = st.dictionaries(st.sampled_from(["blur", "pose", "said by"]), _values, max_size=2)


@st.composite
def boxes(draw: st.DrawFn, width: int, height: int, *, plain: bool, scored: bool) -> Box:
    """A box in an image. `plain`: only corners, class and score."""
    x0, x1 = sorted(draw(st.tuples(*[st.integers(0, width * 1000)] * 2)))
    y0, y1 = sorted(draw(st.tuples(*[st.integers(0, height * 1000)] * 2)))
    return Box(
        x0 / 1000, y0 / 1000, x1 / 1000, y1 / 1000,
        class_id=draw(st.none() | st.sampled_from(sorted(CLASSES))) if not scored else None,
        score=draw(st.integers(0, 1000)) / 1000 if scored else None,
        ignore=not plain and draw(st.booleans()),
        crowd=not plain and draw(st.booleans()),
        attributes=() if plain else tuple(draw(_attributes).items()),
    )  # fmt: skip


@st.composite
def labels(draw: st.DrawFn, *, plain: bool = False) -> Annotations:
    """Labels of up to three images. `plain`: only what every format can represent."""
    scored = draw(st.booleans())
    names = draw(st.lists(st.sampled_from(["0/a b.jpg", "0/c.jpg", "9/ж.jpg", "d.jpg"]), max_size=3, unique=True))
    images = []
    for name in sorted(names):
        width, height = draw(st.integers(1, 4000)), draw(st.integers(1, 4000))
        found = draw(st.lists(boxes(width, height, plain=plain, scored=scored), max_size=3))
        image = LabeledImage(name, width, height, tuple(found), split=draw(st.sampled_from(SPLITS)))
        if not plain:
            reviewed, tier = draw(st.none() | st.booleans()), draw(st.none() | st.sampled_from(TIERS))
            model = draw(st.none() | st.just("1-lap-tiny <v1>"))
            image = replace(image, reviewed=reviewed, tier=tier, model=model)
        images.append(image)
    return Annotations(tuple(images), CLASSES)
