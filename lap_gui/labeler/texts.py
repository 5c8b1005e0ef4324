"""Texts of the Labeler's window about the current image and the session. No widgets."""

from lap_assets.core.labels.files import LABEL_KINDS
from lap_gui.labeler.filters import FILTERS
from lap_gui.labeler.position import Position
from lap_gui.labeler.progress import Progress
from lap_gui.labeler.session import LabelSession
from lap_gui.shared import theme
from lap_gui.shared.thumbnail_cell import Caption


def counted(number: int, title: str) -> str:
    """Return a count such as `3 faces`, `1 face`, `no faces`."""
    one = next((one for kind, one in LABEL_KINDS.items() if kind == title), title)
    return f"1 {one}" if number == 1 else f"{number or 'no'} {title}"


def number(position: Position, filter_index: int, visible: tuple[int, int], scale: float) -> str:
    """Return the image's number, the filter, the visible thumbnails (first and last index), and the zoom."""
    shown = f"  ·  {FILTERS[filter_index][0]}" if filter_index else ""
    first, last = visible
    return (
        f"{position.index + 1} of {len(position.names)}{shown}   thumbnails {first + 1}–{last}   "
        f"zoom {scale * 100:.0f} %"
    )


def note(position: Position) -> str:
    """Return why the image cannot be labeled; "" if it can."""
    document = position.layer.document
    if fault := document.fault(position.name):
        return f"line {fault.line} of the label file: {fault.problem}"
    return "read-only" if document.readonly else ""


def status(session: LabelSession, progress: Progress, shows_suggestions: bool) -> str:
    """Return the status line: boxes, progress, whether everything is saved."""
    document, boxes, title = session.layer.document, session.boxes, session.layer.title
    classified = sum(box.class_id is not None for box in boxes)
    parts = [
        counted(len(boxes), title) + (f", {classified} with a class" if boxes else ""),
        f"{document.reviewed} reviewed",
        str(progress),
        f"{len(session.marks)} to delete",
        "read-only" if document.readonly else "in the journal" if session.dirty else "saved",
    ]
    if (suggested := len(session.suggested())) and shows_suggestions:
        parts.insert(1, f"{suggested} suggested (B accepts)")
    return "   ·   ".join(parts)


def caption(position: Position, index: int) -> Caption:
    """Return the caption of a thumbnail."""
    name, document = position.names[index], position.layer.document
    text = f"{index + 1}   {document.count(name) or '–'}"
    is_marked, is_reviewed = name in position.marks, document.is_reviewed(name)
    return Caption(
        f"✓ {text}" if is_reviewed else text,
        theme.GOOD if is_reviewed else theme.QUIET,
        badge="TO DEL" if is_marked else "",
        dimmed=is_marked,
    )
