"""How one poster is made: whose picture it shows, what was done to it, its size and quality. Plain frozen values.

Belongs here: the types and the geometry of edits. Which poster gets which recipe is decided in `plan`; drawing is
in `art`.
"""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from lap_assets.replica.catalog import PosterKey

Kind = Literal["rescaled", "recompressed", "brightened", "cropped", "retitled", "logo", "mirrored", "recoloured"]
Size = tuple[int, int]


class RelativeBox(NamedTuple):
    """A box as fractions of the picture's width and height (in px only where a function says so)."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def area(self) -> float:
        """Width × height; 0 for a box turned inside out."""
        return max(self.x1 - self.x0, 0.0) * max(self.y1 - self.y0, 0.0)

    def within(self, other: "RelativeBox") -> "RelativeBox":
        """Return the part that lies in `other`."""
        return RelativeBox(
            max(self.x0, other.x0), max(self.y0, other.y0), min(self.x1, other.x1), min(self.y1, other.y1)
        )


WHOLE: Final = RelativeBox(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change that a copy makes to the picture it copies; `seed` decides what the words leave open.

    `window` is what a `cropped` copy keeps, as fractions of the picture before it.
    """

    kind: Kind
    seed: int
    window: RelativeBox = WHOLE

    def moved(self, box: RelativeBox) -> RelativeBox:
        """Where `box` (fractions) lies after the edit, not clipped."""
        if self.kind == "mirrored":
            return RelativeBox(1 - box.x1, box.y0, 1 - box.x0, box.y1)
        if self.kind != "cropped":
            return box
        x0, y0, x1, y1 = self.window
        wide, high = x1 - x0, y1 - y0
        return RelativeBox((box.x0 - x0) / wide, (box.y0 - y0) / high, (box.x1 - x0) / wide, (box.y1 - y0) / high)


@dataclass(frozen=True, slots=True)
class PosterRecipe:
    """All that decides the bytes of one poster.

    Attributes:
        key: The poster.
        root: The poster whose own picture this is (itself where it is an original).
        parent: The poster it was copied from; None for an original.
        link: What was done on the way from `parent`.
        art_seed: Seed of the picture.
        art_size: Width and height in px of the root.
        edits: What was done on the way from the root, in order.
        size: Width and height in px of the picture, seen upright.
        quality: JPEG quality.
        grain: Strength of film grain, in grey levels; 0 for none.
        orientation: EXIF orientation: 1, or 6 or 8 where the stored picture lies on its side.
        style: How its figures are drawn.
    """

    key: PosterKey
    root: PosterKey
    parent: PosterKey | None
    link: tuple[Kind, ...]
    art_seed: int
    art_size: Size
    edits: tuple[Edit, ...]
    size: Size
    quality: int
    grain: float
    orientation: int
    style: str = "standard"
