"""Labels of images in one form, which every format is read into and written from. No files, no formats here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Self

from lap_assets.core.box import Box, shown
from lap_assets.core.errors import InputError
from lap_assets.core.labels.image_names import portable_name

Split = Literal["train", "val", "test"]
SPLITS: Final[tuple[Split, ...]] = ("train", "val", "test")
Tier = Literal["manual", "refined", "machine"]
"""Who made an image's boxes: a person alone, a person from a machine's boxes, a machine."""
TIERS: Final[tuple[Tier, ...]] = ("manual", "refined", "machine")


@dataclass(frozen=True, slots=True)
class LabeledImage:
    """An image and its boxes. An image without boxes has been examined: there is nothing on it.

    Attributes:
        name: The path below the folder of images, with slashes.
        width, height: In px; None where the labels do not say.
        reviewed: Whether a person has reviewed it; None where the labels do not say.
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
        object.__setattr__(self, "name", portable_name(self.name))

    @property
    def size(self) -> tuple[int, int]:
        """Width and height.

        Raises:
            InputError: the labels do not say.
        """
        if self.width is None or self.height is None:
            raise InputError(f"{self.name}: its size is not known; name the folder of images")
        return self.width, self.height


@dataclass(frozen=True, slots=True)
class Annotations:
    """Labels of some images. `thing`: what a box without a class is; `classes`: names of the other classes by id."""

    images: tuple[LabeledImage, ...]
    classes: Mapping[int, str] = field(default_factory=dict)
    thing: str = "face"

    def __post_init__(self) -> None:
        names = [self.thing, *self.classes.values()]
        if len(set(names)) != len(names):
            raise InputError(f"several classes have the same name: {', '.join(sorted(names))}")

    @property
    def thing_id(self) -> int:
        """An id for boxes without a class, where a format needs one: 0, or one that no class has."""
        return 0 if 0 not in self.classes else max(self.classes) + 1

    def names(self) -> dict[int, str]:
        """All names by id, the thing's first."""
        return {self.thing_id: self.thing, **dict(sorted(self.classes.items()))}

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


def problems_of(labels: Annotations, *, inside: bool = True) -> list[str]:
    """What is wrong with labels as a whole, one line each: where, and what.

    `inside`: also report boxes that leave their image.
    """
    wrong, seen = [], set[str]()
    for image in labels.images:
        where = image.where or image.name
        if image.name in seen:
            wrong.append(f"{where}: {image.name} occurs twice")
        seen.add(image.name)
        for number, box in enumerate(image.boxes, 1):
            problems = _box_problems(box, image, labels.classes, inside)
            wrong += [f"{where}: box {number}: {problem}" for problem in problems]
    return wrong


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


def _box_problems(box: Box, image: LabeledImage, classes: Mapping[int, str], inside: bool) -> list[str]:
    wrong = []
    width, height = image.width, image.height
    is_beyond = width is not None and height is not None and (box.xmax > width or box.ymax > height)
    if inside and (is_beyond or box.xmin < 0 or box.ymin < 0):
        wrong.append(f"{shown(box.corners)} lies outside the image ({image.width}x{image.height})")
    if box.class_id is not None and classes and box.class_id not in classes:
        wrong.append(f"there is no class {box.class_id}")
    return wrong
