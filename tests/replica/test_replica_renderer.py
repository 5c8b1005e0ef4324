import hashlib
import io
import json
import subprocess
import sys
from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from PIL import Image, ImageOps

from lap_assets.replica.catalog import PosterKey
from lap_assets.replica.plan import RecipePlan
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.recipes import Edit, Kind, PosterRecipe, RelativeBox
from lap_assets.replica.renderer.picture import boxes_of, jpeg_of

SIZE, SEED = 500, 6


@cache
def recipes() -> list[PosterRecipe]:
    plan = RecipePlan(procedural_catalog(SIZE, SEED))
    return [plan.recipe(key) for _, key in plan.catalog.wanted()]


def original(**changed: object) -> PosterRecipe:
    key = PosterKey("mal", 1, 2)
    plain = PosterRecipe(key, key, None, (), 77, (300, 420), (), (300, 420), 90, 0.0, 1)
    return replace(plain, **changed)  # type: ignore[arg-type]


def opened(recipe: PosterRecipe) -> Image.Image:
    return ImageOps.exif_transpose(Image.open(io.BytesIO(jpeg_of(recipe)))).convert("RGB")


def average_hash(image: Image.Image) -> np.ndarray:
    gray = np.asarray(image.convert("L").resize((8, 8), Image.Resampling.BOX), dtype=float)
    return np.asarray(gray > gray.mean()).ravel()


def distance(one: PosterRecipe, other: PosterRecipe) -> int:
    return int((average_hash(opened(one)) != average_hash(opened(other))).sum())


def test_a_poster_is_a_jpeg_of_its_size_and_reproducible() -> None:
    for recipe in recipes()[:12]:
        data = jpeg_of(recipe)
        image = Image.open(io.BytesIO(data))
        assert image.format == "JPEG"
        assert ImageOps.exif_transpose(image).size == recipe.size
        assert jpeg_of(recipe) == data


def test_another_process_draws_the_same_bytes() -> None:
    chosen = recipes()[3:9]
    code = (
        "import hashlib, json; from lap_assets.replica.renderer.picture import jpeg_of;"
        "from lap_assets.replica.plan import RecipePlan; from lap_assets.replica.procedural import procedural_catalog;"
        f"plan = RecipePlan(procedural_catalog({SIZE}, {SEED}));"
        "keys = [key for _, key in plan.catalog.wanted()][8:2:-1];"
        "print(json.dumps([hashlib.sha256(jpeg_of(plan.recipe(key))).hexdigest() for key in keys]))"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert json.loads(output)[::-1] == [hashlib.sha256(jpeg_of(recipe)).hexdigest() for recipe in chosen]


@pytest.mark.slow
def test_boxes_are_inside_the_picture_and_most_faces_inside_a_head() -> None:
    faces_seen = inside = 0
    for recipe in recipes():
        frame = RelativeBox(0, 0, *recipe.size)
        faces, heads = boxes_of(recipe)
        for box in (*faces, *heads):
            assert box == box.within(frame)
            assert min(box.x1 - box.x0, box.y1 - box.y0) >= 6
            assert all(value == int(value) for value in box)
        faces_seen += len(faces)
        inside += sum(any(face.within(head).area >= 0.9 * face.area for head in heads) for face in faces)

    assert inside > 0.97 * faces_seen
    counts = [len(boxes_of(recipe)[0]) for recipe in recipes()]
    assert counts.count(0) > 0
    assert max(counts) >= 5
    assert sum(counts) / len(counts) > 1.5


def test_a_face_is_where_its_box_says() -> None:
    """Skin colors fill the lower middle of most face boxes."""
    found = [recipe for recipe in recipes() if recipe.parent is None and len(boxes_of(recipe)[0]) == 1][:20]
    skinlike = []
    for recipe in found:
        box = boxes_of(recipe)[0][0]
        part = np.asarray(opened(recipe).crop((box.x0, box.y0, box.x1, box.y1)).convert("HSV"))
        lower = part[part.shape[0] // 2 :, part.shape[1] // 4 : -part.shape[1] // 4 or None]
        skinlike.append(float(((lower[..., 0] < 30) | (lower[..., 0] > 245)).mean()))
    assert np.median(skinlike) > 0.6


@pytest.mark.parametrize(
    ("kind", "most"), [("brightened", 10), ("recoloured", 12), ("logo", 8), ("retitled", 24), ("cropped", 20)]
)
def test_an_edited_copy_differs_from_its_original_but_is_near_it(kind: Kind, most: int) -> None:
    before = original()
    window = RelativeBox(0.05, 0.04, 0.97, 0.95)
    after = original(edits=(Edit(kind, 9, window if kind == "cropped" else RelativeBox(0, 0, 1, 1)),))

    assert jpeg_of(after) != jpeg_of(before)
    assert distance(before, after) <= most


def test_a_mirrored_copy_is_the_original_mirrored_and_so_are_its_boxes() -> None:
    before, after = original(), original(edits=(Edit("mirrored", 0),))
    difference = np.abs(
        np.asarray(ImageOps.mirror(opened(before)), dtype=int) - np.asarray(opened(after), dtype=int)
    ).mean()

    assert difference < 4
    for box, mirrored in zip(boxes_of(before)[1], boxes_of(after)[1], strict=True):
        assert abs(box.x0 + mirrored.x1 - 300) <= 1
        assert (box.y0, box.y1) == (mirrored.y0, mirrored.y1)


@pytest.mark.parametrize("size", [(150, 210), (600, 840), (1200, 1680)])
def test_a_rescaled_copy_looks_the_same(size: tuple[int, int]) -> None:
    assert distance(original(), original(size=size)) <= 3


@pytest.mark.parametrize("orientation", [6, 8])
def test_a_picture_stored_on_its_side_is_upright_after_exif_rotation(orientation: int) -> None:
    stored = original(orientation=orientation)
    assert Image.open(io.BytesIO(jpeg_of(stored))).size == (420, 300)
    assert opened(stored).size == (300, 420)
    assert distance(original(), stored) <= 2


def test_heavy_posters_weigh_more_than_700_kb() -> None:
    heavy = [recipe for recipe in recipes() if recipe.grain > 0][:2]
    assert heavy
    assert all(len(jpeg_of(recipe)) > 700 * 1024 for recipe in heavy)


@pytest.mark.slow
def test_unrelated_posters_are_far_apart() -> None:
    originals = [recipe for recipe in recipes() if recipe.parent is None][:160]
    hashes = [average_hash(opened(replace(recipe, size=_small(recipe), grain=0.0))) for recipe in originals]
    distances = np.array([int((one != other).sum()) for one, other in combinations(hashes, 2)])

    assert distances.min() > 2
    assert (distances <= 8).mean() < 0.001
    assert 29 < distances.mean() < 34


def _small(recipe: PosterRecipe) -> tuple[int, int]:
    wide, high = recipe.size
    return 150, round(150 * high / wide)
