"""Laws of edits of boxes."""

from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.box import Box, iou
from lap_gui.labeler import edits, grips
from lap_gui.labeler.edits import MIN_SIDE
from lap_gui.labeler.grips import SIDES, Grip

_SIZES = st.tuples(st.integers(MIN_SIDE, 3000), st.integers(MIN_SIDE, 3000))
_ANY = st.floats(-4000, 4000)


def is_fine(box: Box, size: tuple[int, int]) -> bool:
    """Return whether a box has whole px, is within the image, and is not too small."""
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


@given(boxes(), st.sampled_from(list(SIDES)), st.integers(-4000, 4000), st.integers(-4000, 4000))
def test_05_a_grip_moves_its_own_edges_alone_within_the_image_and_never_past_the_others(
    case: tuple[Box, tuple[int, int]], grip: Grip, dx: int, dy: int
) -> None:
    box, size = case
    after = grips.resized(box, grip, dx, dy, size)
    assert is_fine(after, size)
    assert after.class_id == box.class_id
    across, down = SIDES[grip]
    for edge, moves, by in zip(range(4), (across < 0, down < 0, across > 0, down > 0), (dx, dy, dx, dy), strict=True):
        assert moves or after.corners[edge] == box.corners[edge]
        wanted = box.corners[edge] + by
        room = (
            (after.corners[edge % 2] + MIN_SIDE, size[edge % 2]) if edge > 1 else (0, box.corners[edge + 2] - MIN_SIDE)
        )
        assert not moves or after.corners[edge] == min(max(wanted, room[0]), room[1])
    assert grips.moves(grip, dx, dy) or after == box


@given(boxes(), st.sampled_from(list(SIDES)), st.floats(0.01, 60))
def test_every_grip_is_found_at_its_place_and_the_middle_of_a_box_is_free(
    case: tuple[Box, tuple[int, int]], grip: Grip, reach: float
) -> None:
    box = case[0]
    assert grips.grip_at([box], grips.place_of(box, grip), reach) == (0, grip)
    middle = (box.xmin + box.xmax) / 2, (box.ymin + box.ymax) / 2
    assert grips.grip_at([box], middle, reach) is None


@given(boxes(), st.integers(-4000, 4000), st.integers(-4000, 4000))
def test_05_a_moved_box_keeps_its_size_within_the_image(case: tuple[Box, tuple[int, int]], dx: int, dy: int) -> None:
    box, size = case
    after = edits.moved(box, dx, dy, size)
    assert is_fine(after, size)
    assert (after.xmax - after.xmin, after.ymax - after.ymin) == (box.xmax - box.xmin, box.ymax - box.ymin)


@given(boxes(), boxes())
def test_overlap_is_one_with_itself_and_the_same_both_ways(
    one: tuple[Box, tuple[int, int]], other: tuple[Box, tuple[int, int]]
) -> None:
    assert iou(one[0], one[0]) == 1
    assert iou(one[0], other[0]) == iou(other[0], one[0]) <= 1


def test_the_nearest_corner_is_meant_before_edges_and_of_two_the_smaller_boxs() -> None:
    boxes = [Box(0, 0, 100, 100), Box(0, 0, 20, 20)]
    assert grips.grip_at(boxes, (2, 2), 5) == (1, "top left")
    assert grips.grip_at(boxes, (97, 99), 5) == (0, "bottom right")
    assert grips.grip_at(boxes, (99, 4), 5) == (0, "top right")
    assert grips.grip_at(boxes, (94, 60), 5) is None
    assert grips.grip_at(boxes, (94, 99), 5) == (0, "bottom")
    assert grips.grip_at(boxes, (0, 10), 5) == (1, "left")
    assert grips.grip_at(boxes, (0, 10), 5, preferred=0) == (0, "left")
    assert grips.grip_at(boxes, (120, 50), 5) is None
    assert grips.grip_at(boxes, (101, 120), 5) is None
    assert edits.box_at(boxes, (10, 10)) == 1
    assert edits.box_at(boxes, (50, 50)) == 0


def test_an_edge_of_a_file_moves_alone_and_the_others_keep_their_fractions() -> None:
    box = Box(10.5, 20.25, 60.75, 90.5, 3)
    assert grips.resized(box, "left", -4, 9, (100, 100)) == Box(6, 20.25, 60.75, 90.5, 3)
    assert grips.resized(box, "top", -4, 0, (100, 100)) == box
    assert grips.resized(Box(10, 10, 11, 11), "right", 0, 5, (100, 100)) == Box(10, 10, 11, 11)
    assert grips.resized(Box(10, 10, 11, 11), "right", 1, 5, (100, 100)) == Box(10, 10, 13, 11)
    assert grips.resized(Box(99, 10, 100, 60), "right", 5, 0, (100, 100)) == Box(97, 10, 100, 60)
