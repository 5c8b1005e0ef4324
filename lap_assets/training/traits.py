"""The traits of a drawn figure that the trait network predicts, each with a few values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, get_args

import numpy as np
from numpy.typing import NDArray

from lap_assets.replica.renderer.figures import Bangs, Extra, Eyes, Figure, Hair, Mouth, Outfit
from lap_assets.replica.renderer.palette import luma
from lap_assets.replica.renderer.styles import EyeShape


@dataclass(frozen=True, slots=True)
class Trait:
    """One trait. `weight`: its weight in the loss; `value`: returns the value that a figure has."""

    name: str
    values: tuple[Any, ...]
    weight: float
    value: Callable[[Figure], Any]


def _in_thirds(low: float, high: float, of: Callable[[Figure], float]) -> Callable[[Figure], str]:
    def third(figure: Figure) -> str:
        number = of(figure)
        return "low" if number < low else "high" if number > high else "middle"

    return third


_THIRDS: Final = ("low", "middle", "high")

TRAITS: Final = (
    Trait("hair", get_args(Hair), 1.0, lambda figure: figure.hair),
    Trait("worn", get_args(Extra), 1.0, lambda figure: figure.extra),
    Trait("bangs", get_args(Bangs), 0.2, lambda figure: figure.bangs),
    Trait("eyes", get_args(Eyes), 0.2, lambda figure: figure.eyes),
    Trait("eye shape", get_args(EyeShape), 0.2, lambda figure: figure.style.eyes),
    Trait("mouth", get_args(Mouth), 0.2, lambda figure: figure.mouth),
    Trait("outfit", get_args(Outfit), 0.2, lambda figure: figure.outfit),
    Trait("turn", _THIRDS, 0.2, _in_thirds(-0.3, 0.3, lambda figure: figure.turn)),
    Trait("jaw", _THIRDS, 0.1, _in_thirds(0.92, 0.99, lambda figure: figure.jaw)),
    Trait("hair light", _THIRDS, 0.1, _in_thirds(70, 150, lambda figure: luma(figure.hair_color))),
    Trait("skin light", _THIRDS, 0.1, _in_thirds(140, 210, lambda figure: luma(figure.skin))),
)


def trait_row(figure: Figure) -> NDArray[np.int8]:
    """Return the index of each trait's value among its values, in the order of TRAITS."""
    return np.array([trait.values.index(trait.value(figure)) for trait in TRAITS], np.int8)


def mirrored_row(row: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return the traits of a figure's mirror image."""
    changed = row.copy()
    changed[_TURN] = len(_THIRDS) - 1 - row[_TURN]
    return changed


_TURN: Final = [trait.name for trait in TRAITS].index("turn")
