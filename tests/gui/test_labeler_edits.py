"""Laws of what is done to boxes."""

from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.box import Box, iou
from lap_gui.labeler import edits
from lap_gui.labeler.edits import MIN_SIDE, Corner

_SIZES = st.tuples(st.integers(MIN_SIDE, 3000), st.integers(MIN_SIDE, 3000))
_ANY = st.floats(-4000, 4000)


def is_fine(box: Box, size: tuple[int, int]) -> bool:
    """Whole px, within the image, not too small."""
    wide, high = box.xmax - box.xmin, box.ymax - box.ymin
    inside = box.xmin >= 0 and box.xmax <= size[0] and box.ymin >= 0 and box.ymax <= size[1]
    return inside and wide >= MIN_SIDE and high >= MIN_SIDE and all(edge == int(edge) for edge in box.corners)


@st.composite
def boxes(draw: st.DrawFn) -> tuple[Box, tuple[int, int]]:
    size = draw(_SIZES)
    x1, y1 = draw(st.integers(0, size[0] - MIN_SIDE)), draw(st.integers(0, size[1] - MIN_SIDE))
    x2, y2 = draw(st.integers(x1 + MIN_SIDE, size[0])), draw(st.integers(y1 + MIN_SIDE, size[1]))
    return Box(x1, y1, x2, y2, draw(st.none() | st.integers(0, 14))), size


@given(_ANY, _ANY, _ANY, _ANY, _SIZES)
def test_05_a_drawn_box_lies_in_the_image_and_is_none_where_it_is_too_small(
    x1: float, y1: float, x2: float, y2: float, size: tuple[int, int]
) -> None:
    box = edits.drawn((x1, y1), (x2, y2), size)
    assert box is None or is_fine(box, size)
    assert box == edits.drawn((x2, y1), (x1, y2), size)


@given(boxes(), st.sampled_from(["top left", "bottom right"]), st.tuples(_ANY, _ANY))
def test_05_a_corner_goes_nowhere_outside_and_never_past_the_other(
    made: tuple[Box, tuple[int, int]], corner: Corner, point: tuple[float, float]
) -> None:
    box, size = made
    after = edits.corner_to(box, corner, point, size)
    assert is_fine(after, size)
    assert after.class_id == box.class_id
    still = slice(2, 4) if corner == "top left" else slice(0, 2)
    assert after.corners[still] == box.corners[still]


@given(boxes(), st.integers(-4000, 4000), st.integers(-4000, 4000))
def test_05_a_moved_box_keeps_its_size_within_the_image(made: tuple[Box, tuple[int, int]], dx: int, dy: int) -> None:
    box, size = made
    after = edits.moved(box, dx, dy, size)
    assert is_fine(after, size)
    assert (after.xmax - after.xmin, after.ymax - after.ymin) == (box.xmax - box.xmin, box.ymax - box.ymin)


@given(boxes(), boxes())
def test_overlap_is_one_with_itself_and_the_same_both_ways(
    one: tuple[Box, tuple[int, int]], other: tuple[Box, tuple[int, int]]
) -> None:
    assert iou(one[0], one[0]) == 1
    assert iou(one[0], other[0]) == iou(other[0], one[0]) <= 1


def test_the_nearest_corner_is_meant_and_of_two_the_smaller_boxs() -> None:
    boxes = [Box(0, 0, 100, 100), Box(0, 0, 20, 20)]
    assert edits.corner_at(boxes, (2, 2), 5) == (1, "top left")
    assert edits.corner_at(boxes, (97, 99), 5) == (0, "bottom right")
    assert edits.corner_at(boxes, (94, 99), 5) is None
    assert edits.box_at(boxes, (10, 10)) == 1
    assert edits.box_at(boxes, (50, 50)) == 0
