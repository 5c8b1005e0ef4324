"""The trait network: what it learns from, what its loss wants, and that its file says what was trained."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from safetensors.torch import load_file, save_file

from lap_assets.core.box import Box
from lap_assets.core.errors import WeightsError
from lap_assets.core.progress import Silent
from lap_assets.models.tiny.crop_features import AROUND, crop_of, square_around
from lap_assets.models.tiny.trained import note_of
from lap_assets.models.tiny.trait_network import SEEN, TraitNetwork
from lap_assets.models.tiny.traits import SHIPPED, TraitReader, load_traits, read_trait_file
from lap_assets.replica.renderer.styles import STANDARD, STYLES
from lap_assets.training.crop_views import crop_view
from lap_assets.training.export import write_traits
from lap_assets.training.figure_bank import BANK_AROUND, BANK_SIDE, FigureBank, drawn_piece
from lap_assets.training.figure_styles import MOST_STRETCHED, SQUAREST, random_style
from lap_assets.training.trait_training import started, trait_loss, trait_shape
from lap_assets.training.traits import TRAITS, mirrored_row


def test_no_style_that_is_judged_with_is_learned_from() -> None:
    named = [style for style in STYLES.values() if style != STANDARD]
    rng = np.random.default_rng(3)
    made = [random_style(rng) for _ in range(600)]
    assert not {(one.eyes, one.shading) for one in made} & {(one.eyes, one.shading) for one in named}
    assert max(max(one.wide / one.long, one.long / one.wide) for one in made) < MOST_STRETCHED
    assert STYLES["chibi"].wide / STYLES["chibi"].long > MOST_STRETCHED
    assert max(one.square for one in made) < SQUAREST < STYLES["toon"].square
    assert {one.tone for one in made} == {"paint", "sketch", "chalk"}


def test_a_piece_of_the_bank_follows_from_seed_and_place_alone(tmp_path: Path) -> None:
    bank = FigureBank(6, 4, tmp_path)
    crops, rows = drawn_piece(bank, 0)
    assert crops.shape == (6, BANK_SIDE, BANK_SIDE, 3)
    assert (rows >= 0).all()
    assert (rows < [len(trait.values) for trait in TRAITS]).all()
    again, _ = drawn_piece(FigureBank(6, 4, tmp_path / "elsewhere"), 0)
    assert (crops == again).all()
    other, _ = drawn_piece(FigureBank(6, 5, tmp_path), 0)
    assert (crops != other).any()


def test_the_bank_is_drawn_once_and_holds_what_its_pieces_draw(tmp_path: Path) -> None:
    bank = FigureBank(4, 5, tmp_path).drawn(Silent())
    crops, rows = bank.opened()
    drawn = drawn_piece(bank, 0)
    assert (crops == drawn[0]).all()
    assert (rows == drawn[1]).all()
    written = bank.pictures.stat().st_mtime_ns
    assert bank.drawn(Silent()).pictures.stat().st_mtime_ns == written


@given(row=st.tuples(*(st.integers(0, len(trait.values) - 1) for trait in TRAITS)))
def test_a_mirror_image_is_turned_the_other_way_and_has_the_other_traits(row: tuple[int, ...]) -> None:
    traits = np.array(row, np.int8)
    mirrored = mirrored_row(traits)
    assert (mirrored_row(mirrored) == traits).all()
    turn = [trait.name for trait in TRAITS].index("turn")
    assert (np.delete(mirrored, turn) == np.delete(traits, turn)).all()
    assert (mirrored[turn] == traits[turn]) is np.bool_(TRAITS[turn].values[traits[turn]] == "middle")


def test_a_view_shows_about_what_the_crop_of_a_box_shows() -> None:
    y, x = np.mgrid[:400, :400]
    picture = Image.fromarray(np.stack((x / 2, y / 2, 120 + 60 * np.sin(x / 17)), axis=2).astype(np.uint8))
    box = Box(180, 200, 240, 250)
    kept = np.asarray(picture.crop(square_around(box, BANK_AROUND)).resize((BANK_SIDE, BANK_SIDE)))
    shown = np.asarray(Image.fromarray(crop_of(picture, box)).resize((SEEN, SEEN)), np.float64)
    rng = np.random.default_rng(2)
    plain, mirrored = (
        np.mean([crop_view(kept, rng, SEEN, mirrored=flip, changed=0.0) for _ in range(300)], axis=0)
        for flip in (False, True)
    )
    inner = slice(SEEN // 4, -SEEN // 4)
    apart = max(1.0, 60 * AROUND / 2) / SEEN  # levels of red or green between neighbors
    for average in (plain, mirrored[:, ::-1]):
        assert np.abs(average - shown)[inner, inner, :2].mean() < 2 * apart


@given(seed=st.integers(0, 2**32 - 1), level=st.sampled_from([1, 2, 256]), mirrored=st.booleans())
def test_every_view_is_a_square_of_bytes(seed: int, level: int, mirrored: bool) -> None:
    rng = np.random.default_rng(seed)
    crop = rng.integers(0, level, (BANK_SIDE, BANK_SIDE, 3)).astype(np.uint8)
    view = crop_view(crop, rng, SEEN, mirrored=mirrored)
    assert view.shape == (SEEN, SEEN, 3)
    assert view.dtype == np.uint8


def test_the_loss_is_least_where_every_trait_is_right_and_wrong_hair_costs_most() -> None:
    rows = torch.zeros((1, len(TRAITS)), dtype=torch.long)

    def loss(wrong: str) -> float:
        scores = [torch.zeros(1, len(trait.values)) for trait in TRAITS]
        for trait, one in zip(TRAITS, scores, strict=True):
            one[0, 1 if trait.name == wrong else 0] = 4.0
        return trait_loss(scores, rows).item()

    costs = {trait.name: loss(trait.name) for trait in TRAITS}
    assert loss("") < min(costs.values())
    assert sorted(costs, key=costs.__getitem__)[-2:] in (["hair", "worn"], ["worn", "hair"])


def test_training_starts_from_the_trunk_of_the_shipped_detectors() -> None:
    network, shipped = started(), load_file(SHIPPED.with_name("faces.safetensors"))
    own = [value for key, value in network.trunk.state_dict().items() if key.endswith("conv.weight")]
    layers = sorted({int(key.split(".")[1]) for key in shipped})[: len(own)]
    for value, layer in zip(own, layers, strict=True):
        assert torch.equal(value, shipped[f"layers.{layer}.conv.weight"].float())


def _written(path: Path) -> TraitNetwork:
    torch.manual_seed(3)
    network = TraitNetwork(trait_shape()).eval()
    write_traits(network, path)
    return network


def test_a_written_network_is_read_back_within_a_halfs_rounding(tmp_path: Path) -> None:
    network = _written(tmp_path / "traits.safetensors")
    described = read_trait_file(tmp_path / "traits.safetensors")
    assert list(described.traits.items()) == [(trait.name, trait.values) for trait in TRAITS]
    crops = list(np.random.default_rng(1).integers(0, 255, (3, 144, 144, 3), dtype=np.uint8))
    read = load_traits(tmp_path / "traits.safetensors").numbers(crops)
    assert read.shape == (3, sum(count for _, count in described.blocks))
    assert np.allclose(read, TraitReader(network).numbers(crops), atol=0.02)
    likely = read[:, described.dimensions :][:, : len(TRAITS[0].values)]
    assert np.allclose(np.exp(likely).sum(axis=1), 1, atol=1e-5)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "is missing": lambda path: path.unlink(),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1000]),
    "a detector's": lambda path: path.write_bytes(SHIPPED.with_name("faces.safetensors").read_bytes()),
    "of other traits": lambda path: save_file(
        load_file(path), path, note_of(kind="lap-traits 1", dimensions=128, traits=[["hair", ["short", "long"]]])
    ),
    "without traits": lambda path: save_file(
        load_file(path), path, note_of(kind="lap-traits 1", dimensions=128, traits=[])
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_file_that_does_not_hold_this_network_is_one_line(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "damaged.safetensors"
    _written(path)
    DAMAGES[damage](path)
    with pytest.raises(WeightsError, match=r"damaged\.safetensors") as told:
        load_traits(path)
    assert "\n" not in str(told.value)


def test_the_shipped_network_sees_what_the_training_names() -> None:
    assert list(read_trait_file().traits.items()) == [(trait.name, trait.values) for trait in TRAITS]


@pytest.mark.slow
def test_the_shipped_network_is_more_often_right_than_wrong_on_figures_it_was_not_trained_on(tmp_path: Path) -> None:
    """By chance, one in eight kinds of hair and one in nine worn things would be right."""
    crops, rows = drawn_piece(FigureBank(128, 77, tmp_path), 0)
    edge = round(BANK_SIDE * (1 - AROUND / BANK_AROUND) / 2)
    inner = [np.asarray(Image.fromarray(crop[edge:-edge, edge:-edge]).resize((144, 144))) for crop in crops]
    numbers, start = load_traits().numbers(inner), read_trait_file().dimensions
    for place, (_, count) in enumerate(read_trait_file().blocks[1:3]):
        told = numbers[:, start : start + count].argmax(axis=1)
        assert (told == rows[:, place]).mean() > 0.5
        start += count
