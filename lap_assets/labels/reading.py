"""The context of a reader of label files: the images, the faults found, and counts of what was left out or changed.

A reader drops nothing silently: what it rejects is a fault, by file and line; what it changes or drops because
`Annotations` cannot represent it is counted here. `lap_assets.labels.formats` reports both.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lap_assets.core.errors import InputError
from lap_assets.core.labels.faults import Faults
from lap_assets.labels.image_sizes import Sizes, find_image, header_in
from lap_assets.pictures.headers import SIDEWAYS

_AS_SEEN: Final = "pictures rotated by EXIF, whose boxes are taken as upright"

if TYPE_CHECKING:
    from lap_assets.labels.annotations import Annotations


class Tally:
    """Counts of what was left out or changed, by kind, with the location of the first of each kind."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._first: dict[str, str] = {}

    def add(self, what: str, where: str, count: int = 1) -> None:
        """Add to a count. `what`: a plural, such as "masks left out"; `where`: the file, with the line or image."""
        if count:
            self._counts[what] += count
            self._first.setdefault(what, where)

    @property
    def lines(self) -> tuple[str, ...]:
        """One line per kind."""
        return tuple(
            f"{what}: {count:,} ({'first ' if count > 1 else ''}at {self._first[what]})"
            for what, count in self._counts.items()
        )


@dataclass(slots=True)
class Reading:
    """One reading of labels.

    Attributes:
        images: The folder of images, if known.
        sizes: Sizes of images, if not from `images`.
        truth: The labels for detections that name images and classes only by number.
        stored: Images labeled in the coordinates of the stored picture, with the EXIF orientation that rotates it.
        faults: What is wrong; the reader leaves out the image or box at fault.
        tally: What was left out or changed.
    """

    images: Path | None = None
    sizes: Sizes | None = None
    truth: "Annotations | None" = None
    stored: dict[str, int] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    tally: Tally = field(default_factory=Tally)

    def size_in_files(self, name: str) -> tuple[int, int] | None:
        """Return the size of an image from its file; None if the images are unknown.

        Raises:
            InputError, PictureError: the image is missing or not a picture.
        """
        if self.sizes is not None:
            return self.sizes(name)
        return None if self.images is None else self.size_seen(self.images, name)

    def size_seen(self, folder: Path, name: str) -> tuple[int, int]:
        """Return the upright size of a picture, for labels without a size; EXIF rotations are counted.

        Raises:
            InputError, PictureError: as in `header_in`.
        """
        header = header_in(folder, name)
        self.tally.add(_AS_SEEN, name, header.orientation != 1)
        return header.size

    def size(self, name: str, width: int | None, height: int | None) -> tuple[int, int]:
        """Return the size of an image in its labels; if that is None or a side is 0, the size of its file.

        If the labels have the size of the stored picture and EXIF rotates it, this is recorded, and the boxes are
        rotated later.

        Raises:
            InputError: neither size is known, or the two differ.
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
            self.tally.add("pictures rotated by EXIF, whose boxes were rotated too", name)
            return width, height
        raise InputError(
            f"the labels were made for {width}x{height} px, the picture {name} has {header.width}x{header.height}"
            + (" (width and height are swapped)" if header.size == (height, width) else "")
        )

    def has_image(self, name: str) -> bool:
        """Return whether the folder of images has this image; False if the folder is unknown."""
        return self.images is not None and find_image(self.images, name) is not None
