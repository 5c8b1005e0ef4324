"""From a folder and some file names to a session: what is read, what lies where, what the person is told first."""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from lap_assets.core.home import Home
from lap_assets.core.labels import lap_format
from lap_assets.core.labels.lists import read_classes
from lap_gui.labeler.document import Document, backup
from lap_gui.labeler.marks import Marks, home_of
from lap_gui.labeler.parts import Layer
from lap_gui.labeler.session import Session
from lap_gui.shared.listing import list_files

DEFAULT_LABELS: Final = "bboxes.txt"
DEFAULT_DELCANDS: Final = "delcands.txt"
_PAIRS: Final = (("faces", "heads"), ("heads", "faces"))


@dataclass(frozen=True, slots=True)
class Opening:
    """What to open. Paths are whole. `files`: names below `root`; None: all images there.

    `start`: which image comes first on the screen; `limit`: how many from there on make up the session.
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


@dataclass(slots=True)
class Opened:
    """A session, and what to tell the person about the files."""

    session: Session
    notes: list[str] = field(default_factory=list)


def opening(root: Path, labels: str | Path = DEFAULT_LABELS, delcands: str | Path = DEFAULT_DELCANDS) -> Opening:
    """Names alone lie in `root`, as in the original."""
    made = root / labels
    classes = made.with_name("classes.txt")
    return Opening(root, made, root / delcands, classes, home=home_of(root), reviewer=_who())


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # nobody has a name in some containers
        return "somebody"


def open_session(what: Opening) -> Opened:
    """Reads everything.

    Raises:
        ValueError: there are no images, `start` is none of them, or a file cannot be used; one line says which.
        LockHeld: another window has the labels open.
    """
    names = list(what.files) if what.files is not None else list_files(what.root)
    names = [lap_format.check_name(str(name).replace("\\", "/")) for name in names]
    if not names:
        raise ValueError(f"{what.root}: there are no images in it")
    if not 0 <= what.start < len(names):
        raise ValueError(f"start={what.start}: there are {len(names)} images, 0 to {len(names) - 1}")
    if what.limit is not None and what.limit < 1:
        raise ValueError(f"limit={what.limit}: it must be 1 or more")
    notes: list[str] = []
    if what.backup and not what.readonly:
        copies = backup([what.labels, what.delcands], datetime.now())
        notes += [f"backup: {', '.join(path.name for path in copies) or 'there is nothing to copy yet'}"]
    classes, faults = read_classes(what.classes)
    notes += [str(fault) for fault in faults]
    marks = Marks(what.delcands, names, home=what.home, reviewer=what.reviewer, readonly=what.readonly)
    layers = _layers(what)
    for layer in layers:
        notes += [*layer.document.notes, *(str(fault) for fault in layer.document.faults)]
    whole = what.limit is None
    part = names if whole else names[what.start : what.start + (what.limit or 0)]
    session = Session(what.root, part, names, layers, marks, classes, index=what.start if whole else 0)
    return Opened(session, [*notes, *marks.notes])


def _layers(what: Opening) -> list[Layer]:
    """The label file's layer, and the other kind's where its file is there (in a home: always)."""
    layers = [_layer(what.labels, what.readonly)]
    for mine, other in _PAIRS:
        path = what.labels.with_name(what.labels.name.replace(mine, other))
        if mine in what.labels.name and (path.exists() or what.home is not None):
            try:
                layers.append(_layer(path, what.readonly))
            except BaseException:
                layers[0].document.close()
                raise
    return layers


def _layer(path: Path, readonly: bool) -> Layer:
    title = next((kind for kind in ("faces", "heads") if kind in path.name), path.stem)
    suggested = sorted(path.parent.glob(f"{path.stem}_baseline*.txt"))
    return Layer(
        title, Document(path, readonly=readonly), lap_format.read(suggested[0]) if suggested else lap_format.Labels()
    )
