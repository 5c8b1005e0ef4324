"""One layer's labels on the disk: the label file, what was reviewed, the journal that a kill cannot take.

Every action is a line of the journal, on the disk before the next one; the files are written now and then, and the
journal goes when they are. What a session edits and how is in `session`.
"""

import json
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from lap_assets.core.box import Box
from lap_assets.core.errors import LabelFileError
from lap_assets.core.files import write_bytes
from lap_assets.core.labels.box_text import format_boxes, parse_boxes
from lap_assets.core.labels.document import Labels
from lap_assets.core.labels.faults import Fault
from lap_assets.core.labels.files import reviewed_path
from lap_assets.core.labels.lap_format import parse
from lap_assets.core.labels.lists import ReviewEntry, read_reviewed, write_reviewed
from lap_assets.core.locks import held
from lap_assets.core.verdicts.files import append_lines

_MINUTE: Final = "%Y%m%d_%H%M"


@dataclass(frozen=True, slots=True)
class State:
    """What is said of one image in one layer. `size`: of the image when it was last worked on."""

    boxes: tuple[Box, ...] = ()
    reviewed: bool = False
    size: tuple[int, int] | None = None


class Document:
    """A label file that is worked on. `notes` are things to tell the person after opening.

    Raises:
        LockHeld: somebody else has it open to write.
        LabelFileError: a file cannot be read at all.
    """

    def __init__(self, path: Path, *, readonly: bool = False) -> None:
        self.path, self.readonly = path, readonly
        self.notes: list[str] = []
        self._lock = ExitStack()
        if not readonly:
            self._lock.enter_context(held(path.with_name(f".{path.name}.lock"), wait=False))
        try:
            self._open()
        except BaseException:
            self._lock.close()
            raise

    def _open(self) -> None:
        self._labels = self._read()
        self._looked, faults = read_reviewed(reviewed_path(self.path))
        self.faults: list[Fault] = [*self._labels.faults, *faults]
        self._touched: set[str] = set()
        self.reviewed = sum(looked.reviewed for looked in self._looked.values())
        """How many images are."""
        if replayed := self._replay():
            self.notes.append(f"{replayed} actions of a session that was cut off are back")

    @property
    def dirty(self) -> bool:
        """Whether something is not in the files yet (it is in the journal)."""
        return bool(self._touched) and not self.readonly

    @property
    def journal(self) -> Path:
        """The file that actions are appended to."""
        return self.path.with_name(f".{self.path.name}.journal")

    def state(self, name: str) -> State:
        """What is said of an image."""
        looked = self._looked.get(name)
        boxes = self._labels.boxes(name) or ()
        return State(boxes, looked.reviewed, looked.size) if looked else State(boxes)

    def count(self, name: str) -> int:
        """How many boxes an image has."""
        return self._labels.count(name)

    def is_reviewed(self, name: str) -> bool:
        """Whether an image's labels are as they should be."""
        looked = self._looked.get(name)
        return looked is not None and looked.reviewed

    def fault(self, name: str) -> Fault | None:
        """Why an image's labels cannot be read or changed."""
        return self._labels.fault(name)

    def put(self, name: str, state: State) -> None:
        """Says something else of an image; on the disk (in the journal) when this returns.

        Raises:
            LabelFileError: the layer is read-only, or the image's line is faulty.
        """
        if self.readonly:
            raise LabelFileError(f"{self.path.name} was opened to read only")
        if fault := self._labels.fault(name):
            raise LabelFileError(f"{fault}; mend the line in a text editor first")
        said = {"name": name, "boxes": format_boxes(state.boxes), "reviewed": state.reviewed, "size": state.size}
        append_lines(self.journal, [json.dumps(said, ensure_ascii=False)])
        self._apply(name, state)

    def save(self, names: Sequence[str]) -> None:
        """Writes the files, each in one step, and removes the journal. Nothing happens where nothing was changed.

        `names`: all images of the session; those without a line get `-`, so that lines stand in the list's order.
        """
        if self.readonly or not self._touched:
            return
        self._take_in_others_work()
        self._labels.ensure(names)
        data = self._labels.data()
        write_reviewed(reviewed_path(self.path), self._looked)
        write_bytes(self.path, data)
        self._on_disk = data
        self._touched.clear()
        self.journal.unlink(missing_ok=True)

    def close(self) -> None:
        """Lets others open it."""
        self._lock.close()

    def _read(self) -> Labels:
        self._on_disk = self.path.read_bytes() if self.path.exists() else b""
        return parse(self._on_disk, self.path)

    def _apply(self, name: str, state: State) -> None:
        self._labels.set(name, state.boxes)
        self.reviewed += state.reviewed - self.is_reviewed(name)
        self._looked[name] = ReviewEntry(state.reviewed, state.size)
        self._touched.add(name)

    def _replay(self) -> int:
        """Does again what the journal holds; a last line that was cut short is no action."""
        count = 0
        for number, text in enumerate(_whole_lines(self.journal), start=1):
            try:
                said = json.loads(text)
                size = (int(said["size"][0]), int(said["size"][1])) if said["size"] else None
                self._apply(str(said["name"]), State(parse_boxes(said["boxes"]), bool(said["reviewed"]), size))
                count += 1
            except (ValueError, KeyError, TypeError, IndexError) as error:
                self.notes.append(f"{self.journal}:{number}: left out: {' '.join(str(error).split())}")
        return count

    def _take_in_others_work(self) -> None:
        """Where the file was changed behind our back, its other lines count; of a line that both changed, ours.

        The file as it was found is kept beside then.
        """
        found = self.path.read_bytes() if self.path.exists() else b""
        if found == self._on_disk:
            return
        theirs, before = parse(found, self.path), parse(self._on_disk, self.path)
        clashes = [name for name in self._touched if theirs.boxes(name) != before.boxes(name)]
        if clashes:
            kept = free_name(self.path, datetime.now())
            write_bytes(kept, found)
            self.notes.append(f"{self.path.name} was changed by others too; theirs is kept as {kept.name}")
        for name in self._touched:
            if theirs.fault(name) is None:
                theirs.set(name, self._labels.boxes(name) or ())
        self._labels = theirs


def _whole_lines(path: Path) -> list[str]:
    """The lines that were written to their end: the last action of a kill may not be."""
    try:
        return path.read_bytes().decode(errors="replace").split("\n")[:-1]
    except FileNotFoundError:
        return []


def backup(paths: Iterable[Path], moment: datetime) -> list[Path]:
    """Copies the files that exist to `<basename>_YYYYMMDD_HHMM.txt` beside them."""
    made = []
    for path in paths:
        if path.exists():
            made.append(free_name(path, moment))
            write_bytes(made[-1], path.read_bytes())
    return made


def free_name(path: Path, moment: datetime) -> Path:
    """The name of a copy of that minute; with a number where it is taken."""
    stem, number = f"{path.stem}_{moment.strftime(_MINUTE)}", 1
    copy = path.with_name(stem + path.suffix)
    while copy.exists():
        number += 1
        copy = path.with_name(f"{stem}_{number}{path.suffix}")
    return copy
