"""Training pictures: equal seeds draw equal pictures, with variety among and within families."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lap_assets.core.progress import Silent
from lap_assets.duplicates.search import hamming_pairs
from lap_assets.replica.renderer.picture import boxes_of
from lap_assets.training.art import art_recipe
from lap_assets.training.bank import SIDE, BankPlan, drawn_bank, opened_bank
from lap_assets.training.copies import faint_copy, heavy_copy
from lap_assets.training.pictures.scenes import family
from lap_assets.training.pictures.textures import palette, texture
from lap_assets.training.poster_views import MOST_BOXES, PosterBank, view

Pixels = np.ndarray


def _bank(seed: int) -> list[Pixels]:
    rng = np.random.default_rng(seed)
    return [texture(rng, palette(rng), 96) for _ in range(8)]


def _average_hashes(pictures: list[Pixels]) -> np.ndarray:
    small = np.stack([np.asarray(Image.fromarray(one).convert("L").resize((8, 8))) for one in pictures])
    bits = small > small.mean(axis=(1, 2), keepdims=True)
    return np.packbits(bits.reshape(len(bits), 64), axis=1).view(">u8").ravel().astype(np.uint64)


def test_a_seed_reproduces_its_family() -> None:
    once, again = (family(np.random.default_rng(7), _bank(1), 2, 64) for _ in range(2))
    assert all(np.array_equal(one, other) for one, other in zip(once, again, strict=True))


def test_families_differ_and_so_do_most_siblings() -> None:
    rng, bank = np.random.default_rng(3), _bank(2)
    families = [family(rng, bank, 2, 64) for _ in range(20)]
    pictures = [picture for one in families for picture in one]
    assert all(picture.shape == (64, 64, 3) and picture.dtype == np.uint8 for picture in pictures)
    near, _, _ = hamming_pairs(_average_hashes(pictures), max_distance=2)
    assert len(near) <= 8  # of 780 pairs


def test_the_bank_is_drawn_once_and_opened_from_its_file(tmp_path: Path) -> None:
    plan = BankPlan(6, seed=5, art_share=0.5)
    path = drawn_bank(plan, tmp_path, Silent())
    pictures = opened_bank(path)
    assert pictures.shape == (6, SIDE, SIDE, 3)
    assert pictures.reshape(6, -1).std(axis=1).min() >= 0
    stamp = path.stat().st_mtime_ns
    assert drawn_bank(plan, tmp_path, Silent()) == path
    assert path.stat().st_mtime_ns == stamp
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_copies_have_the_requested_size_and_are_reproducible() -> None:
    picture = Image.fromarray(family(np.random.default_rng(1), _bank(3), 1, 96)[0])
    for seed in range(40):
        for copy in (faint_copy, heavy_copy):
            first, again = (copy(picture, np.random.default_rng(seed), 48) for _ in range(2))
            assert first.shape == (48, 48, 3)
            assert first.dtype == np.uint8
            assert np.array_equal(first, again)


def test_a_faint_copy_is_nearer_than_heavy_ones() -> None:
    picture = Image.fromarray(family(np.random.default_rng(1), _bank(3), 1, 96)[0])
    plain = np.asarray(picture.resize((48, 48), Image.Resampling.BILINEAR)).astype(float)
    away = {
        copy: np.mean([np.abs(copy(picture, np.random.default_rng(k), 48) - plain).mean() for k in range(60)])
        for copy in (faint_copy, heavy_copy)
    }
    assert away[faint_copy] * 3 < away[heavy_copy]


def test_edited_art_is_drawn_with_the_boxes_that_follow_the_edits(tmp_path: Path) -> None:
    bank = PosterBank(12, 4, tmp_path).drawn(Silent())
    counts = 0
    for place in range(12):
        recipe = art_recipe(4, place, 203, edited=True)
        picture, boxes = bank.poster(place)
        faces, heads = boxes_of(recipe)
        assert picture.size == recipe.size
        assert (boxes[:, 0] == 0).sum() == min(len(faces), MOST_BOXES)
        assert [tuple(box[1:]) for box in boxes if box[0] == 1] == [tuple(map(float, box)) for box in heads]
        counts += len(heads)
    assert counts > 5


@pytest.mark.parametrize("side", [64, 256])
def test_boxes_of_a_view_stay_on_their_heads(tmp_path: Path, side: int) -> None:
    """A poster with painted heads has paint under the boxes of every view."""
    bank = PosterBank(6, 4, tmp_path).drawn(Silent())
    for place in range(6):
        picture, boxes = bank.poster(place)
        for seed in range(4):
            pixels, moved = view(bank, place, np.random.default_rng(seed), side)
            assert pixels.shape == (side, side, 3)
            ours = moved[moved[:, 0] >= 0]
            assert (ours[:, 1:] >= 0).all()
            assert (ours[:, 1:] <= side).all()
            assert (ours[:, 3:] > ours[:, 1:3]).all()
            assert len(ours) <= (boxes[:, 0] >= 0).sum()
        assert picture.width > 0
