"""The common form of image labels, into which every format is read and from which it is written. No files here."""

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Self

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError
from lap_assets.core.labels.image_names import portable_name

Split = Literal["train", "val", "test"]
SPLITS: Final[tuple[Split, ...]] = ("train", "val", "test")
Tier = Literal["manual", "refined", "audited", "machine"]
"""Who made an image's boxes: a person; a person from a machine's boxes; a machine, audited by a person on a sample; a
machine."""
TIERS: Final[tuple[Tier, ...]] = ("manual", "refined", "audited", "machine")

AREA: Final = "area"
"""The attribute of a box for COCO's `area` if it is not width times height: usually the area of a mask."""


@dataclass(frozen=True, slots=True)
class LabeledImage:
    """An image and its boxes. An image without boxes has been examined and shows nothing.

    Attributes:
        name: The path below the folder of images, with slashes.
        width, height: In px; None if the labels do not include the size.
        reviewed: Whether a person has reviewed it; None if unknown.
        tier: Who made the boxes; None if unknown.
        model: The model, if a machine made the boxes (audited, machine).
        where: The file (and line, if any) that the labels were read from; only for messages.
        id: Its id in the file that it was read from, if that has ids.
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
    id: int | str | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", portable_name(self.name))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height.

        Raises:
            InputError: the labels do not include the size.
        """
        if self.width is None or self.height is None:
            raise InputError(f"{self.name}: its size is unknown; name the folder of images (--images)")
        return self.width, self.height


@dataclass(frozen=True, slots=True)
class Annotations:
    """Labels of some images.

    Attributes:
        classes: Class names by id; two ids may have the same name.
        thing: The meaning of a box without a class ("face"); None if every box has a class.
        thing_number: The id of the thing in the file that the labels were read from.
        notes: What was left out or changed when reading, one line each.
    """

    images: tuple[LabeledImage, ...]
    classes: Mapping[int, str] = field(default_factory=dict)
    thing: str | None = "face"
    thing_number: int | None = field(default=None, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def thing_id(self) -> int:
        """An id for boxes without a class, for formats that need one: `thing_number`, or the first free one from 1."""
        if self.thing_number is not None and self.thing_number not in self.classes:
            return self.thing_number
        return next(number for number in itertools.count(1) if number not in self.classes)

    def names(self) -> dict[int, str]:
        """Return all names by id, the thing's first."""
        of_thing = {} if self.thing is None else {self.thing_id: self.thing}
        return {**of_thing, **dict(sorted(self.classes.items()))}

    def distinct_names(self) -> dict[int, str]:
        """Return `names` with equal names made distinct: `face`, `face (class 3)`."""
        taken: set[str] = set()
        distinct: dict[int, str] = {}
        for number, name in self.names().items():
            shown = name
            while shown in taken:
                shown = f"{shown} (class {number})"
            taken.add(shown)
            distinct[number] = shown
        return distinct

    def id_of(self, box: Box) -> int:
        """Return the id of a box's class, for formats that need one for every box."""
        return self.thing_id if box.class_id is None else box.class_id

    def only(self, is_kept: Callable[[LabeledImage], bool]) -> Self:
        """Return the labels of the images for which `is_kept` is true."""
        return replace(self, images=tuple(image for image in self.images if is_kept(image)))

    def with_boxes(self, is_kept: Callable[[Box], bool]) -> Self:
        """Return the same images with only the boxes for which `is_kept` is true."""
        kept = (replace(image, boxes=tuple(box for box in image.boxes if is_kept(box))) for image in self.images)
        return replace(self, images=tuple(kept))


def area_of(box: Box) -> float:
    """Return a box's area in px²: that of its mask if it was read with one, else width times height."""
    own = dict(box.attributes).get(AREA)
    return float(own) if isinstance(own, int | float) and not isinstance(own, bool) else box.area


def stems(images: Iterable[LabeledImage]) -> dict[str, str]:
    """Return names by their stem, for formats with one file per image.

    Raises:
        InputError: two names differ only in their ending.
    """
    found: dict[str, str] = {}
    for image in images:
        stem = stem_of(image.name)
        if stem in found:
            raise InputError(f"{image.name} and {found[stem]} would share one label file")
        found[stem] = image.name
    return found


def stem_of(name: str) -> str:
    """Return a path without its ending: `0/a` for `0/a.jpg`."""
    folder, slash, file = name.rpartition("/")
    return folder + slash + (file.rpartition(".")[0] or file)
