"""Crops, scales and mirror images are lined up, so that only real differences show."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from lap_assets.core.verdicts.contents import Poster
from lap_gui.comparer.aligning import EDGE_ON_EDGE, Alignment, find_alignment, mirrored
from lap_gui.comparer.composing import difference, split
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.window import Comparer
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_files import PosterFolder
from lap_gui.shared.pictures import Picture, read_picture
from lap_gui.shared.view import View
from tests.gui.hands import Hands, settle, wait_for
from tests.gui.words import NAMES
from tests.profiles import examples
from tests.slow import mostly_slow

SIZE = (600, 860)


def art(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """Return a picture of many shapes."""
    chance = random.Random(seed)

    def color() -> tuple[int, int, int]:
        return chance.randrange(256), chance.randrange(256), chance.randrange(256)

    image = Image.new("RGB", size, color())
    pen = ImageDraw.Draw(image)
    for _ in range(25):
        x, y, wide, high = (chance.randrange(most) for most in (*size, 200, 200))
        shape = pen.ellipse if chance.random() < 0.5 else pen.rectangle
        shape((x, y, x + wide + 20, y + high + 20), fill=color())
    return image


def picture(image: Image.Image) -> Picture:
    return Picture(Path("x.jpg"), (image,), image.size, 1)


def reds(image: Image.Image) -> list[tuple[int, int]]:
    """Return where the difference is marked."""
    pixels = image.load()
    assert pixels is not None
    marked = []
    for x in range(0, image.width, 3):
        for y in range(0, image.height, 3):
            pixel = pixels[x, y]
            assert isinstance(pixel, tuple)
            if pixel[0] > pixel[1] + 90:
                marked.append((x, y))
    return marked


@pytest.mark.slow
@examples(12)
@given(
    st.integers(0, 1000), st.floats(0, 0.3), st.floats(0, 1), st.floats(0, 1), st.floats(0.35, 1.5), st.booleans(),
    st.booleans(),
)  # fmt: skip
def test_a_crop_at_another_scale_is_found_where_it_was_cut_and_mirror_images_are_too(
    seed: int, cut: float, left: float, top: float, scale: float, is_mirrored: bool, crop_first: bool
) -> None:
    whole, (wide, high) = art(seed), SIZE
    box = (
        round(left * cut * wide), round(top * cut * high), round(wide - (1 - left) * cut * wide),
        round(high - (1 - top) * cut * high),
    )  # fmt: skip
    part = whole.crop(box)
    part = part.resize((round(part.width * scale), round(part.height * scale)), Image.Resampling.LANCZOS)
    part = ImageOps.mirror(part) if is_mirrored else part
    if crop_first:
        found = find_alignment(picture(part), picture(whole))
        across, down = box[2] - box[0], box[3] - box[1]
        edges = (-box[0] / across, -box[1] / down, (wide - box[0]) / across, (high - box[1]) / down)
        edges = (1 - edges[2], edges[1], 1 - edges[0], edges[3]) if is_mirrored else edges
    else:
        found = find_alignment(picture(whole), picture(part))
        edges = (box[0] / wide, box[1] / high, box[2] / wide, box[3] / high)
    assert found.mirrored == is_mirrored
    assert found.edges == pytest.approx(edges, abs=0.015)


@pytest.mark.parametrize("seed", mostly_slow(range(4), {0}))
def test_pictures_of_two_things_lie_edge_on_edge(seed: int) -> None:
    assert find_alignment(picture(art(seed)), picture(art(seed + 500, (500, 700)))) == EDGE_ON_EDGE


@pytest.mark.parametrize("color", mostly_slow(["black", "white"], {"black"}))
def test_an_empty_picture_lies_edge_on_edge(color: str) -> None:
    empty = picture(Image.new("RGB", (300, 400), color))
    assert find_alignment(empty, picture(art(1))) == EDGE_ON_EDGE
    assert find_alignment(empty, empty) == EDGE_ON_EDGE


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_what_lights_up_is_what_differs(is_mirrored: bool) -> None:
    whole = art(3)
    part = whole.crop((60, 40, 540, 800))
    ImageDraw.Draw(part).rectangle((200, 300, 259, 359), fill="white")  # 260, 340 of the whole picture
    part = part.resize((360, 570), Image.Resampling.LANCZOS)
    one, other = picture(whole), picture(ImageOps.mirror(part) if is_mirrored else part)
    place = find_alignment(one, other)
    view = View(SIZE, SIZE)
    plain = len(reds(difference(one, other, view)[0]))
    lined_up = reds(difference(one, mirrored(other) if is_mirrored else other, view, place)[0])
    patch = [(x, y) for x, y in lined_up if 250 <= x <= 330 and 330 <= y <= 410]
    assert len(patch) > 150
    assert len(lined_up) - len(patch) < plain / 20


def test_the_split_goes_on_across_the_slider_and_is_black_where_the_other_one_is_not() -> None:
    whole = art(5)
    one, other = picture(whole), picture(whole.crop((0, 200, 600, 860)))
    place = Alignment(0, 200 / 860, 1, 1)
    image, _ = split(one, other, View(SIZE, SIZE), 300, place)
    assert image.crop((0, 0, 300, 860)).tobytes() == whole.crop((0, 0, 300, 860)).tobytes()
    assert image.crop((300, 200, 600, 860)).tobytes() == whole.crop((300, 200, 600, 860)).tobytes()
    assert image.crop((300, 0, 600, 200)).getcolors() == [(60_000, (0, 0, 0))]


def test_the_window_lines_up_and_keeps_zoom_from_pair_to_pair(display: str, hands: Hands, tmp_path: Path) -> None:
    whole = art(7)
    whole.save(tmp_path / NAMES[0], quality=92)
    ImageOps.mirror(whole.crop((60, 40, 540, 800))).save(tmp_path / NAMES[1], quality=92)
    art(9).save(tmp_path / NAMES[2])
    pairs = [Pair(Poster(NAMES[0]), Poster(NAMES[1])), Pair(Poster(NAMES[0]), Poster(NAMES[2]))]
    window = Comparer(ReviewSession(pairs, Logs(tmp_path / "v.jsonl"), "ann"), PosterFolder(tmp_path), size=(900, 700))
    try:
        canvas = window.canvas
        hands.on(window).press("3")
        wait_for(window.root, lambda: not canvas.lining_up.is_busy)
        settle(window.root)
        assert canvas.overlay.title == "difference, lined up, mirrored"
        hands.press("l")
        assert (canvas.overlay.title, canvas.overlay.alignment) == ("difference", EDGE_ON_EDGE)
        hands.press("l")
        hands.press("1")
        right = canvas.right.picture
        assert right is not None
        hands.press("m")
        shown = canvas.right.picture
        assert shown is not None
        assert shown.image.tobytes() == ImageOps.mirror(read_picture(right.path).image).tobytes()
        hands.press("k")
        hands.press("plus")
        hands.press("Left")
        before = canvas.left.view
        hands.press("r")
        assert (canvas.left.view.zoom, canvas.left.view.center) == (before.zoom, before.center)
        hands.press("BackSpace")
        hands.press("k")
        hands.press("r")
        assert canvas.left.view.zoom == 1
    finally:
        window.close()
