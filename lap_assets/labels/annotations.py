"""Boxes on images, in one form that every format is read into and written from. No files, no formats here."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Self

DECIMALS: Final = 3
"""Coordinates are kept to a thousandth of a pixel: so fine that nothing is lost, and so coarse that no format's own
arithmetic (a width, a share of the image) changes what is read back."""

Split = Literal["train", "val", "test"]
SPLITS: Final[tuple[Split, ...]] = ("train", "val", "test")
Tier = Literal["manual", "refined", "machine"]
"""Who made an image's boxes: a person alone, a person from a machine's boxes, a machine."""
TIERS: Final[tuple[Tier, ...]] = ("manual", "refined", "machine")
Value = str | int | float | bool

_ODD: Final = re.compile(r"[\x00-\x1f\x7f:*?\"<>|]")


@dataclass(frozen=True, slots=True)
class Box:
    """A box in px of its image, from the corner (x0, y0) to (x1, y1).

    Attributes:
        category: The number of its class; None where nobody has given it one.
        score: A detection's, 0 to 1; None for a box that is taken as true.
        ignore: Neither a hit nor a mistake for who finds it, and nothing to learn from.
        crowd: Stands for many; several detections may meet it.
        attributes: Whatever else is told of it, by name, sorted.
    """

    x0: float
    y0: float
    x1: float
    y1: float
    category: int | None = None
    score: float | None = None
    ignore: bool = False
    crowd: bool = False
    attributes: tuple[tuple[str, Value], ...] = ()

    def __post_init__(self) -> None:
        sides = (self.x0, self.y0, self.x1, self.y1)
        if not all(math.isfinite(side) for side in sides):
            raise ValueError(f"{_shown(sides)} is no box: a number is missing")
        if self.x1 < self.x0 or self.y1 < self.y0:
            raise ValueError(f"{_shown(sides)} is no box: its second corner lies before its first")
        if self.score is not None and not 0 <= self.score <= 1:
            raise ValueError(f"{self.score} is no score: it takes 0 to 1")
        for name, side in zip(("x0", "y0", "x1", "y1"), sides, strict=True):
            object.__setattr__(self, name, round(float(side), DECIMALS) + 0.0)
        object.__setattr__(self, "attributes", tuple(sorted(self.attributes)))

    @property
    def sides(self) -> tuple[float, float, float, float]:
        """The two corners."""
        return self.x0, self.y0, self.x1, self.y1

    @property
    def width(self) -> float:
        """In px."""
        return round(self.x1 - self.x0, DECIMALS)

    @property
    def height(self) -> float:
        """In px."""
        return round(self.y1 - self.y0, DECIMALS)


@dataclass(frozen=True, slots=True)
class LabeledImage:
    """An image and its boxes. An image without boxes was looked at, and there was nothing on it.

    Attributes:
        name: The path below the folder of images, with slashes.
        width, height: In px; None where the labels do not say.
        reviewed: Whether a person has looked through it; None where the labels do not say.
        tier: Who made the boxes; None where the labels do not say.
        model: Which model, where a machine made them.
        where: The file, and the line where there is one, that the labels were read from; for messages alone.
    """

    name: str
    width: int | None = None
    height: int | None = None
    boxes: tuple[Box, ...] = ()
    reviewed: bool | None = None
    tier: Tier | None = None
    model: str | None = None
    split: Split | None = None
    where: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", plain_name(self.name))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height.

        Raises:
            ValueError: the labels do not say.
        """
        if self.width is None or self.height is None:
            raise ValueError(f"{self.name}: its size is not known; name the folder of images")
        return self.width, self.height


@dataclass(frozen=True, slots=True)
class Annotations:
    """Labels of some images. `thing`: what a box without a class is; `classes`: the names of the others by number."""

    images: tuple[LabeledImage, ...]
    classes: Mapping[int, str] = field(default_factory=dict)
    thing: str = "face"

    def __post_init__(self) -> None:
        names = [self.thing, *self.classes.values()]
        if len(set(names)) != len(names):
            raise ValueError(f"classes of one name: {', '.join(sorted(names))}")

    @property
    def thing_id(self) -> int:
        """A number for boxes without a class, where a format wants one: 0, or one that no class has."""
        return 0 if 0 not in self.classes else max(self.classes) + 1

    def names(self) -> dict[int, str]:
        """All names by number, the thing's first."""
        return {self.thing_id: self.thing, **dict(sorted(self.classes.items()))}

    def only(self, wanted: Callable[[LabeledImage], bool]) -> Self:
        """The same labels of fewer images."""
        return replace(self, images=tuple(image for image in self.images if wanted(image)))

    def with_boxes(self, wanted: Callable[[Box], bool]) -> Self:
        """The same images with fewer boxes."""
        kept = (replace(image, boxes=tuple(box for box in image.boxes if wanted(box))) for image in self.images)
        return replace(self, images=tuple(kept))


def plain_name(text: str) -> str:
    """An image's path as it is kept: relative, with slashes, inside its folder.

    Raises:
        ValueError: it leads out of the folder, or no file can have that name everywhere.
    """
    name = text.replace("\\", "/")
    parts = name.split("/")
    if _ODD.search(name) or any(part in ("", ".", "..") or part != part.strip() for part in parts):
        raise ValueError(f"{text!r} is no path of an image below a folder")
    return name


def problems_of(labels: Annotations, *, inside: bool = True) -> list[str]:
    """What is wrong with labels as a whole, a line each: where it stands, and what is wrong."""
    wrong, seen = [], set[str]()
    for image in labels.images:
        where = image.where or image.name
        if image.name in seen:
            wrong.append(f"{where}: {image.name} occurs twice")
        seen.add(image.name)
        for number, box in enumerate(image.boxes, 1):
            wrong += [f"{where}: box {number}: {said}" for said in _box_problems(box, image, labels.classes, inside)]
    return wrong


def stems(images: Iterable[LabeledImage]) -> dict[str, str]:
    """Names by what is left of them without their ending, for formats with a file an image.

    Raises:
        ValueError: two images differ by their ending alone.
    """
    found: dict[str, str] = {}
    for image in images:
        stem = stem_of(image.name)
        if stem in found:
            raise ValueError(f"{image.name} and {found[stem]} would share one label file")
        found[stem] = image.name
    return found


def stem_of(name: str) -> str:
    """A path without its ending: `0/a.jpg` gives `0/a`."""
    folder, slash, file = name.rpartition("/")
    return folder + slash + (file.rpartition(".")[0] or file)


def _box_problems(box: Box, image: LabeledImage, classes: Mapping[int, str], inside: bool) -> list[str]:
    wrong = []
    outside = image.width is not None and image.height is not None and (box.x1 > image.width or box.y1 > image.height)
    if inside and (outside or box.x0 < 0 or box.y0 < 0):
        wrong.append(f"{_shown(box.sides)} lies outside the image ({image.width}x{image.height})")
    if box.category is not None and classes and box.category not in classes:
        wrong.append(f"there is no class {box.category}")
    return wrong


def _shown(sides: Iterable[float]) -> str:
    return " ".join(f"{side:.10g}" for side in sides)
