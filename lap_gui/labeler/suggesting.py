"""Which boxes a model suggests for an image, with their classes. No Tk, no editing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from lap_assets.core.box import Box, iou
from lap_assets.core.labels.suggested_classes import with_classes
from lap_gui.labeler.edits import Size, within
from lap_gui.labeler.parts import Layer

SAME: Final = 0.5
"""A suggestion with this IoU or more with a box of the image is taken for that box."""


def suggestions_for(layer: Layer, name: str, size: Size, mine: Sequence[Box], least_score: float) -> list[Box]:
    """The suggestions of `least_score` or more (one without a score is certain) that are none of the boxes `mine`."""
    shown = [box for box in layer.suggestions.boxes(name) or () if box.score is None or box.score >= least_score]
    found = [within(box, size) for box in with_classes(shown, layer.classes.get(name, {}))]
    return [box for box in found if box is not None and all(iou(box, one) < SAME for one in mine)]


def accepted(box: Box) -> Box:
    """A suggestion as a person's box: with its class, without score and probability."""
    return replace(box.with_class(box.class_id), attributes=())
