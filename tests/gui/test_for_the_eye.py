"""View aids that change no file: brightness and contrast, the crosshair, letters on frames."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from lap_assets.core.verdicts.contents import Poster
from lap_gui.explorer.groups import Groups
from lap_gui.labeler.window import LabelerWindow
from lap_gui.review.pair_rows import Pair
from lap_gui.shared.tones import Tones
from tests.gui.hands import Hands, grab, settle
from tests.gui.labeling import folder, names
from tests.gui.test_labeler_window import Open, opened  # noqa: F401 - a fixture
from tests.gui.words import NAMES

steps = st.integers(-9, 9)


@given(steps, steps)
def test_tones_keep_their_order_and_ends(brightness: int, contrast: int) -> None:
    table = Tones().brighter(brightness).sharper(contrast).table or list(range(256))
    assert len(table) == 256
    assert table == sorted(table)
    assert 0 <= table[0] <= table[255] <= 255
    if contrast >= 0:
        assert (table[0], table[255]) == (0, 255)


@given(steps)
def test_brighter_is_brighter_and_the_way_back_leads_to_the_picture_as_it_is(by: int) -> None:
    table = Tones().brighter(by).table
    assert table is None if by == 0 else table is not None
    if table is not None:
        assert (table[100] > 100) == (by > 0)
    assert Tones().brighter(1).brighter(-1).sharper(2).sharper(-2).table is None


def middle(window: LabelerWindow) -> tuple[int, ...]:
    image = grab(window.viewport)
    pixel = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(pixel, tuple)
    return pixel


def test_keys_change_what_is_seen_and_no_file(opened: Open, hands: Hands, tmp_path: Path) -> None:  # noqa: F811
    window = opened(folder(tmp_path, 2))
    before = (tmp_path / names(1)[0]).read_bytes()
    plain = middle(window)
    hands.on(window).press("i")
    settle(window.root)
    assert all(now > was for now, was in zip(middle(window)[1:], plain[1:], strict=True))
    hands.press("Shift+i")
    hands.press("Shift+i")
    settle(window.root)
    assert all(now < was for now, was in zip(middle(window)[1:], plain[1:], strict=True))
    hands.press("o")
    hands.press("p")
    settle(window.root)
    assert middle(window) == plain
    assert (tmp_path / names(1)[0]).read_bytes() == before


def test_the_crosshair_goes_through_the_pointer_and_leaves_nothing_behind(
    opened: Open,  # noqa: F811
    hands: Hands,
    tmp_path: Path,
) -> None:
    window = opened(folder(tmp_path, 2))
    hands.on(window)
    viewport = window.viewport
    hands.move(viewport, 120, 140)
    assert not viewport.find_withtag("crosshair")
    hands.press("u")
    hands.move(viewport, 200, 150)
    lines = {tuple(viewport.coords(item)) for item in viewport.find_withtag("crosshair")}
    wide, high = viewport.view.canvas
    assert lines == {(0, 150, wide, 150), (200, 0, 200, high)}
    hands.press("u")
    assert not viewport.find_withtag("crosshair")


def test_connected_posters_share_a_letter_and_others_have_another_one(tmp_path: Path) -> None:
    posters = NAMES[:4]
    found = {1: [tmp_path / name for name in posters]}
    pairs = [Pair(Poster(posters[0]), Poster(posters[2])), Pair(Poster(posters[1]), Poster(posters[3]))]
    letters = {tile.path.name: tile.letter for tile in Groups(found, pairs).tiles(0)}
    assert letters[posters[0]] == letters[posters[2]] != letters[posters[1]] == letters[posters[3]]
    assert all(letters.values())
