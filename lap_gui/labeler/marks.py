"""Images marked for deletion: the original's list of indices (with names beside it), and marks in a home's verdict log.

In a home the log counts, and the list is written for other programs; elsewhere there is only the list.
"""

from collections.abc import Sequence
from pathlib import Path

from lap_assets.core.errors import LabelFileError
from lap_assets.core.files import sha256_of
from lap_assets.core.home import Home
from lap_assets.core.labels.files import marked_names_path
from lap_assets.core.labels.lists import read_delcands, read_names, write_delcands
from lap_assets.core.names import PosterName
from lap_assets.core.verdicts.lines import partition_of
from lap_assets.core.verdicts.log import Mark, TakeBack, VerdictLog, log_path, read_verdicts


class Marks:
    """Which images are marked; its length counts those in the folder. A change is on the disk when `set` returns."""

    def __init__(
        self, path: Path, names: Sequence[str], *, home: Home | None = None, reviewer: str = "", readonly: bool = False
    ) -> None:
        """`names`: all images of the folder, in the order that the indices mean.

        Raises:
            LabelFileError: a list cannot be read.
        """
        self.path, self.readonly = path, readonly
        self.notes: list[str] = []
        self._names, self._known = names, frozenset(names)
        self._home, self._reviewer = home, reviewer
        self._others: tuple[str, ...] = ()
        self._marked: dict[str, tuple[Mark, ...]] = dict.fromkeys(self._listed(), ())
        if home is not None:
            self._marked = self._in_logs(home)

    def __contains__(self, name: object) -> bool:
        return name in self._marked

    def __len__(self) -> int:
        return len(self._known.intersection(self._marked))

    def set(self, name: str, *, marked: bool) -> None:
        """Marks an image, or removes its mark.

        Raises:
            LabelFileError: the session is read-only.
            NameInvalid: the file has no poster's name, which the home's log needs.
            OSError: it could not be written.
        """
        if self.readonly:
            raise LabelFileError(f"{self.path.name} is open read-only")
        if marked == (name in self._marked):
            return
        lines = self._logged(self._home, name, marked=marked) if self._home is not None else ()
        if marked:
            self._marked[name] = lines
        else:
            del self._marked[name]
        write_delcands(self.path, self._marked, self._names, self._others)

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

    def _in_logs(self, home: Home) -> dict[str, tuple[Mark, ...]]:
        marked: dict[str, tuple[Mark, ...]] = {}
        for line in read_verdicts(sorted(home.verdicts.glob("*.jsonl"))).active:
            if isinstance(line, Mark):
                name = f"{partition_of(line.name)}/{line.name}"
                marked[name] = (*marked.get(name, ()), line)
        return marked

    def _logged(self, home: Home, name: str, *, marked: bool) -> tuple[Mark, ...]:
        poster = PosterName.parse(name.rpartition("/")[2])
        log = VerdictLog(log_path(home.verdicts, str(poster)))
        if not marked:
            for mark in self._marked[name]:
                log.append(TakeBack(reviewer=self._reviewer, takes_back=mark.id))
            return ()
        raw = home.poster(poster)
        content = sha256_of(raw if raw.exists() else home.image(poster))
        mark = Mark(reviewer=self._reviewer, name=str(poster), sha256=content, tool="labeler")
        log.append(mark)
        return (mark,)


def home_of(root: Path) -> Home | None:
    """The home whose cleaned images lie in `root`; None for any other folder."""
    home = Home(root.resolve().parent)
    return home if root.resolve() == home.images.resolve() and home.posters.is_dir() else None
