"""Laws of the position of a picture on a canvas."""

from hypothesis import given
from hypothesis import strategies as st

from lap_gui.shared.view import MAX_SCALE, View

_SIDES = st.tuples(st.integers(1, 6000), st.integers(1, 6000))
_CANVASES = st.tuples(st.integers(50, 3000), st.integers(50, 2000))
_PLACES = st.floats(0, 1)


@st.composite
def views(draw: st.DrawFn) -> View:
    view = View(draw(_SIDES), draw(_CANVASES))
    for _ in range(draw(st.integers(0, 3))):
        at = (draw(_PLACES) * view.canvas[0], draw(_PLACES) * view.canvas[1])
        view = view.zoomed(draw(st.floats(0.3, 8)), at).panned(draw(st.floats(-500, 500)), draw(st.floats(-500, 500)))
    return view


@given(views(), _PLACES, _PLACES)
def test_canvas_and_picture_points_are_each_others_inverse(view: View, x: float, y: float) -> None:
    point = (x * view.picture[0], y * view.picture[1])
    back = view.to_picture(*view.to_canvas(*point))
    assert all(abs(a - b) < 1e-6 * max(1, b) for a, b in zip(back, point, strict=True))


@given(views(), st.floats(0.3, 8), _PLACES, _PLACES)
def test_zoom_stays_within_fit_and_ten_canvas_px_a_picture_px(view: View, factor: float, x: float, y: float) -> None:
    zoomed = view.zoomed(factor, (x * view.canvas[0], y * view.canvas[1]))
    assert zoomed.zoom >= 1  # it began there
    assert zoomed.scale <= max(MAX_SCALE, zoomed.fit) * (1 + 1e-9)


@given(views(), st.floats(-5000, 5000), st.floats(-5000, 5000))
def test_the_middle_of_the_canvas_lies_on_the_picture_and_a_fitted_one_is_all_seen(
    view: View, dx: float, dy: float
) -> None:
    moved = view.panned(dx, dy)
    assert all(0 <= part <= 1 for part in moved.center)
    if moved.zoom == 1:
        (left, top), (right, bottom) = moved.to_canvas(0, 0), moved.to_canvas(*moved.picture)
        assert min(left, top) >= -1e-6
        assert right <= moved.canvas[0] + 1e-6
        assert bottom <= moved.canvas[1] + 1e-6


@given(views(), st.floats(1.01, 4), _PLACES, _PLACES)
def test_29_the_point_under_the_cursor_stays_there(view: View, factor: float, x: float, y: float) -> None:
    point = (x * view.picture[0], y * view.picture[1])
    at = view.to_canvas(*point)
    now = view.zoomed(factor, at).to_canvas(*point)
    if view.zoomed(factor, at).zoom > 1:
        assert abs(now[0] - at[0]) < 1e-4
        assert abs(now[1] - at[1]) < 1e-4


@given(views())
def test_actual_size_is_one_px_for_one_px_whatever_the_picture(view: View) -> None:
    actual = view.at_scale(1.0)
    assert abs(actual.scale - 1.0) < 1e-9
    (left, top), (right, bottom) = actual.to_canvas(0, 0), actual.to_canvas(*actual.picture)
    if actual.zoom <= 1:
        assert min(left, top) >= -1e-6
        assert right <= actual.canvas[0] + 1e-6
        assert bottom <= actual.canvas[1] + 1e-6
    assert actual.zoomed(0.5, (0, 0)).scale <= max(1.0, actual.fit) + 1e-9
    assert actual.fitted().zoom == 1


@given(views(), _SIDES, _CANVASES)
def test_locked_views_show_the_same_zoom_and_center(
    view: View, other: tuple[int, int], canvas: tuple[int, int]
) -> None:
    like = View(other, canvas).like(view)
    assert (like.zoom, like.center) == (view.zoom, view.center)


@given(views())
def test_what_is_visible_lies_in_the_picture(view: View) -> None:
    x1, y1, x2, y2 = view.visible()
    assert 0 <= x1 <= x2 <= view.picture[0]
    assert 0 <= y1 <= y2 <= view.picture[1]


@given(views(), st.tuples(_PLACES, _PLACES, _PLACES, _PLACES))
def test_zooming_onto_a_box_shows_all_of_it(view: View, sides: tuple[float, float, float, float]) -> None:
    wide, high = view.picture
    xs, ys = sorted((sides[0] * wide, sides[2] * wide)), sorted((sides[1] * high, sides[3] * high))
    x1, y1, x2, y2 = view.around((xs[0], ys[0], xs[1], ys[1])).visible()
    assert x1 <= xs[0] + 1e-6
    assert y1 <= ys[0] + 1e-6
    assert x2 >= xs[1] - 1e-6
    assert y2 >= ys[1] - 1e-6
