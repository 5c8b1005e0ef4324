"""One layer's labels while they are edited: reading, changing, journaling, merging with others' work, saving.

Every action is on the disk (in the journal) before the next one; the label files are written now and then. `session`
makes the edits.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from lap_assets.core.errors import InputError, LabelFileError, NotSaved
from lap_assets.core.labels.faults import LabelFault
from lap_assets.core.labels.files import reviewed_path
from lap_assets.core.locks import held, held_since
from lap_gui.labeler.image_labels import ImageLabels
from lap_gui.labeler.journal import Journal
from lap_gui.labeler.label_state import LabelState, read_state, stamp
from lap_gui.labeler.merging import merge


class Document:
    """A label file under editing. `notes` are messages to show. `reviewed`: the number of reviewed images.

    A file that is only viewed is not locked, and follows what others write; its first change takes the lock.

    Raises:
        LockHeld: another window has it open for writing.
        LabelFileError: a file cannot be read at all.
    """

    def __init__(self, path: Path, *, readonly: bool = False, lock: bool = True) -> None:
        """Open the file. `lock`: take the lock now instead of at the first change."""
        self.path, self.readonly = path, readonly
        self.notes: list[str] = []
        self._journal, self._lock_file = Journal(path), path.with_name(f".{path.name}.lock")
        self._lock = ExitStack()
        self._is_held = False
        self._state: LabelState
        if lock and not readonly:
            self._take_lock()
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    @property
    def faults(self) -> list[LabelFault]:
        """The unreadable lines of the files."""
        return self._state.faults

    @property
    def dirty(self) -> bool:
        """Whether changes are in the journal but not yet in the files."""
        return bool(self._touched) and self._is_held

    def labels_of(self, name: str) -> ImageLabels:
        """Return the labels of an image."""
        return self._state.of(name)

    def count(self, name: str) -> int:
        """Return the number of boxes of an image."""
        return self._state.labels.count(name)

    def is_reviewed(self, name: str) -> bool:
        """Return whether an image was reviewed."""
        return self._state.is_reviewed(name)

    def reviewed_names(self) -> set[str]:
        """Return the reviewed images."""
        return {name for name, entry in self._state.reviews.items() if entry.reviewed}

    def fault(self, name: str) -> LabelFault | None:
        """Return why an image's labels cannot be read or changed; None if they can."""
        return self._state.labels.fault(name)

    def put(self, name: str, labels: ImageLabels) -> None:
        """Replace the labels of an image; they are on the disk (in the journal) when this returns.

        Raises:
            LabelFileError: the layer is read-only, the image's line is faulty, or its labels were changed meanwhile.
            LockHeld: another window has the file open for writing.
            OSError: the journal could not be written.
        """
        if self.readonly:
            raise LabelFileError(f"{self.path.name} stays as it is")  # the status line says why
        if not self._is_held:
            seen = self.labels_of(name)
            self._take_lock()
            self._open()
            if not self.labels_of(name).has_same_labels(seen):
                raise LabelFileError(f"{name} was changed meanwhile in {self.path.name}: look at it again")
        if fault := self.fault(name):
            raise LabelFileError(f"{fault}; correct the line in a text editor first")
        self._journal.append(name, labels)
        self._apply(name, labels)

    def save(self, names: Sequence[str]) -> None:
        """Write the files, each in one step, and remove the journal; do nothing if nothing changed.

        `names`: all images of the session; those without a line get `-`, so that lines are in the list's order.

        Raises:
            NotSaved: an existing file cannot be read.
            OSError: it could not be written.
        """
        if not self.dirty:
            return
        try:
            self._take_in_others()
        except LabelFileError as error:
            raise NotSaved(error.faults) from error
        self._state.labels.ensure(names)
        self._on_disk = self._state.write()
        self._touched.clear()
        self._journal.clear()
        self._seen = self._stamp()

    def catch_up(self) -> bool:
        """Merge what others wrote to the files. Returns whether there was anything.

        Raises:
            LabelFileError: a file can no longer be read.
            OSError: a copy of labels that could not be merged could not be written.
        """
        now = self._stamp()
        if now == self._seen:
            return False
        if self._is_held:
            self._take_in_others()
        else:
            notes = len(self.notes)
            self._open()
            del self.notes[notes:]
        self._seen = now
        return True

    def close(self) -> None:
        """Release the file."""
        self._lock.close()
        self._is_held = False

    def _take_lock(self) -> None:
        try:
            self._lock.enter_context(held(self._lock_file, wait=False))
        except OSError as error:
            reason = f"{self.path.parent} cannot be written ({error.strerror})"
            raise LabelFileError(f"{reason}; with --readonly the Labeler shows it and writes nothing") from None
        self._is_held = True

    def _open(self) -> None:
        self._seen = self._stamp()
        self._state = read_state(self.path)
        self._on_disk = self._state.on_disk
        self._touched: set[str] = set()
        self.reviewed = sum(entry.reviewed for entry in self._state.reviews.values())
        is_ours = self._is_held or held_since(self._lock_file) is None
        if (replayed := self._replay()) and is_ours:
            self.notes.append(f"{replayed} actions of an interrupted session were restored")

    def _stamp(self) -> object:
        """Return a value that changes when others write; the journal is this window's own if it holds the lock."""
        files = (self.path, reviewed_path(self.path))
        return stamp(*files) if self._is_held else stamp(*files, self._journal.path)

    def _apply(self, name: str, labels: ImageLabels) -> None:
        was_reviewed = self.is_reviewed(name)
        self._state.put(name, labels)
        self.reviewed += labels.reviewed - was_reviewed
        self._touched.add(name)

    def _replay(self) -> int:
        """Apply the journal. Returns the number of actions."""
        count = 0
        for action in self._journal.actions():
            try:
                if isinstance(action, str):
                    self.notes.append(action)
                    continue
                self._apply(*action)
                count += 1
            except (InputError, LabelFileError) as error:
                self.notes.append(f"{self._journal.path}: left out: {' '.join(str(error).split())}")
        return count

    def _take_in_others(self) -> None:
        """Merge the files if others changed them. A label file that was removed is written again."""
        theirs = read_state(self.path)
        if (theirs.data, theirs.reviews) == (self._on_disk.data, self._on_disk.reviews):
            return
        base, seen = self._on_disk.state, theirs.on_disk
        for path, was_there in ((self.path, base.data), (reviewed_path(self.path), base.reviews)):
            if was_there and not path.exists():
                self.notes.append(f"{path.name} was removed by somebody else; it is written again")
                theirs = theirs.with_labels_of(base) if path == self.path else theirs.with_reviews_of(base)
        merged = merge(self._state, base, theirs, self._touched)
        self._state, self._on_disk = merged.state, seen
        self.reviewed = sum(entry.reviewed for entry in self._state.reviews.values())
        self.notes += merged.notes
