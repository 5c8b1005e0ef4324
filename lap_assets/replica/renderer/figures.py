"""Figures: their looks and positions. Plain values drawn at random; drawing is in `head`, `hair` and `body`.

Lengths are in widths of the picture; within a figure, in radii of its head.
"""

import random
from dataclasses import dataclass, replace
from typing import Final, Literal, TypeVar

from lap_assets.replica.renderer.palette import Palette, Rgb, faded, hair_color, hsv, luma, skin
from lap_assets.replica.renderer.styles import STANDARD, Style

Hair = Literal["short", "bob", "long", "twintails", "ponytail", "spiky", "buns", "curly"]
Bangs = Literal["zigzag", "straight", "parted", "swept"]
Eyes = Literal["open", "closed", "wink", "narrow"]
Mouth = Literal["smile", "open", "small", "frown", "grin"]
Extra = Literal["none", "ribbon", "cat ears", "glasses", "horns", "flower", "hairband", "beret", "witch hat"]
Outfit = Literal["sailor", "jacket", "shirt", "dress", "armour", "kimono"]

_T = TypeVar("_T")

_HAIR: Final[dict[Hair, int]] = {
    "short": 20, "bob": 15, "long": 20, "twintails": 10, "ponytail": 9, "spiky": 14, "buns": 6, "curly": 6,
}  # fmt: skip
_EXTRAS: Final[dict[Extra, int]] = {
    "none": 45, "ribbon": 10, "cat ears": 8, "glasses": 8, "horns": 4, "flower": 6, "hairband": 6, "beret": 5,
    "witch hat": 4,
}  # fmt: skip
_EYES: Final[dict[Eyes, int]] = {"open": 76, "closed": 8, "wink": 6, "narrow": 10}
_MOUTHS: Final[dict[Mouth, int]] = {"smile": 35, "open": 22, "small": 20, "frown": 11, "grin": 12}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `x`, `y`: the center of its head; `r`: the head's radius; in widths of the picture.

    `tilt` is in radians, `turn` ranges from -1 (looks left) to 1; `jaw`: width of the lower face; `volume`: how far the
    hair stands off. A figure seen `from_behind` shows a head but no face.
    """

    x: float
    y: float
    r: float
    tilt: float
    turn: float
    from_behind: bool
    jaw: float
    volume: float
    skin: Rgb
    hair: Hair
    bangs: Bangs
    hair_color: Rgb
    eyes: Eyes
    eye_color: Rgb
    eye_size: float
    mouth: Mouth
    blush: bool
    extra: Extra
    outfit: Outfit
    cloth: Rgb
    trim: Rgb
    seed: int
    style: Style = STANDARD


def styled(figure: Figure, style: Style) -> Figure:
    """Return the figure with a style applied."""
    if style == STANDARD:
        return figure
    return replace(
        figure,
        style=style,
        skin=faded(_skin(figure.skin, style), style.color),
        hair_color=faded(figure.hair_color, style.color),
        eye_color=faded(figure.eye_color, style.color),
        cloth=faded(figure.cloth, style.color),
        trim=faded(figure.trim, style.color),
    )


def _skin(color: Rgb, style: Style) -> Rgb:
    return color if style.skins is None else hsv(*style.skins, 0.35 + 0.6 * luma(color) / 255)


def figure_at(x: float, y: float, r: float, palette: Palette, chance: random.Random) -> Figure:
    """Return a figure with its head at this position and random features."""
    return Figure(
        x=x,
        y=y,
        r=r,
        tilt=chance.gauss(0, 0.16) if chance.random() < 0.8 else chance.gauss(0, 0.4),
        turn=max(-1.0, min(1.0, chance.gauss(0, 0.5))),
        from_behind=chance.random() < 0.03,
        jaw=chance.uniform(0.85, 1.06),
        volume=chance.uniform(0.97, 1.12),
        skin=skin(chance),
        hair=_by_weight(_HAIR, chance),
        bangs=chance.choice(("zigzag", "zigzag", "straight", "parted", "swept")),
        hair_color=hair_color(chance),
        eyes=_by_weight(_EYES, chance),
        eye_color=hsv(chance.random(), chance.uniform(0.5, 0.9), chance.uniform(0.45, 0.9)),
        eye_size=chance.uniform(0.85, 1.15),
        mouth=_by_weight(_MOUTHS, chance),
        blush=chance.random() < 0.6,
        extra=_by_weight(_EXTRAS, chance),
        outfit=chance.choice(("sailor", "jacket", "shirt", "dress", "armour", "kimono")),
        cloth=chance.choice((*palette.all, hsv(chance.random(), chance.uniform(0.1, 0.8), chance.uniform(0.15, 0.95)))),
        trim=chance.choice((palette.accent, palette.light, palette.dark)),
        seed=chance.getrandbits(32),
    )


def _by_weight(weights: dict[_T, int], chance: random.Random) -> _T:
    return chance.choices(tuple(weights), tuple(weights.values()))[0]
