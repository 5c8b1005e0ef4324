"""A model's classes for the boxes of a file of suggestions, in a file beside it.

A box in a label file has one number besides its corners, and in suggestions that is the score. So classes and their
probabilities are in a file of their own: one line per box, tab-separated.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from lap_assets.core.box import Box, Corners, shown
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.files import write_text
from lap_assets.core.labels.faults import LabelFault, content_of
from lap_assets.core.labels.image_names import check_name

HEADER: Final = "name\txmin\tymin\txmax\tymax\tclass\tprobability"
_CLASS: Final = re.compile(r"[0-9]{1,9}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")


class SuggestedClass(NamedTuple):
    """The most probable class of a box, and its probability, 0 to 1."""

    class_id: int
    probability: float


CLASS_PROBABILITY: Final = "class probability"
"""The attribute of a suggested box with the probability of its class."""

SuggestedClasses = dict[str, dict[Corners, SuggestedClass]]
"""By image, then by the corners of the box in the file of suggestions."""


def with_classes(boxes: Iterable[Box], classes: Mapping[Corners, SuggestedClass]) -> list[Box]:
    """Return an image's suggested boxes with their suggested classes; a box that has a class keeps it."""
    return [_classed(box, classes.get(box.corners)) for box in boxes]


def read_suggested_classes(path: Path) -> tuple[SuggestedClasses, list[LabelFault]]:
    """Return the suggested classes of a file, and faults for its unreadable lines. No file means no classes."""
    found: SuggestedClasses = {}
    faults: list[LabelFault] = []
    try:
        lines = content_of(path).decode("utf-8").splitlines()
    except (UnicodeDecodeError, LabelFileError) as error:
        return {}, [LabelFault(path, 1, f"the suggested classes cannot be read ({error})")]
    for number, text in enumerate(lines, start=1):
        if text == HEADER or not text.strip():
            continue
        try:
            name, corners, suggested = _entry(text)
        except InputError as error:
            faults.append(LabelFault(path, number, str(error)))
        else:
            found.setdefault(name, {})[corners] = suggested
    return found, faults


def write_suggested_classes(path: Path, boxes: Iterable[tuple[str, Box, SuggestedClass]]) -> None:
    """Replace the file atomically."""
    rows = [
        "\t".join((name, *shown(box.corners).split(), str(suggested.class_id), f"{suggested.probability:.4f}"))
        for name, box, suggested in boxes
    ]
    write_text(path, "\n".join([HEADER, *rows]) + "\n")


def _classed(box: Box, suggested: SuggestedClass | None) -> Box:
    if suggested is None or box.class_id is not None:
        return box
    return replace(box, class_id=suggested.class_id, attributes=((CLASS_PROBABILITY, suggested.probability),))


def _entry(text: str) -> tuple[str, Corners, SuggestedClass]:
    name, *cells = text.split("\t")
    if len(cells) == 6 and all(map(_NUMBER.fullmatch, cells)) and _CLASS.fullmatch(cells[4]):
        xmin, ymin, xmax, ymax, _, probability = map(float, cells)
        box = Box(xmin, ymin, xmax, ymax, score=probability)
        return check_name(name), box.corners, SuggestedClass(int(cells[4]), probability)
    raise InputError(f"{text!r} is not `name, four corners, class, probability` with tabs between")
