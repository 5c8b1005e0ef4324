"""Images marked for deletion: the original's list of indices (with names beside it), and marks in a home's verdict log.

In a home, the log counts, and the list is written for other programs; elsewhere there is only the list.
"""

from collections.abc import Sequence
from pathlib import Path

from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.files import sha256_of
from lap_assets.core.home import Home
from lap_assets.core.labels.files import marked_names_path
from lap_assets.core.labels.lists import read_delcands, read_names, write_delcands
from lap_assets.core.names import PosterName
from lap_assets.core.verdicts.lines import partition_of
from lap_assets.core.verdicts.log import Mark
from lap_gui.labeler.label_state import Stamp, stamp
from lap_gui.review.logs import Logs, by_reviewer
from lap_gui.review.recorder import Recorder


class Marks:
    """The marked images; the length counts those in the folder. A change is on the disk when `set` returns."""

    def __init__(
        self, path: Path, names: Sequence[str], *, home: Home | None = None, reviewer: str = "", readonly: bool = False
    ) -> None:
        """Read the marks. `names`: all images of the folder, in the order to which the indices refer.

        Raises:
            LabelFileError: a list cannot be read.
        """
        self.path, self.readonly = path, readonly
        self.notes: list[str] = []
        self._names, self._known = names, frozenset(names)
        self._home = home
        self._others: tuple[str, ...] = ()
        self._marked: dict[str, tuple[Mark, ...]] = dict.fromkeys(self._listed(), ())
        self._seen = self._stamp()
        self._log: Recorder | None = None
        if home is not None:
            logs = Logs(home.verdicts, is_folder=True)
            self._log = Recorder(logs, reviewer, lambda verdict: isinstance(verdict, Mark), readonly=readonly)
            self._marked = _by_name(self._log)

    def __contains__(self, name: object) -> bool:
        return name in self._marked

    def __len__(self) -> int:
        return len(self._known.intersection(self._marked))

    def by(self, name: str) -> str:
        """Return who marked an image, as far as known."""
        return by_reviewer(mark.reviewer for mark in self._marked.get(name, ()))

    def catch_up(self) -> bool:
        """Read what others marked since the last call. Returns whether any mark changed.

        Raises:
            LabelFileError: the list can no longer be read.
            OSError: a log cannot be read.
        """
        previous = set(self._marked)
        if self._log is not None:
            if self._log.catch_up():
                self._marked = _by_name(self._log)
        elif (now := self._stamp()) != self._seen:
            notes = len(self.notes)
            self._marked, self._seen = dict.fromkeys(self._listed(), ()), now
            del self.notes[notes:]
        return previous != set(self._marked)

    def set(self, name: str, *, marked: bool) -> None:
        """Mark an image, or remove its mark.

        Raises:
            LabelFileError: the session is read-only.
            InputError: somebody else marked the image, or removed its mark, since it was shown.
            NameInvalid: the file's name is not a poster's, which the home's log needs.
            OSError: it could not be written.
        """
        if self.readonly:
            raise LabelFileError(f"{self.path.name} stays as it is")  # the status line says why
        if marked == (name in self._marked):
            return
        self.catch_up()
        if marked == (name in self._marked):
            by = f" by {self.by(name)}" if self.by(name) else ""
            raise InputError(f"{name} was {'marked' if marked else 'unmarked'} meanwhile{by}: nothing was changed here")
        lines = () if self._home is None else self._record(self._home, name, marked=marked)
        if marked:
            self._marked[name] = lines
        else:
            del self._marked[name]
        write_delcands(self.path, self._marked, self._names, self._others)
        self._seen = self._stamp()

    def _listed(self) -> list[str]:
        listed = read_delcands(self.path, len(self._names))
        self._others = listed.others
        self.notes += [str(fault) for fault in listed.faults]
        by_index = [self._names[index] for index in listed.indices]
        if not marked_names_path(self.path).exists():
            return by_index
        named = read_names(marked_names_path(self.path))
        if set(by_index) != self._known.intersection(named):
            self.notes.append(f"{self.path.name}: the list of images has changed; the marks follow the names")
        return named

    def _record(self, home: Home, name: str, *, marked: bool) -> tuple[Mark, ...]:
        """Write a mark to the home's log, or take back all marks of an image."""
        poster = PosterName.parse(name.rpartition("/")[2])
        log = self._log
        if log is None:
            return ()
        if not marked:
            for mark in self._marked[name]:
                log.take_back(mark)
            return ()
        raw = home.poster(poster)
        content = sha256_of(raw if raw.exists() else home.image(poster))
        log.record(Mark(reviewer=log.reviewer, name=str(poster), sha256=content, tool="labeler"))
        return _by_name(log).get(name, ())

    def _stamp(self) -> Stamp:
        return stamp(self.path, marked_names_path(self.path))


def _by_name(log: Recorder) -> dict[str, tuple[Mark, ...]]:
    """Return the active marks of a home's log, by image."""
    marked: dict[str, tuple[Mark, ...]] = {}
    for verdict in log.now_active():
        if isinstance(verdict, Mark):
            name = f"{partition_of(verdict.name)}/{verdict.name}"
            marked[name] = (*marked.get(name, ()), verdict)
    return marked


def home_of(root: Path) -> Home | None:
    """Return the home whose cleaned images are in `root`; None for any other folder."""
    home = Home(root.resolve().parent)
    return home if root.resolve() == home.images.resolve() and home.posters.is_dir() else None
