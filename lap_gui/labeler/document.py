"""One layer's labels on the disk: the label file, what was reviewed, and the journal that survives a kill.

Every action is a line of the journal, on the disk before the next one; the files are written now and then, and the
journal is removed when they are. What a session edits and how is in `session`.
"""

import json
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError, NotSaved
from lap_assets.core.files import write_bytes
from lap_assets.core.json_text import parse_json
from lap_assets.core.labels.box_text import format_boxes, parse_boxes
from lap_assets.core.labels.document import Labels
from lap_assets.core.labels.faults import LabelFault, content_of
from lap_assets.core.labels.files import reviewed_path
from lap_assets.core.labels.lap_format import parse
from lap_assets.core.labels.lists import LARGEST_SIDE, ReviewEntry, read_reviewed, write_reviewed
from lap_assets.core.locks import held
from lap_assets.core.verdicts.files import append_lines
from lap_gui.labeler.backups import free_name


@dataclass(frozen=True, slots=True)
class ImageLabels:
    """One image's labels in one layer. `size`: of the image when it was last worked on."""

    boxes: tuple[Box, ...] = ()
    reviewed: bool = False
    size: tuple[int, int] | None = None


class Document:
    """A label file that is worked on. `notes` are messages to show after opening.

    Raises:
        LockHeld: another window has it open for writing.
        LabelFileError: a file cannot be read at all.
    """

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path, self.readonly = path, readonly
        self.notes: list[str] = []
        self._lock = ExitStack()
        if not readonly:
            try:
                self._lock.enter_context(held(path.with_name(f".{path.name}.lock"), wait=False))
            except OSError as error:
                reason = f"{path.parent} cannot be written ({error.strerror})"
                raise LabelFileError(f"{reason}; with --readonly the Labeler shows it and writes nothing") from None
        try:
            self._open()
        except BaseException:
            self._lock.close()
            raise

    def _open(self) -> None:
        self._labels = self._read()
        self._reviews, faults = read_reviewed(reviewed_path(self.path))
        self.faults: list[LabelFault] = [*self._labels.faults, *faults]
        self._touched: set[str] = set()
        self.reviewed = sum(entry.reviewed for entry in self._reviews.values())
        """How many images were reviewed."""
        if replayed := self._replay():
            self.notes.append(f"{replayed} actions of an interrupted session were restored")

    @property
    def dirty(self) -> bool:
        """Whether something is only in the journal, not in the files yet."""
        return bool(self._touched) and not self.readonly

    @property
    def journal(self) -> Path:
        """The file that actions are appended to."""
        return self.path.with_name(f".{self.path.name}.journal")

    def labels_of(self, name: str) -> ImageLabels:
        """The labels of an image."""
        entry = self._reviews.get(name)
        boxes = self._labels.boxes(name) or ()
        return ImageLabels(boxes, entry.reviewed, entry.size) if entry else ImageLabels(boxes)

    def count(self, name: str) -> int:
        """How many boxes an image has."""
        return self._labels.count(name)

    def is_reviewed(self, name: str) -> bool:
        """Whether an image was reviewed."""
        entry = self._reviews.get(name)
        return entry is not None and entry.reviewed

    def fault(self, name: str) -> LabelFault | None:
        """Why an image's labels cannot be read or changed."""
        return self._labels.fault(name)

    def put(self, name: str, labels: ImageLabels) -> None:
        """Replaces the labels of an image; they are on the disk (in the journal) when this returns.

        Raises:
            LabelFileError: the layer is read-only, or the image's line is faulty.
        """
        if self.readonly:
            raise LabelFileError(f"{self.path.name} is open read-only")
        if fault := self._labels.fault(name):
            raise LabelFileError(f"{fault}; correct the line in a text editor first")
        entry = {"name": name, "boxes": format_boxes(labels.boxes), "reviewed": labels.reviewed, "size": labels.size}
        append_lines(self.journal, [json.dumps(entry, ensure_ascii=False)])
        self._apply(name, labels)

    def save(self, names: Sequence[str]) -> None:
        """Writes the files, each in one step, and removes the journal. Does nothing where nothing was changed.

        `names`: all images of the session; those without a line get `-`, so that lines stand in the list's order.

        Raises:
            NotSaved: what lies in the file's place cannot be read.
            OSError: it could not be written.
        """
        if self.readonly or not self._touched:
            return
        try:
            self._merge_others_work()
        except LabelFileError as error:
            raise NotSaved(error.faults) from error
        self._labels.ensure(names)
        data = self._labels.data()
        write_reviewed(reviewed_path(self.path), self._reviews)
        write_bytes(self.path, data)
        self._on_disk = data
        self._touched.clear()
        self.journal.unlink(missing_ok=True)

    def close(self) -> None:
        """Releases the file."""
        self._lock.close()

    def _read(self) -> Labels:
        self._on_disk = content_of(self.path)
        return parse(self._on_disk, self.path)

    def _apply(self, name: str, labels: ImageLabels) -> None:
        self._labels.set(name, labels.boxes)
        self.reviewed += labels.reviewed - self.is_reviewed(name)
        self._reviews[name] = ReviewEntry(labels.reviewed, labels.size)
        self._touched.add(name)

    def _replay(self) -> int:
        """Applies what the journal holds; a last line that was cut short is not an action."""
        count = 0
        for number, text in enumerate(_whole_lines(self.journal), start=1):
            try:
                name, labels = _journaled(text)
                self._apply(name, labels)
            except (InputError, LabelFileError) as error:
                self.notes.append(f"{self.journal}:{number}: left out: {' '.join(str(error).split())}")
            else:
                count += 1
        return count

    def _merge_others_work(self) -> None:
        """Where the file was changed meanwhile, its other lines count; of a line that both changed, ours.

        In that case the file as it was found is kept beside it.
        """
        found = content_of(self.path)
        if found == self._on_disk:
            return
        theirs, before = parse(found, self.path), parse(self._on_disk, self.path)
        clashes = [name for name in self._touched if theirs.boxes(name) != before.boxes(name)]
        if clashes:
            kept = free_name(self.path, datetime.now())
            write_bytes(kept, found)
            self.notes.append(
                f"{self.path.name} was changed by somebody else, too; that version is kept as {kept.name}"
            )
        for name in self._touched:
            if theirs.fault(name) is None:
                theirs.set(name, self._labels.boxes(name) or ())
        self._labels = theirs


def _whole_lines(path: Path) -> list[str]:
    """The lines that were written to their end; the last one before a kill may not be."""
    return content_of(path).decode(errors="replace").split("\n")[:-1]


def _journaled(text: str) -> tuple[str, ImageLabels]:
    """An image and its labels from a line of the journal.

    Raises:
        InputError: the line is not what `put` writes.
    """
    match parse_json(text):
        case {"name": str(name), "boxes": str(boxes), "reviewed": bool(reviewed), "size": None}:
            return name, ImageLabels(parse_boxes(boxes), reviewed)
        case {
            "name": str(name),
            "boxes": str(boxes),
            "reviewed": bool(reviewed),
            "size": [int(width), int(height)],
        } if 0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE:
            return name, ImageLabels(parse_boxes(boxes), reviewed, (width, height))
    raise InputError("not an action")
