"""A label file and its list of reviewed images, on the disk or in a session. No journal, no merging."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from lap_assets.core.files import write_bytes
from lap_assets.core.labels.document import Labels
from lap_assets.core.labels.faults import LabelFault, content_of
from lap_assets.core.labels.files import reviewed_path
from lap_assets.core.labels.lap_format import parse
from lap_assets.core.labels.lists import ReviewEntry, read_reviewed, write_reviewed
from lap_gui.labeler.image_labels import ImageLabels

Stamp = tuple[tuple[int, int, int] | None, ...]


@dataclass(slots=True)
class LabelState:
    """Both files. `data`: the label file's bytes as read; `faults`: the unreadable lines of either."""

    path: Path
    labels: Labels
    reviews: dict[str, ReviewEntry]
    data: bytes
    faults: list[LabelFault]

    def of(self, name: str) -> ImageLabels:
        """Return an image's labels."""
        entry = self.reviews.get(name)
        boxes = self.labels.boxes(name) or ()
        return ImageLabels(boxes, entry.reviewed, entry.size) if entry else ImageLabels(boxes)

    def put(self, name: str, labels: ImageLabels) -> None:
        """Replace an image's labels.

        Raises:
            LabelFileError: its line is unreadable and must not be lost.
            NameInvalid: the name is not a relative path.
        """
        self.labels.set(name, labels.boxes)
        self.reviews[name] = ReviewEntry(labels.reviewed, labels.size)

    def is_reviewed(self, name: str) -> bool:
        """Return whether an image was reviewed."""
        entry = self.reviews.get(name)
        return entry is not None and entry.reviewed

    def with_labels_of(self, other: "LabelState") -> "LabelState":
        """Return these reviews with another's label file."""
        return replace(self, labels=parse(other.data, self.path), data=other.data)

    def with_reviews_of(self, other: "LabelState") -> "LabelState":
        """Return this label file with another's reviews."""
        return replace(self, reviews=dict(other.reviews))

    @property
    def on_disk(self) -> "OnDisk":
        """A snapshot of what was read, independent of later changes."""
        return OnDisk(self.path, self.data, dict(self.reviews))

    def write(self) -> "OnDisk":
        """Write both files, each in one step. Returns what is on the disk now.

        Raises:
            OSError: one could not be written.
        """
        data = self.labels.data()
        write_reviewed(reviewed_path(self.path), self.reviews)
        write_bytes(self.path, data)
        return OnDisk(self.path, data, dict(self.reviews))


@dataclass(frozen=True, slots=True)
class OnDisk:
    """Both files as last read or written."""

    path: Path
    data: bytes
    reviews: Mapping[str, ReviewEntry]

    @property
    def state(self) -> LabelState:
        """Their labels."""
        labels = parse(self.data, self.path)
        return LabelState(self.path, labels, dict(self.reviews), self.data, list(labels.faults))


def read_state(path: Path) -> LabelState:
    """Read both files; a missing one is empty.

    Raises:
        LabelFileError: a file cannot be read at all.
    """
    data = content_of(path)
    labels = parse(data, path)
    reviews, faults = read_reviewed(reviewed_path(path))
    return LabelState(path, labels, reviews, data, [*labels.faults, *faults])


def stamp(*paths: Path) -> Stamp:
    """Return a value that changes with the files: modification time, size and inode of each."""
    return tuple(_stamp(path) for path in paths)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
