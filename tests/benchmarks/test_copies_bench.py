"""Scores of an embedder on copies of pictures: by hand-made vectors, and by files through a small embedder."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from benchmarks.copies import judge_copies, lines, pictures_in, score
from benchmarks.picture_copies import KINDS, copies_of
from lap_assets.core.errors import InputError
from lap_assets.core.picture_limits import DEFAULT_LIMITS
from lap_assets.models.types import Embedder, Vector

NUMBER = 12


def vectors() -> NDArray[np.float32]:
    """Every copy has its picture's vector; different pictures are orthogonal."""
    return np.repeat(np.eye(NUMBER, dtype=np.float32)[:, None], 1 + len(KINDS), axis=1)


def test_copies_that_equal_their_pictures_are_all_found() -> None:
    scores = score(vectors())
    assert scores.average_precision == 1
    assert set(scores.recall.values()) == {1.0}
    assert scores.near == 0


def test_a_kind_whose_copies_look_like_another_picture_is_not_found() -> None:
    changed = vectors()
    lost = list(KINDS).index("mirrored")
    changed[:, 1 + lost] = np.roll(changed[:, 1 + lost], 1, axis=0)
    scores = score(changed)
    assert scores.average_precision < 0.95
    # No distance keeps the precision: of the pairs at distance 0, one in fifteen is wrong.
    assert set(scores.recall.values()) == {0.0}
    assert scores.distance == 0


def test_a_kind_that_is_far_from_its_picture_lies_beyond_the_distance() -> None:
    changed = vectors()
    lost = list(KINDS).index("gray")
    changed[:, 1 + lost] = np.float32(1 / np.sqrt(NUMBER))
    scores = score(changed)
    assert scores.recall["gray"] == 0
    assert [kind for kind, recall in scores.recall.items() if recall == 1] == [kind for kind in KINDS if kind != "gray"]


class Shrunk(Embedder):
    """The gray picture at 8×8 px, without its mean."""

    name, dimensions = "shrunk", 64

    def prepare(self, picture: Image.Image) -> NDArray[np.float32]:
        levels = np.asarray(picture.convert("L").resize((8, 8), Image.Resampling.BOX), np.float32).ravel()
        centered: NDArray[np.float32] = levels - levels.mean()
        return centered

    def run(self, batch: list[NDArray[np.float32]]) -> list[Vector]:
        return list(batch)


def test_pictures_in_files_are_copied_and_judged(tmp_path: Path) -> None:
    chance = np.random.default_rng(4)
    for number in range(NUMBER):
        coarse = Image.fromarray(chance.integers(0, 255, (5, 4, 3), dtype=np.uint8))
        coarse.resize((160, 200), Image.Resampling.BICUBIC).save(tmp_path / f"{number}.png")
    (tmp_path / "notes.txt").write_text("no picture")
    scores = judge_copies(Shrunk(), pictures_in(tmp_path), DEFAULT_LIMITS)
    assert scores.pictures == NUMBER
    assert scores.recall["JPEG 30"] == 1
    assert scores.recall["JPEG 30"] > scores.recall["mirrored"]
    assert next(iter(lines("shrunk", scores))).startswith("shrunk: average precision 0.")


def test_copies_differ_from_their_picture_and_are_made_the_same_again() -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (90, 70, 3), dtype=np.uint8)
    picture = Image.fromarray(pixels)
    once, again = (copies_of(picture, "a.png") for _ in range(2))
    for kind, one, other in zip(KINDS, once, again, strict=True):
        assert one.mode == "RGB", kind
        assert np.array_equal(np.asarray(one), np.asarray(other)), kind
        assert not np.array_equal(np.asarray(one), pixels), kind


def test_one_picture_cannot_be_told_from_others(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="0 pictures: at least two are needed"):
        judge_copies(Shrunk(), pictures_in(tmp_path), DEFAULT_LIMITS)
