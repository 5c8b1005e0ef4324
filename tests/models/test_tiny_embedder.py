"""lap-tiny's embedder: what copies do not change, what tells pictures apart, and covers that hold little."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

from benchmarks.copies import score
from benchmarks.picture_copies import copies_of
from lap_assets.models import load_embedder
from lap_assets.models.types import Embedder
from lap_assets.training.pictures.scenes import family
from lap_assets.training.pictures.textures import palette, texture
from tests.support import HAS_MODELS

pytestmark = pytest.mark.skipif(not HAS_MODELS, reason="this checkout has no weights of lap-tiny")

Vectors = NDArray[np.float32]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return load_embedder("lap-tiny", device="cpu")


@pytest.fixture(scope="module")
def pictures() -> list[Image.Image]:
    """Pictures of several families: siblings share colors and textures, and are different pictures."""
    rng = np.random.default_rng(91)
    bank = [texture(rng, palette(rng), 160) for _ in range(8)]
    return [Image.fromarray(one) for _ in range(6) for one in family(rng, bank, 2, 192)]


def unit(embedder: Embedder, pictures: list[Image.Image]) -> Vectors:
    vectors = embedder.embed(pictures)
    normalized: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return normalized


@pytest.mark.parametrize("order", [order for order in itertools.permutations(range(3)) if order != (0, 1, 2)])
def test_exchanged_bands_change_nothing(
    embedder: Embedder, pictures: list[Image.Image], order: tuple[int, ...]
) -> None:
    one = pictures[3]
    bands = one.split()
    other = Image.merge("RGB", [bands[index] for index in order])
    first, second = unit(embedder, [one, other])
    assert first @ second > 0.9999


def test_mirrored_pictures_have_equal_vectors(embedder: Embedder, pictures: list[Image.Image]) -> None:
    plain, mirrored = unit(embedder, pictures[:4]), unit(embedder, [ImageOps.mirror(one) for one in pictures[:4]])
    assert np.einsum("nd,nd->n", plain, mirrored).min() > 0.999


def test_every_kind_of_copy_is_nearer_than_other_pictures(embedder: Embedder, pictures: list[Image.Image]) -> None:
    rows = [unit(embedder, [one, *copies_of(one, str(place))]) for place, one in enumerate(pictures)]
    scores = score(np.stack(rows))
    assert scores.average_precision > 0.98
    assert min(scores.recall.values()) >= 10 / 12
