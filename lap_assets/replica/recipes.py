"""Recipe of one poster: its picture, its edits, its size and quality. Plain frozen values.

The types and the geometry of edits belong here. `plan` decides each poster's recipe; drawing is in `renderer`.
"""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from lap_assets.replica.catalog import PosterKey

Kind = Literal["rescaled", "recompressed", "brightened", "cropped", "retitled", "logo", "mirrored", "recoloured"]
Size = tuple[int, int]


class RelativeBox(NamedTuple):
    """A box as fractions of the picture's width and height (in px only if a function says so)."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def area(self) -> float:
        """Width × height; 0 for an inverted box."""
        return max(self.x1 - self.x0, 0.0) * max(self.y1 - self.y0, 0.0)

    def within(self, other: "RelativeBox") -> "RelativeBox":
        """Return the part inside `other`."""
        return RelativeBox(
            max(self.x0, other.x0), max(self.y0, other.y0), min(self.x1, other.x1), min(self.y1, other.y1)
        )


WHOLE: Final = RelativeBox(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change that a copy makes to the picture; `seed` decides its details.

    `window`: the part that a `cropped` copy keeps, as fractions of the picture before the edit.
    """

    kind: Kind
    seed: int
    window: RelativeBox = WHOLE

    def moved(self, box: RelativeBox) -> RelativeBox:
        """Return `box` (fractions) after the edit, not clipped."""
        if self.kind == "mirrored":
            return RelativeBox(1 - box.x1, box.y0, 1 - box.x0, box.y1)
        if self.kind != "cropped":
            return box
        x0, y0, x1, y1 = self.window
        wide, high = x1 - x0, y1 - y0
        return RelativeBox((box.x0 - x0) / wide, (box.y0 - y0) / high, (box.x1 - x0) / wide, (box.y1 - y0) / high)


@dataclass(frozen=True, slots=True)
class PosterRecipe:
    """Everything that determines the bytes of one poster.

    Attributes:
        key: The poster.
        root: The original poster with this picture (itself for an original).
        parent: The poster it was copied from; None for an original.
        link: Kinds of changes from `parent`.
        art_seed: Seed of the picture.
        art_size: Width and height of the root in px.
        edits: Changes from the root, in order.
        size: Width and height of the upright picture in px.
        quality: JPEG quality.
        grain: Strength of film grain, in gray levels; 0 for none.
        orientation: EXIF orientation: 1, or 6 or 8 for a picture stored on its side.
        style: Drawing style of its figures.
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
