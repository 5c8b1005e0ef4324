"""Labels of images in one form, which every format is read into and written from. No files, no formats here."""

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
"""Who made an image's boxes: a person alone, a person from a machine's boxes, a machine of whose boxes a
person looked at a sample, a machine."""
TIERS: Final[tuple[Tier, ...]] = ("manual", "refined", "audited", "machine")

AREA: Final = "area"
"""The attribute of a box that is COCO's `area` where that is not width times height: of a mask, most often."""


@dataclass(frozen=True, slots=True)
class LabeledImage:
    """An image and its boxes. An image without boxes has been examined: there is nothing on it.

    Attributes:
        name: The path below the folder of images, with slashes.
        width, height: In px; None where the labels do not say.
        reviewed: Whether a person has reviewed it; None where the labels do not say.
        tier: Who made the boxes; None where the labels do not say.
        model: Which model, where a machine made them (audited, machine).
        where: The file, and the line where there is one, that the labels were read from; for messages alone.
        id: Its id in the file that it was read from, where that has ids.
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
            InputError: the labels do not say.
        """
        if self.width is None or self.height is None:
            raise InputError(f"{self.name}: its size is not known; name the folder of images (--images)")
        return self.width, self.height


@dataclass(frozen=True, slots=True)
class Annotations:
    """Labels of some images.

    Attributes:
        classes: Names of classes by id; two ids may have one name.
        thing: What a box without a class is; None where every box has a class.
        thing_number: The id that the thing had in the file that the labels were read from.
        notes: What was left out or changed when they were read, a line each.
    """

    images: tuple[LabeledImage, ...]
    classes: Mapping[int, str] = field(default_factory=dict)
    thing: str | None = "face"
    thing_number: int | None = field(default=None, compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def thing_id(self) -> int:
        """An id for boxes without a class, where a format needs one: its own, or the first from 1 that is free."""
        if self.thing_number is not None and self.thing_number not in self.classes:
            return self.thing_number
        return next(number for number in itertools.count(1) if number not in self.classes)

    def names(self) -> dict[int, str]:
        """All names by id, the thing's first."""
        of_thing = {} if self.thing is None else {self.thing_id: self.thing}
        return {**of_thing, **dict(sorted(self.classes.items()))}

    def distinct_names(self) -> dict[int, str]:
        """As `names`, where several of one name are told apart: `face`, `face (class 3)`."""
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
        """The id of a box's class, where a format needs one for every box."""
        return self.thing_id if box.class_id is None else box.class_id

    def only(self, wanted: Callable[[LabeledImage], bool]) -> Self:
        """The same labels of fewer images."""
        return replace(self, images=tuple(image for image in self.images if wanted(image)))

    def with_boxes(self, wanted: Callable[[Box], bool]) -> Self:
        """The same images with fewer boxes."""
        kept = (replace(image, boxes=tuple(box for box in image.boxes if wanted(box))) for image in self.images)
        return replace(self, images=tuple(kept))


def area_of(box: Box) -> float:
    """A box's area in px²: that of its mask, where it was read with one, else width times height."""
    own = dict(box.attributes).get(AREA)
    return float(own) if isinstance(own, int | float) and not isinstance(own, bool) else box.area


def stems(images: Iterable[LabeledImage]) -> dict[str, str]:
    """Names by their stem, for formats that have one file an image.

    Raises:
        InputError: two images differ by their ending alone.
    """
    found: dict[str, str] = {}
    for image in images:
        stem = stem_of(image.name)
        if stem in found:
            raise InputError(f"{image.name} and {found[stem]} would share one label file")
        found[stem] = image.name
    return found


def stem_of(name: str) -> str:
    """A path without its ending: `0/a.jpg` gives `0/a`."""
    folder, slash, file = name.rpartition("/")
    return folder + slash + (file.rpartition(".")[0] or file)
