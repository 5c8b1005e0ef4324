"""Labels that a session and somebody else changed at the same time: image by image, boxes and reviewed states alike.

What only one of them changed counts. Of what both changed, the session's counts, and that is told, with a copy of the
other version beside the file. A reviewed state holds for the boxes that it was given on, and for no others.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from lap_assets.core.files import write_bytes
from lap_assets.core.labels.document import Labels
from lap_gui.labeler.backups import free_name
from lap_gui.labeler.image_labels import ImageLabels
from lap_gui.labeler.label_state import LabelState

_NAMED = 3


@dataclass(frozen=True, slots=True)
class Merged:
    """What both came to, and messages about what could not be merged."""

    state: LabelState
    notes: tuple[str, ...]


def merge(ours: LabelState, before: LabelState, theirs: LabelState, touched: Iterable[str]) -> Merged:
    """Puts the images that the session touched into the files as they are now.

    Args:
        ours: the session's labels.
        before: the files as the session read or wrote them last.
        theirs: the files as they are now.
        touched: the images that the session changed since.

    Raises:
        OSError: a copy could not be written.
    """
    state = replace(theirs, reviews=dict(theirs.reviews))
    clashes, unreviewed, stuck = [], [], []
    for name in touched:
        if theirs.labels.fault(name) is not None:
            stuck.append(name)
            continue
        old, mine, other = before.of(name), ours.of(name), theirs.of(name)
        merged = merge_image(old, mine, other)
        if name in theirs.labels or merged != ImageLabels():
            state.put(name, merged)
        if old.boxes not in (mine.boxes, other.boxes) and mine.boxes != other.boxes:
            clashes.append(name)
        elif merged.reviewed != _merged_flag(old, mine, other):
            unreviewed.append(name)
    return Merged(state, tuple(_notes(ours, theirs, clashes, unreviewed, stuck)))


def merge_image(old: ImageLabels, mine: ImageLabels, other: ImageLabels) -> ImageLabels:
    """One image's labels; `mine` count where both changed the boxes."""
    boxes = other if mine.boxes == old.boxes else mine
    seen = [one for one in (mine, other) if one.boxes == boxes.boxes]
    if len(seen) == 2:
        return replace(boxes, reviewed=_merged_flag(old, mine, other))
    return replace(boxes, reviewed=boxes.reviewed and _merged_flag(old, mine, other))


def _merged_flag(old: ImageLabels, mine: ImageLabels, other: ImageLabels) -> bool:
    return other.reviewed if mine.reviewed == old.reviewed else mine.reviewed


def _notes(
    ours: LabelState, theirs: LabelState, clashes: list[str], unreviewed: list[str], stuck: list[str]
) -> Iterable[str]:
    file = ours.path.name
    if clashes:
        kept = _keep(ours.path, theirs.data)
        yield f"{file}: {_some(clashes)}: changed by somebody else, too; your boxes count, theirs are kept in {kept}"
    if unreviewed:
        yield f"{file}: {_some(unreviewed)}: reviewed with other boxes than there are now; review again"
    if stuck:
        aside = Labels(ours.path)
        for name in stuck:
            aside.set(name, ours.labels.boxes(name) or ())
        kept = _keep(ours.path.with_name(f"{ours.path.stem}_mine{ours.path.suffix}"), aside.data())
        fault = theirs.labels.fault(stuck[0])
        line = "" if fault is None else f" (line {fault.line}: {fault.problem})"
        yield f"{file}: {_some(stuck)}: the line cannot be read any more{line}; your boxes are kept in {kept}"


def _keep(path: Path, data: bytes) -> str:
    kept = free_name(path, datetime.now())
    write_bytes(kept, data)
    return kept.name


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
