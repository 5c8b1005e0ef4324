"""Other drawing styles of the replica: the same figures at the same positions, with true boxes and classes."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from lap_assets.core.errors import InputError
from lap_assets.core.labels.face_classes import FACE_CLASSES
from lap_assets.replica.catalog import PosterKey
from lap_assets.replica.months import later
from lap_assets.replica.plan import RecipePlan
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.recipes import PosterRecipe
from lap_assets.replica.renderer.anatomy import face_box, head_box
from lap_assets.replica.renderer.head import draw_head
from lap_assets.replica.renderer.pen import Pen
from lap_assets.replica.renderer.picture import boxes_of, classed_faces, jpeg_of
from lap_assets.replica.renderer.scene import scene_of
from lap_assets.replica.renderer.styles import STANDARD, STYLES, Style, style_of
from lap_assets.replica.truth import truth_pieces
from tests.support import Lap

OTHERS = [style for style in STYLES.values() if style != STANDARD]
SEEDS = range(40, 46)


def recipe(seed: int, style: str) -> PosterRecipe:
    key = PosterKey("mal", 1, seed)
    return PosterRecipe(key, key, None, (), seed, (240, 340), (), (240, 340), 90, 0.0, 1, style)


@pytest.mark.parametrize("style", OTHERS, ids=lambda style: style.name)
def test_a_style_changes_the_look_of_figures_and_neither_positions_nor_features(style: Style) -> None:
    for seed in SEEDS:
        plain, styled = scene_of(seed, 1.4), scene_of(seed, 1.4, style)
        kept = ("x", "y", "r", "tilt", "turn", "hair", "extra", "mouth", "seed")
        assert [[getattr(one, name) for name in kept] for one in plain.figures] == [
            [getattr(one, name) for name in kept] for one in styled.figures
        ]
        assert (jpeg_of(recipe(seed, "standard")) != jpeg_of(recipe(seed, style.name))) is bool(plain.figures)
        assert jpeg_of(recipe(seed, style.name)) == jpeg_of(recipe(seed, style.name))


@pytest.mark.parametrize("style", STYLES.values(), ids=lambda style: style.name)
def test_the_boxes_match_the_head_in_every_style(style: Style) -> None:
    """The drawn head of a plain figure and its box end at the same px; the chin is also the lower edge of the face."""
    side = 400
    for seed in SEEDS:
        for figure in scene_of(seed, 1.4, style).figures:
            bare = replace(
                figure, x=0.5, y=0.5, r=0.2, tilt=0.0, extra="none", hair="short", turn=0.0, from_behind=False
            )
            ground = (255, 0, 255)
            canvas = Image.new("RGB", (side, side), ground)
            draw_head(Pen(canvas, side), bare)
            drawn = (np.asarray(canvas) != ground).any(axis=2)
            rows, columns = np.nonzero(drawn)
            chin = np.nonzero(drawn[:, round(0.45 * side) : round(0.55 * side)])[0].max()  # locks of hair reach lower
            face, head = (np.array(box(bare)) * side for box in (face_box, head_box))
            reach = 2 + 0.05 * 0.2 * side * style.lines  # px: half an outline, plus rounding
            assert abs(rows.min() - head[1]) <= reach
            assert abs(chin - head[3]) <= reach
            assert abs(chin - face[3]) <= reach
            ears = 0.15 * 0.2 * side * style.wide
            assert head[0] - ears - reach <= columns.min() <= face[0] + reach
            assert face[2] - reach <= columns.max() <= head[2] + ears + reach


@pytest.mark.slow
def test_the_truth_gives_each_face_its_class_whatever_the_style() -> None:
    catalog = procedural_catalog(60, 3)
    truths = {}
    for style in STYLES:
        truths[style] = json.loads("".join(truth_pieces(RecipePlan(replace(catalog, style=style)))))
        assert truths[style]["style"] == style
        assert truths[style]["classes"] == {str(number): name for number, name in FACE_CLASSES.items()}
        posters = truths[style]["posters"].values()
        assert all(len(poster["faces"]) == len(poster["face_classes"]) for poster in posters)
        assert {number for poster in posters for number in poster["face_classes"]} == set(FACE_CLASSES)
    assert truths["toon"]["pairs"] == truths["standard"]["pairs"]


def test_a_copy_and_a_later_month_keep_the_style() -> None:
    catalog = later(replace(procedural_catalog(60, 3), style="ink"), 2)
    plan = RecipePlan(catalog)
    assert {plan.recipe(key).style for _, key in catalog.wanted()} == {"ink"}


def test_the_faces_with_classes_are_those_of_the_boxes() -> None:
    for seed in SEEDS:
        for style in STYLES:
            found = recipe(seed, style)
            assert tuple(box for box, _ in classed_faces(found)) == boxes_of(found)[0]
            assert Image.open(io.BytesIO(jpeg_of(found))).size == found.size


def test_an_unknown_style_is_one_line(lap: Lap) -> None:
    with pytest.raises(InputError, match="--style oil: expected one of: standard"):
        style_of("oil")
    result = lap("replica", "--style", "oil", "--port", "0")
    assert result.returncode == 2
    assert result.stderr == f"lap: --style oil: expected one of: {', '.join(STYLES)}\n"
