"""What a reader of label files is handed: the images, a list of faults, and a count of all it left out or changed.

A reader leaves nothing out without a word: what it refuses is a fault, by file and line; what it changes or drops
because its form has no place for it is counted here. What becomes of both is `lap_assets.labels.formats`' matter.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lap_assets.core.errors import InputError
from lap_assets.core.labels.faults import Faults
from lap_assets.labels.image_sizes import Sizes, find_image, header_in
from lap_assets.pictures.headers import SIDEWAYS

_AS_SEEN: Final = "pictures that EXIF turns, whose boxes are taken as they are seen"

if TYPE_CHECKING:
    from lap_assets.labels.annotations import Annotations


class Tally:
    """Counts what was left out or changed, by kind, with the place of the first of each."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def add(self, what: str, where: str, count: int = 1) -> None:
        """Counts one. `what`: a plural, such as "masks left out"; `where`: the file, with the line or image."""
        if count:
            self._counts[what] += count
            self._first.setdefault(what, where)

    @property
    def lines(self) -> tuple[str, ...]:
        """A line for each kind."""
        return tuple(
            f"{what}: {count:,} ({'the first' if count > 1 else 'it'} at {self._first[what]})"
            for what, count in self._counts.items()
        )


@dataclass(slots=True)
class Reading:
    """One reading of labels.

    Attributes:
        images: The folder of images, where it is known.
        sizes: Sizes of images, if not from `images`.
        truth: The labels that detections are about, whose images and classes they may name by number alone.
        stored: Images whose labels are about the picture as it is stored, with the EXIF orientation that turns it.
        faults: What is wrong; the image or box at fault is left out of what the reader returns.
        tally: What was left out or changed.
    """

    images: Path | None = None
    sizes: Sizes | None = None
    truth: "Annotations | None" = None
    stored: dict[str, int] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    tally: Tally = field(default_factory=Tally)

    def size_in_files(self, name: str) -> tuple[int, int] | None:
        """The size of an image by its file; None where no images are known.

        Raises:
            InputError, PictureError: images are known, and this one is missing or not a picture.
        """
        if self.sizes is not None:
            return self.sizes(name)
        return None if self.images is None else self.size_seen(self.images, name)

    def size_seen(self, folder: Path, name: str) -> tuple[int, int]:
        """The size of a picture as it is seen, for labels that do not say theirs; that EXIF turns it is counted.

        Raises:
            InputError, PictureError: as `header_in`.
        """
        header = header_in(folder, name)
        self.tally.add(_AS_SEEN, name, header.orientation != 1)
        return header.size

    def size(self, name: str, width: int | None, height: int | None) -> tuple[int, int]:
        """The size of an image in its labels; where they have none (None) or a side of 0, that of its file.

        If it is the size of the stored picture, which EXIF turns, that is noted, and the boxes are turned later.

        Raises:
            InputError: neither is known, or the two differ.
            PictureError: the image's file is not a picture.
        """
        if self.sizes is not None or self.images is None:
            if width and height:
                return width, height
            if self.sizes is None:
                raise InputError(f"the size of {name} is missing; name the folder of images (--images)")
            return self.sizes(name)
        if not (width and height):
            return self.size_seen(self.images, name)
        header = header_in(self.images, name)
        if header.size == (width, height):
            if header.orientation != 1 and (width == height or header.orientation not in SIDEWAYS):
                self.tally.add(_AS_SEEN, name)
            return width, height
        if header.size == (height, width) and header.orientation in SIDEWAYS:
            self.stored[name] = header.orientation
            self.tally.add("pictures that EXIF turns, whose boxes were turned with them", name)
            return width, height
        raise InputError(
            f"the labels were made for {width}x{height} px, the picture {name} has {header.width}x{header.height}"
            + (" (its sides are swapped)" if header.size == (height, width) else "")
        )

    def has_image(self, name: str) -> bool:
        """Whether the folder of images has this one; False where no folder is known."""
        return self.images is not None and find_image(self.images, name) is not None
