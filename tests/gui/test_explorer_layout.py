"""Laws of the positions of the Explorer's tiles."""

from hypothesis import given
from hypothesis import strategies as st

from lap_gui.explorer.layout import RISES, SCALES, Layout

_LAYOUTS = st.builds(
    Layout,
    st.integers(0, 60),
    st.tuples(st.integers(100, 2600), st.integers(60, 1600)),
    st.integers(0, 40),
    st.floats(*SCALES),
    st.floats(*RISES),
)


@given(_LAYOUTS)
def test_no_tile_is_cut_off_at_a_side_and_all_can_be_scrolled_to(layout: Layout) -> None:
    for index in range(layout.count):
        x1, top, x2, _ = layout.rect(index, 0)
        assert 0 <= x1 < x2 <= layout.size[0]
        assert top >= 0
        assert layout.rect(index, layout.farthest)[3] <= layout.size[1] or layout.farthest == 0


@given(_LAYOUTS)
def test_no_two_tiles_overlap(layout: Layout) -> None:
    places = {layout.rect(index, 0)[:2] for index in range(layout.count)}
    assert len(places) == layout.count
    wide, high = layout.tile
    for x, y in places:
        assert not any(0 < abs(x - a) < wide and abs(y - b) < high for a, b in places)


@given(_LAYOUTS, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_tile_under_a_place_holds_that_place(layout: Layout, x: float, y: float, down: float) -> None:
    scroll = round(down * layout.farthest)
    at = (x * layout.size[0], y * layout.size[1])
    if (found := layout.at(*at, scroll)) is not None:
        x1, y1, x2, y2 = layout.rect(found, scroll)
        assert x1 <= at[0] < x2
        assert y1 <= at[1] < y2


@given(_LAYOUTS, st.sampled_from([1.15, 1 / 1.15]), st.sampled_from([1, -1]))
def test_larger_is_never_smaller_and_more_columns_are_never_fewer(layout: Layout, factor: float, more: int) -> None:
    scaled = layout.scaled(factor)
    assert (scaled.tile[0] - layout.tile[0]) * (factor - 1) >= 0 or scaled.scale == 1.0
    assert (layout.with_columns(more).columns - layout.columns) * more >= 0


@given(_LAYOUTS, st.sampled_from([1.15, 1 / 1.15]))
def test_wider_keeps_the_height_and_higher_the_width(layout: Layout, factor: float) -> None:
    wider, higher = layout.wider(factor), layout.higher(factor)
    assert higher.columns == layout.columns
    assert higher.tile[0] == layout.tile[0]
    assert (higher.tile[1] - layout.tile[1]) * (factor - 1) >= 0 or higher.rise == 1.0
    assert (wider.tile[0] - layout.tile[0]) * (factor - 1) >= 0 or wider.scale == 1.0
    if RISES[0] < wider.rise < RISES[1] and wider.rise != 1.0:
        assert abs(wider.tile[1] - layout.tile[1]) <= 1


@given(st.integers(1, 60), st.tuples(st.integers(300, 2600), st.integers(200, 1600)), st.sampled_from([1.15, 1 / 1.15]))
def test_a_step_and_its_opposite_lead_back(count: int, size: tuple[int, int], factor: float) -> None:
    layout = Layout(count, size)
    assert layout.scaled(factor).scaled(1 / factor) == layout
    assert layout.higher(factor).higher(1 / factor) == layout
