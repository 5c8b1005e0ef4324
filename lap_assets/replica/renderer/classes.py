"""The class of each drawn face, by a fixed rule on what can be seen of its figure: what is worn, then the hair.

The names and numbers are the first six of the original's classes of faces.
"""

from typing import Final

from lap_assets.replica.renderer.figures import Extra, Figure, Hair

FACE_CLASSES: Final[dict[int, str]] = {
    1: "boy", 2: "girl", 3: "young man", 4: "young woman", 5: "animal", 6: "fantasy creature",
}  # fmt: skip
_BY_EXTRA: Final[dict[Extra, int]] = {"cat ears": 5, "horns": 6, "witch hat": 6}
_BY_HAIR: Final[dict[Hair, int]] = {
    "short": 1, "curly": 1, "bob": 2, "twintails": 2, "buns": 2, "spiky": 3, "long": 4, "ponytail": 4,
}  # fmt: skip


def class_of(figure: Figure) -> int:
    """The number of a face's class."""
    return _BY_EXTRA.get(figure.extra) or _BY_HAIR[figure.hair]
