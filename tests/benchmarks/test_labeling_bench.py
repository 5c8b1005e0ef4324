"""The simulated person who labels: the cost of each action, and a small drawn world from end to end."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.labeling import LabelingPlan, labeling_rows, world_of
from benchmarks.labeling_person import LabelWork, PersonCosts, all_labeled, labeled
from benchmarks.labeling_suggestions import suspects_found, with_errors
from lap_assets.core.box import Box
from lap_assets.labels.annotations import LabeledImage

PLACES = st.sets(st.integers(0, 20), max_size=6)


def face(place: int, class_id: int | None = 1, score: float | None = None) -> Box:
    """Return a box; boxes of different places do not overlap."""
    return Box(100 * place, 0, 100 * place + 60, 80, class_id=class_id, score=score)


@given(PLACES, PLACES, st.data())
def test_a_person_draws_what_is_missing_removes_what_is_false_and_gives_what_class_is_not_right(
    true: set[int], found: set[int], data: st.DataObject
) -> None:
    classes = {place: data.draw(st.sampled_from([None, 1, 2])) for place in found}
    work = labeled([face(place) for place in true], [face(place, classes[place], 0.5) for place in found])
    right = {place for place in true & found if classes[place] == 1}
    assert work == LabelWork(
        1, len(true), len(true & found), len(right), len(true - found), len(found - true), len(true) - len(right)
    )
    costs = PersonCosts(look=2, box=10, key=3)
    assert work.seconds(costs) == 2 + 10 * len(true ^ found) + 3 * (len(true) - len(right))
    assert work.actions == len(true ^ found) + len(true) - len(right)


def test_work_adds_up_and_good_suggestions_cost_a_look_alone() -> None:
    truth = [face(1), face(2)]
    both = all_labeled([(truth, ()), (truth, [face(1, 1, 0.9), face(2, 1, 0.9)])])
    assert (both.images, both.boxes, both.drawn, both.keys) == (2, 4, 2, 2)
    assert labeled(truth, [face(1, 1, 0.9), face(2, 1, 0.9)]).seconds(PersonCosts()) == 1.5
    assert all_labeled([]).seconds(PersonCosts()) == 1.5
    assert labeled(truth, (), with_classes=False).actions == 2


def test_planted_errors_are_what_they_are_called() -> None:
    image = LabeledImage("a.jpg", 2100, 80, tuple(face(place) for place in range(20)))
    chance = random.Random(4)
    seen = 0
    for _ in range(30):
        boxes, wrong = with_errors(image, chance)
        seen += len(wrong)
        changed = set(boxes) ^ set(image.boxes)
        assert bool(changed) is bool(wrong)
        assert all(error in changed for error in wrong)
    assert 10 < seen < 60
    images = [LabeledImage(f"0/MAL{n:05d}_0001_000001.jpg", 2100, 80, image.boxes) for n in range(1, 31)]
    sure = {one.name: [face(place, None, 0.9) for place in range(20)] for one in images}
    planted, doubts, hits = suspects_found(images, sure, 4)
    assert planted > 10
    assert hits == doubts  # a perfect model contradicts nothing else
    assert hits >= planted / 2  # without suggested classes


@pytest.mark.slow
def test_a_small_world_from_end_to_end(tmp_path: Path) -> None:
    plan = LabelingPlan("toon", (10,), tested=20, seed=5, steps=10)
    rows = list(labeling_rows(plan, tmp_path))
    assert [row.source for row in rows] == ["no suggestions", "lap-tiny", "10 labeled"]
    assert rows[0].work.met == 0 < rows[0].work.boxes == rows[1].work.boxes == rows[2].work.boxes
    assert rows[2].seconds is not None
    world = world_of(plan, tmp_path)
    pictures = {path: path.stat().st_mtime_ns for path in world.folder.rglob("*.jpg")}
    assert world_of(plan, tmp_path) == world
    assert {path: path.stat().st_mtime_ns for path in world.folder.rglob("*.jpg")} == pictures
    assert {image.name for image in world.faces.images} == {image.name for image in world.heads.images}
