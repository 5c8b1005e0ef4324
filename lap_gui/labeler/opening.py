"""Opens a session on a folder and some file names: which files are read, and what is shown first."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lap_assets.core.errors import InputError, LockHeld
from lap_assets.core.home import Home
from lap_assets.core.labels import lap_format
from lap_assets.core.labels.document import Labels
from lap_assets.core.labels.files import (
    CLASSES,
    DEFAULT_LABELS,
    DELCANDS,
    kind_of,
    other_kind_of,
    suggested_classes_path,
    suggestions_of,
)
from lap_assets.core.labels.image_names import check_name
from lap_assets.core.labels.lists import read_classes
from lap_assets.core.labels.suggested_classes import read_suggested_classes
from lap_gui.labeler.backups import backup
from lap_gui.labeler.document import Document
from lap_gui.labeler.journal import Journal
from lap_gui.labeler.marks import Marks, home_of
from lap_gui.labeler.parts import Layer
from lap_gui.labeler.remembered import Remembered
from lap_gui.labeler.reviews import PastReviews
from lap_gui.labeler.session import LabelSession
from lap_gui.shared.listing import list_files


@dataclass(frozen=True, slots=True)
class Opening:
    """What to open. Paths are complete. `files`: names below `root`; None: all images there.

    `order`: the names in the session, in order; None: all, in their own order. `start`: the image shown first; `limit`:
    how many images from there on make up the session. `resumes`: begin where this person stopped, if that image is
    there.
    """

    root: Path
    labels: Path
    delcands: Path
    classes: Path
    files: Sequence[str] | None = None
    home: Home | None = None
    reviewer: str = ""
    backup: bool = False
    readonly: bool = False
    start: int = 0
    limit: int | None = None
    order: Sequence[str] | None = None
    resumes: bool = False


@dataclass(slots=True)
class Opened:
    """A session, the remembered state of the window, and notes about the session's files to show."""

    session: LabelSession
    remembered: Remembered
    notes: list[str] = field(default_factory=list)


def opening(root: Path, labels: str | Path = DEFAULT_LABELS, delcands: str | Path = DELCANDS) -> Opening:
    """Return what to open in a folder. Bare file names are in `root`, as in the original."""
    labels_path = root / labels
    classes = labels_path.with_name(CLASSES)
    return Opening(root, labels_path, root / delcands, classes, home=home_of(root), reviewer=_who())


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # some containers have no user names
        return "somebody"


def open_session(what: Opening) -> Opened:
    """Open the session.

    Raises:
        InputError: there are no images, or `start` or `limit` is invalid.
        LabelFileError: a file cannot be used.
        LockHeld: another window has the labels open.
    """
    names = list(what.files) if what.files is not None else list_files(what.root)
    names = [check_name(str(name).replace("\\", "/")) for name in names]
    if not names:
        raise InputError(f"{what.root}: there are no images in this folder")
    shown = names if what.order is None else _in_order(what.order, names)
    if not 0 <= what.start < len(shown):
        raise InputError(f"start={what.start}: expected 0 to {len(shown) - 1} for {len(shown)} images")
    if what.limit is not None and what.limit < 1:
        raise InputError(f"limit={what.limit}: expected 1 or more")
    notes: list[str] = []
    if what.backup and not what.readonly:
        copies = backup([what.labels, what.delcands], datetime.now())
        notes += [f"backup: {', '.join(path.name for path in copies) or 'nothing to copy yet'}"]
    classes, faults = read_classes(what.classes)
    notes += [str(fault) for fault in faults]
    marks = Marks(what.delcands, names, home=what.home, reviewer=what.reviewer, readonly=what.readonly)
    layers = _layers(what)
    for layer in layers:
        notes += [*layer.document.notes, *(str(fault) for fault in layer.document.faults)]
    whole = what.limit is None
    part = shown if whole else shown[what.start : what.start + (what.limit or 0)]
    remembered = Remembered(what.labels, what.reviewer)
    first = what.start if whole else 0
    if what.resumes and (stopped := remembered.read().image) in part:
        first = part.index(stopped)
    session = LabelSession(what.root, part, names, layers, marks, classes, index=first)
    return Opened(session, remembered, [*notes, *marks.notes])


def _in_order(order: Sequence[str], names: Sequence[str]) -> list[str]:
    known = frozenset(names)
    return [name for name in order if name in known]


def _layers(what: Opening) -> list[Layer]:
    """Return the label file's layer, and that of the other kind if its file exists (in a home: always)."""
    layers = [_layer(what.labels, what, lock=True)]
    other = other_kind_of(what.labels)
    if other is not None and (other.exists() or what.home is not None):
        try:
            layers.append(_other_layer(other, what))
        except BaseException:
            layers[0].document.close()
            raise
    return layers


def _other_layer(path: Path, what: Opening) -> Layer:
    """Open the second layer, which others may be using: locked at its first change, or to save a journal."""
    try:
        return _layer(path, what, lock=Journal(path).path.exists())
    except LockHeld:
        return _layer(path, what, lock=False)


def _layer(path: Path, what: Opening, *, lock: bool) -> Layer:
    found = suggestions_of(path)
    suggestions = lap_format.read(found) if found else Labels()
    classes, faults = read_suggested_classes(suggested_classes_path(path))
    document = Document(path, readonly=what.readonly, lock=lock)
    document.faults.extend(faults)
    reviews = PastReviews(path, what.reviewer, readonly=what.readonly)
    return Layer(kind_of(path) or path.stem, document, suggestions, classes, reviews)
