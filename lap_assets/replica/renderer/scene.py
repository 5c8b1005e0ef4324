"""Composition of one poster: backdrop, figures and title, decided by a seed without drawing anything.

Composition, and the boxes that follow from it, belong here. Lengths are in widths of the picture.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from lap_assets.replica.recipes import WHOLE, RelativeBox
from lap_assets.replica.renderer.anatomy import face_box, head_box
from lap_assets.replica.renderer.classes import class_of
from lap_assets.replica.renderer.figures import Figure, figure_at, styled
from lap_assets.replica.renderer.palette import Palette, palette_of
from lap_assets.replica.renderer.styles import STANDARD, Style
from lap_assets.replica.seeds import generator

Spot = tuple[float, float, float]  # a head: x, y, radius
Place = Literal["bottom", "top", "low", "left", "right"]

# Possible areas of a title: x0 y0 x1 y1 as fractions of the picture.
PLACES: Final[dict[Place, RelativeBox]] = {
    "bottom": RelativeBox(0.05, 0.82, 0.95, 0.97),
    "top": RelativeBox(0.05, 0.03, 0.95, 0.17),
    "low": RelativeBox(0.05, 0.62, 0.95, 0.80),
    "left": RelativeBox(0.03, 0.06, 0.17, 0.86),
    "right": RelativeBox(0.83, 0.06, 0.97, 0.86),
}
_COVERED: Final = 0.5  # a box with a larger share hidden by a head in front is left out
_SEEN: Final = 0.45  # so is a box with a smaller share inside the picture


@dataclass(frozen=True, slots=True)
class Scene:
    """One poster before any edit. `aspect`: height divided by width; `figures` are ordered from back to front."""

    seed: int
    aspect: float
    palette: Palette
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """Boxes of one figure as fractions of the picture, and its class; `face` is None if turned away or hidden."""

    face: RelativeBox | None
    head: RelativeBox | None
    face_class: int
    figure: Figure


@lru_cache(maxsize=512)
def scene_of(seed: int, aspect: float, style: Style = STANDARD) -> Scene:
    """Return the scene for a seed and a picture's aspect; the style does not affect positions or features."""
    chance = generator("scene", seed)
    palette = palette_of(chance)
    compose = chance.choices([one for one, _ in _COMPOSITIONS], [weight for _, weight in _COMPOSITIONS])[0]
    spots = compose(aspect, min(1.0, aspect * 0.72), chance)
    figures = tuple(styled(figure_at(x, y, r, palette, chance), style) for x, y, r in spots)
    return Scene(seed, aspect, palette, figures)


def _portrait(aspect: float, size: float, chance: random.Random) -> list[Spot]:
    return [(chance.uniform(0.22, 0.78), aspect * chance.uniform(0.22, 0.52), size * chance.uniform(0.13, 0.23))]


def _close_up(aspect: float, size: float, chance: random.Random) -> list[Spot]:
    return [(chance.uniform(0.2, 0.8), aspect * chance.uniform(0.3, 0.62), size * chance.uniform(0.24, 0.38))]


def _standing(aspect: float, size: float, chance: random.Random) -> list[Spot]:
    r = size * chance.uniform(0.055, 0.1)
    return [(chance.uniform(0.15, 0.85), chance.uniform(0.2, max(aspect - 10 * r, 0.25)), r)]


def _pair(aspect: float, size: float, chance: random.Random) -> list[Spot]:
    one, other = size * chance.uniform(0.1, 0.17), size * chance.uniform(0.11, 0.2)
    y = aspect * chance.uniform(0.2, 0.5)
    left = (chance.uniform(0.18, 0.36), y + chance.uniform(-0.16, 0.16), one)
    right = (chance.uniform(0.6, 0.84), y + chance.uniform(-0.16, 0.2), other)
    return [left, right] if chance.random() < 0.5 else [right, left]


def _group(aspect: float, size: float, chance: random.Random) -> list[Spot]:
    number = chance.randint(3, 6)
    r = size * chance.uniform(0.065, 0.115)
    top = aspect * chance.uniform(0.15, 0.45)
    spots = []
    for k in range(number):
        row = k % 2
        x = (k + 0.5) / number + chance.uniform(-0.04, 0.04)
        spots.append((x, top + row * r * chance.uniform(1.6, 2.8) + chance.uniform(-0.05, 0.05), r * (1 + 0.15 * row)))
    return sorted(spots, key=lambda spot: spot[1])


def _collage(aspect: float, size: float, chance: random.Random) -> list[Spot]:
    """Return one large figure behind some small ones."""
    big = (chance.uniform(0.25, 0.75), aspect * chance.uniform(0.22, 0.34), size * chance.uniform(0.18, 0.28))
    number = chance.randint(2, 4)
    y = aspect * chance.uniform(0.62, 0.78)
    small = [
        ((k + chance.uniform(0.3, 0.7)) / number, y + chance.uniform(-0.08, 0.08), size * chance.uniform(0.06, 0.1))
        for k in range(number)
    ]
    return [big, *small]


# Compositions and their weights.
_COMPOSITIONS: Final[tuple[tuple[Callable[[float, float, random.Random], list[Spot]], int], ...]] = (
    (lambda _aspect, _size, _chance: [], 8),
    (_portrait, 25),
    (_close_up, 11),
    (_pair, 18),
    (_group, 19),
    (_standing, 10),
    (_collage, 9),
)


def seen(scene: Scene) -> list[Seen]:
    """Return the boxes of every figure before any edit, not clipped; hidden ones are left out."""
    heads = [_fraction(head_box(figure), scene.aspect) for figure in scene.figures]
    found = []
    for index, figure in enumerate(scene.figures):
        in_front = heads[index + 1 :]
        face = None if figure.from_behind else _fraction(face_box(figure), scene.aspect)
        head: RelativeBox | None = heads[index]
        if _hidden(heads[index], in_front):
            face = head = None
        elif face is not None and _hidden(face, in_front):
            face = None
        found.append(Seen(face, head, class_of(figure), figure))
    return [one for one in found if one.head is not None and one.head.within(WHOLE).area > 0]


def visible(box: RelativeBox) -> RelativeBox | None:
    """Return the part of the box inside the picture, or None if it is too small a share."""
    clipped = box.within(WHOLE)
    return clipped if clipped.area >= _SEEN * box.area else None


def title_place(scene: Scene, chance: random.Random) -> Place:
    """Return the place for the title that covers the least of the faces."""
    faces = [one.face for one in seen(scene) if one.face is not None]
    places = list(PLACES)
    chance.shuffle(places)
    # A slight preference for horizontal titles, which most posters have.
    return min(places, key=lambda place: sum(face.within(PLACES[place]).area for face in faces) + 0.002 * len(place))


def _fraction(box: RelativeBox, aspect: float) -> RelativeBox:
    return RelativeBox(box.x0, box.y0 / aspect, box.x1, box.y1 / aspect)


def _hidden(box: RelativeBox, in_front: list[RelativeBox]) -> bool:
    return any(box.within(other).area > _COVERED * box.area for other in in_front)
