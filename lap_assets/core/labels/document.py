"""A label file as a document: its lines by image, edited and written back so that untouched lines keep every byte.

`lap_format` reads and writes the files; `box_text` has the text form of boxes.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from lap_assets.core.box import Box, in_order
from lap_assets.core.errors import LabelFileError
from lap_assets.core.labels.box_text import WrittenBox, box_problems, unmistakable
from lap_assets.core.labels.faults import LabelFault
from lap_assets.core.labels.fifths import are_scores, fifths, is_ambiguous
from lap_assets.core.labels.files import is_baseline
from lap_assets.core.labels.image_names import check_name
from lap_assets.core.labels.line import LabelLine, as_written


class Labels:
    """The lines of a label file by image name. Names have slashes, even if the file has backslashes.

    Unchanged lines are written back byte for byte, as is a line that was changed and changed back. In a changed line,
    untouched boxes keep their digits.
    """

    def __init__(self, path: Path = Path("labels.txt"), *, newline: bytes = b"\n", separator: str = "\\") -> None:
        self.faults: list[LabelFault] = []
        """Unreadable lines; `check` finds the problems of the others."""
        self.head = b""
        """The byte order mark, if the file has one."""
        self._path, self._newline, self._separator = path, newline, separator
        self._lines: list[LabelLine] = []
        self._by_name: dict[str, LabelLine] = {}
        self._set: dict[str, tuple[Box, ...]] = {}
        self._unread: dict[str, LabelFault] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def add_line(self, line: LabelLine, name: str | None) -> None:
        """Append a line of the file; `name`: its image, if it is known and has no line yet."""
        self._lines.append(line)
        if name is not None:
            self._by_name[name] = line

    def settle_scores(self) -> None:
        """Treat a plain 0 or 1 as a score if the file is a detector's; called once, after all lines were added."""
        if _is_detectors(self._path, (fifth for line in self._lines for fifth in line.fifths)):
            for line in self._lines:
                line.scored = True

    def add_fault(self, fault: LabelFault) -> None:
        """Record an unreadable line; its image cannot be changed."""
        self.faults.append(fault)
        if fault.unread and fault.name is not None:
            self._unread.setdefault(fault.name, fault)

    def line_of(self, name: str) -> int | None:
        """Return the number of an image's line in the file; None if it has none, or a new one."""
        line = self._by_name.get(name)
        return line.number or None if line is not None else None

    def boxes(self, name: str) -> tuple[Box, ...] | None:
        """Return the boxes of an image; None if it has no line, or an unreadable one."""
        if name in self._set:
            return self._set[name]
        line = self._by_name.get(name)
        if line is None or (name in self._unread and line.text is None):
            return None
        return line.boxes

    def count(self, name: str) -> int:
        """Return the number of boxes of an image without parsing them, for lists of thousands of images."""
        if name in self._set:
            return len(self._set[name])
        line = self._by_name.get(name)
        text = line.text if line is not None else None
        return 0 if text is None or text.strip() == "-" else text.count(",") + 1

    def fault(self, name: str) -> LabelFault | None:
        """Return why the line of an image cannot be read or changed; None if it can."""
        return self._unread.get(name)

    def set(self, name: str, boxes: Iterable[Box]) -> None:
        """Set the boxes of an image (none: `-`). A new name gets a line at the end.

        Raises:
            LabelFileError: its line is unreadable and must not be lost.
            NameInvalid: the name is not a relative path.
        """
        if name in self._unread:
            raise LabelFileError(f"{self._unread[name]}; correct the line in a text editor first")
        boxes = in_order(boxes)
        if name not in self._by_name:
            self.add_line(self._new_line(name), name)
        line = self._by_name[name]
        if line.raw is not None and line.boxes == boxes:
            self._set.pop(name, None)
        else:
            self._set[name] = boxes

    def ensure(self, names: Iterable[str]) -> None:
        """Make sure that each name has a line: a new line (`-`) follows that of the previous name in `names`."""
        after: dict[int, list[LabelLine]] = {}
        anchor = -1
        indices = {id(line): index for index, line in enumerate(self._lines)}
        for name in names:
            if name in self._by_name:
                anchor = indices.get(id(self._by_name[name]), anchor)
                continue
            self._by_name[name] = self._new_line(name)
            after.setdefault(anchor, []).append(self._by_name[name])
        if after:
            merged = list(after.get(-1, ()))
            for index, line in enumerate(self._lines):
                merged += [line, *after.get(index, ())]
            self._lines = merged

    def check(self, classes: Mapping[int, str] | None = None) -> list[LabelFault]:
        """Return all faults: unreadable lines, swapped corners, classes that are not in the list."""
        found = list(self.faults)
        for name, line in self._by_name.items():
            found += [LabelFault(self._path, line.number, problem, name) for problem in self.problems_of(name, classes)]
        return sorted(found, key=lambda fault: fault.line)

    def problems_of(self, name: str, classes: Mapping[int, str] | None = None) -> list[str]:
        """Return the problems of an image's boxes, as far as they are readable."""
        line = self._by_name[name]
        written = line.written if name not in self._set else as_written(line, self._set[name])
        return [problem for one in written for problem in box_problems(one, classes)]

    def data(self) -> bytes:
        """Return the file's bytes. Reading them back gives the same boxes: if a class would be taken for a score, or a
        score for a class, ambiguous numbers are written in their unambiguous form."""
        changed = {id(self._by_name[name]): as_written(self._by_name[name], boxes) for name, boxes in self._set.items()}
        if self._would_be_misread(changed):
            for line in self._lines:
                if id(line) in changed or any(map(is_ambiguous, line.fifths)):
                    changed[id(line)] = list(map(unmistakable, changed.get(id(line), line.written)))
        pieces = [self.head]
        last = len(self._lines) - 1
        for index, line in enumerate(self._lines):
            if line.raw is not None and id(line) not in changed:
                pieces.append(line.raw)
            else:
                boxes = ", ".join(one.text for one in changed.get(id(line), ())) or "-"
                pieces.append(f"{line.shown}: {boxes}".encode())
            pieces.append(line.end or (self._newline if index < last else b""))
        return b"".join(pieces)

    def _would_be_misread(self, changed: Mapping[int, Iterable[WrittenBox]]) -> bool:
        numbers: list[str] = []
        meant_as_scores: set[bool] = set()
        for line in self._lines:
            for one in changed.get(id(line), ()):
                numbers += fifths(one.text)
                if any(map(is_ambiguous, fifths(one.text))):
                    meant_as_scores.add(one.box.score is not None)
            if id(line) not in changed and line.fifths:
                numbers += line.fifths
                if any(map(is_ambiguous, line.fifths)):
                    meant_as_scores.add(line.scored)
        return bool(meant_as_scores - {_is_detectors(self._path, numbers)})

    def _new_line(self, name: str) -> LabelLine:
        return LabelLine(0, None, self._newline, check_name(name).replace("/", self._separator))


def _is_detectors(path: Path, numbers: Iterable[str]) -> bool:
    return is_baseline(path) or are_scores(numbers)
