"""The replica a month later: some new, a few removed, and the others keep their bytes."""

import pytest

from lap_assets.replica.catalog import Catalog
from lap_assets.replica.months import later
from lap_assets.replica.plan import RecipePlan
from lap_assets.replica.procedural import procedural_catalog
from lap_assets.replica.renderer.picture import jpeg_of
from lap_assets.replica.truth import true_pairs

BASE = procedural_catalog(240, 7)


@pytest.fixture(scope="module")
def grown() -> Catalog:
    return later(BASE, 2)


def test_zero_months_change_nothing_and_equal_months_grow_equally(grown: Catalog) -> None:
    assert later(BASE, 0) is BASE
    assert later(procedural_catalog(240, 7), 2) == grown
    with pytest.raises(ValueError, match="months = -1"):
        later(BASE, -1)


@pytest.mark.parametrize(("anime", "months"), [(0, 1), (1, 2), (31, 3)])
def test_small_catalogs_grow_too(anime: int, months: int) -> None:
    assert len(later(procedural_catalog(anime, 3), months).anime) >= anime


def test_a_month_adds_and_removes_a_few_anime_and_posters() -> None:
    month = later(BASE, 1)
    before, after = set(BASE.anime_by_id), set(month.anime_by_id)
    assert 1 <= len(after - before) <= 5
    assert len(before - after) == 1
    kept = [(BASE.anime_by_id[id_], month.anime_by_id[id_]) for id_ in before & after]
    changed = [(old, new) for old, new in kept if old != new]
    assert changed
    assert len(changed) < len(kept) / 20
    assert any(set(new.pictures) - set(old.pictures) for old, new in changed)
    assert any(set(old.pictures) - set(new.pictures) for old, new in changed)


def test_kept_posters_are_drawn_as_before_and_new_ones_can_be_drawn(grown: Catalog) -> None:
    was, now = RecipePlan(BASE), RecipePlan(grown)
    keys = [key for _, key in grown.wanted()]
    stayed = [key for key in keys if BASE.has(key)]
    assert len(stayed) > 0.95 * len(keys)
    assert all(was.recipe(key) == now.recipe(key) for key in stayed)
    new = [key for key in keys if not BASE.has(key)]
    assert new
    assert jpeg_of(now.recipe(new[0])).startswith(b"\xff\xd8")


def test_its_truth_only_names_existing_posters(grown: Catalog) -> None:
    listed = {str(name) for name, _ in grown.wanted()}
    assert {name for a, b, _ in true_pairs(grown) for name in (a, b)} <= listed


def test_changes_on_world_art_come_first_in_its_list_of_updates(grown: Catalog) -> None:
    assert grown.previous is not None
    known = grown.previous.animation_by_id
    changed = {one.wa_id for one in grown.animations if known.get(one.wa_id) != one}
    order = [one.wa_id for one in grown.latest_animations]
    assert changed
    assert set(order[: len(changed)]) == changed
    assert sorted(order) == sorted(one.wa_id for one in grown.animations)
