"""Faces and heads: predicting one from the other, and pairing them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.box import Box
from lap_assets.core.labels.companions import FacePlacement, face_head_pairs

SIDES = st.integers(20, 400)
HEADS = st.builds(lambda x, y, w, h: Box(x, y, x + w, y + h), SIDES, SIDES, SIDES, SIDES)
PLACEMENTS = st.builds(
    FacePlacement, st.floats(-0.1, 0.3), st.floats(-0.1, 0.4), st.floats(0.6, 1.1), st.floats(0.7, 1.1)
)


@given(HEADS, PLACEMENTS)
def test_a_head_is_recovered_from_its_face(head: Box, placement: FacePlacement) -> None:
    assert placement.head_of(placement.face_of(head)).corners == pytest.approx(head.corners, abs=0.02)


@given(st.lists(HEADS, min_size=5, max_size=9), PLACEMENTS)
def test_the_usual_placement_is_learned_and_a_few_odd_pairs_do_not_matter(
    heads: list[Box], placement: FacePlacement
) -> None:
    pairs = [(placement.face_of(head), head) for head in heads]
    odd = [(Box(0, 0, 1, 1), Box(0, 0, 300, 9))] * ((len(pairs) - 1) // 2)
    learned = FacePlacement.learned([*odd, *pairs])
    assert learned.face_of(heads[0]).corners == pytest.approx(pairs[0][0].corners, abs=0.2)
    assert FacePlacement.learned(pairs[:4]) == FacePlacement.learned(()) == FacePlacement(0.085, 0.353, 0.915, 1.0)
    assert FacePlacement.learned([(Box(1, 1, 1, 1), Box(0, 0, 0, 0))] * 9) == FacePlacement.learned(())


def test_each_face_has_the_smallest_head_around_it_and_each_head_one_face() -> None:
    large, small, far = Box(0, 0, 200, 200), Box(40, 40, 120, 120), Box(500, 0, 600, 100)
    inner, outer = Box(60, 60, 110, 118), Box(10, 130, 60, 190)
    assert face_head_pairs([inner, outer], [large, far, small]) == [(inner, small), (outer, large)]
    assert face_head_pairs([Box(0, 0, 300, 300)], [small]) == []
    assert face_head_pairs([], [large]) == face_head_pairs([inner], []) == []
