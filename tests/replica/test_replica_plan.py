from collections import Counter
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from lap_assets.replica.plan import RecipePlan
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.recipes import Edit, PosterRecipe, RelativeBox


@cache
def recipes() -> list[PosterRecipe]:
    plan = RecipePlan(procedural_catalog(1500, 8))
    return [plan.recipe(key) for _, key in plan.catalog.wanted()]


def test_a_recipe_does_not_depend_on_earlier_calls() -> None:
    catalog = procedural_catalog(80, 8)
    keys = [key for _, key in catalog.wanted()]
    forward = RecipePlan(catalog)
    in_order = {key: forward.recipe(key) for key in keys}

    assert all(RecipePlan(procedural_catalog(80, 8)).recipe(key) == in_order[key] for key in keys[::7])
    backward = RecipePlan(catalog)
    assert {key: backward.recipe(key) for key in reversed(keys)} == in_order


def test_another_seed_gives_other_pictures() -> None:
    one, other = (RecipePlan(procedural_catalog(40, seed)) for seed in (1, 2))
    seeds = [{plan.recipe(key).art_seed for _, key in plan.catalog.wanted()} for plan in (one, other)]
    assert not seeds[0] & seeds[1]


def test_about_28_percent_are_copies_mostly_of_the_common_kinds() -> None:
    copies = [recipe for recipe in recipes() if recipe.parent is not None]
    kinds = Counter(kind for recipe in copies for kind in recipe.link)

    assert 0.25 < len(copies) / len(recipes()) < 0.31
    assert set(kinds) == {
        "rescaled", "recompressed", "brightened", "cropped", "retitled", "logo", "mirrored", "recoloured",
    }  # fmt: skip
    assert kinds["rescaled"] + kinds["recompressed"] + kinds["brightened"] > 0.7 * kinds.total()
    assert any(len(recipe.edits) > 1 for recipe in copies)  # copies of copies


def test_a_root_is_an_original_and_copies_keep_its_art() -> None:
    by_key = {recipe.key: recipe for recipe in recipes()}
    for recipe in recipes():
        root = by_key.get(recipe.root)
        if root is not None:  # the root may belong to an Rx anime
            assert root.parent is None
            assert (root.art_seed, root.art_size) == (recipe.art_seed, recipe.art_size)
        assert (recipe.parent is None) == (recipe.root == recipe.key)


def test_world_arts_copies_are_usually_the_larger_ones() -> None:
    by_key = {recipe.key: recipe for recipe in recipes()}
    widths = [
        (by_key[recipe.parent].size[0], recipe.size[0])
        for recipe in recipes()
        if recipe.parent in by_key and recipe.parent is not None
        and recipe.key.source == "wa" and recipe.parent.source == "mal"
    ]  # fmt: skip
    assert sum(copy > original for original, copy in widths) > 0.6 * len(widths)


def test_sizes_are_spread_as_on_the_sites() -> None:
    sizes = [recipe.size for recipe in recipes()]

    assert 0.025 < sum(max(size) < 300 for size in sizes) / len(sizes) < 0.06
    assert 0.004 < sum(max(size) > 1920 for size in sizes) / len(sizes) < 0.02
    assert min(min(size) for size in sizes) >= 100
    assert any(wide > high for wide, high in sizes)
    assert {recipe.orientation for recipe in recipes()} == {1, 6, 8}


fractions = st.floats(0, 1)


@given(fractions, fractions, fractions, fractions)
def test_mirroring_twice_changes_no_box(x0: float, y0: float, x1: float, y1: float) -> None:
    box, edit = RelativeBox(x0, y0, x1, y1), Edit("mirrored", 0)
    again = edit.moved(edit.moved(box))
    assert all(abs(a - b) < 1e-12 for a, b in zip(again, box, strict=True))


def test_a_crop_brings_its_window_to_the_whole_picture() -> None:
    window = RelativeBox(0.1, 0.05, 0.95, 1.0)
    moved = Edit("cropped", 0, window).moved(window)
    assert all(abs(a - b) < 1e-12 for a, b in zip(moved, (0, 0, 1, 1), strict=True))
