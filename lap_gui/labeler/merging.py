"""Merges labels that a session and somebody else changed at the same time: boxes and reviewed states, image by image.

A change on one side only is kept. If both changed an image, the session's version counts, with a message and a copy of
the other version beside the file. A reviewed state belongs to the boxes for which it was given, and to no others.
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
    """The merged labels, and messages about what could not be merged."""

    state: LabelState
    notes: tuple[str, ...]


def merge(ours: LabelState, base: LabelState, theirs: LabelState, touched: Iterable[str]) -> Merged:
    """Put the images that the session changed into the files as they are now.

    Args:
        ours: the session's labels.
        base: the files as the session last read or wrote them.
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
        old, mine, other = base.of(name), ours.of(name), theirs.of(name)
        merged = merge_image(old, mine, other)
        if name in theirs.labels or merged != ImageLabels():
            state.put(name, merged)
        if old.boxes not in (mine.boxes, other.boxes) and mine.boxes != other.boxes:
            clashes.append(name)
        elif merged.reviewed != _merged_flag(old, mine, other):
            unreviewed.append(name)
    return Merged(state, tuple(_notes(ours, theirs, clashes, unreviewed, stuck)))


def merge_image(old: ImageLabels, mine: ImageLabels, other: ImageLabels) -> ImageLabels:
    """Return one image's merged labels; `mine` count if both changed the boxes."""
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
        yield f"{file}: {_some(clashes)}: also changed by somebody else; your boxes count, theirs are kept in {kept}"
    if unreviewed:
        yield f"{file}: {_some(unreviewed)}: its boxes changed after the review; review it again"
    if stuck:
        aside = Labels(ours.path)
        for name in stuck:
            aside.set(name, ours.labels.boxes(name) or ())
        kept = _keep(ours.path.with_name(f"{ours.path.stem}_mine{ours.path.suffix}"), aside.data())
        fault = theirs.labels.fault(stuck[0])
        line = "" if fault is None else f" (line {fault.line}: {fault.problem})"
        yield f"{file}: {_some(stuck)}: the line can no longer be read{line}; your boxes are kept in {kept}"


def _keep(path: Path, data: bytes) -> str:
    kept = free_name(path, datetime.now())
    write_bytes(kept, data)
    return kept.name


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
