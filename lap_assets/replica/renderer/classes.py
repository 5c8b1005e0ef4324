"""Class of each drawn face, by a fixed rule on visible features of its figure: headwear first, then hair.

Names and numbers are those of `lap_assets.core.labels.face_classes`.
"""

from typing import Final

from lap_assets.replica.renderer.figures import Extra, Figure, Hair

_BY_EXTRA: Final[dict[Extra, int]] = {"cat ears": 5, "horns": 6, "witch hat": 6}
_BY_HAIR: Final[dict[Hair, int]] = {
    "short": 1, "curly": 1, "bob": 2, "twintails": 2, "buns": 2, "spiky": 3, "long": 4, "ponytail": 4,
}  # fmt: skip


def class_of(figure: Figure) -> int:
    """Return the class number of the figure's face."""
    return _BY_EXTRA.get(figure.extra) or _BY_HAIR[figure.hair]
