"""The boxes that a model suggests for an image, with their classes. No Tk, no editing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from lap_assets.core.box import Box, iou
from lap_assets.core.labels.companions import FacePlacement, face_head_pairs
from lap_assets.core.labels.suggested_classes import with_classes
from lap_gui.labeler.edits import Size, within
from lap_gui.labeler.parts import Layer

SAME: Final = 0.5
"""From this IoU on, a suggestion counts as an existing box of the image."""
_LEARNED: Final = 200  # most images with both layers from which placements are learned


def suggestions_for(layer: Layer, name: str, size: Size, mine: Sequence[Box], least_score: float) -> list[Box]:
    """Return the suggestions with at least `least_score` that match none of the boxes `mine`.

    A suggestion without a score counts as certain.
    """
    shown = [box for box in layer.suggestions.boxes(name) or () if box.score is None or box.score >= least_score]
    found = [within(box, size) for box in with_classes(shown, layer.classes.get(name, {}))]
    return [box for box in found if box is not None and all(iou(box, one) < SAME for one in mine)]


def companions_for(layers: Sequence[Layer], active: int, name: str, size: Size, placement: FacePlacement) -> list[Box]:
    """Return the faces of an image's heads, or the heads of its faces, if no model has looked for them.

    A box that has its companion suggests nothing; neither does a reviewed image.
    """
    layer, other = layers[active], _other(layers, active)
    is_known = layer.suggestions.boxes(name) is not None or layer.document.is_reviewed(name)
    if other is None or is_known:
        return []
    mine, theirs = layer.document.labels_of(name).boxes, other.document.labels_of(name).boxes
    if layer.title == "faces":
        taken = {id(head) for _, head in face_head_pairs(mine, theirs)}
        found = [placement.face_of(head) for head in theirs if id(head) not in taken]
    else:
        taken = {id(face) for face, _ in face_head_pairs(theirs, mine)}
        found = [placement.head_of(face) for face in theirs if id(face) not in taken]
    return [box for box in (within(one, size) for one in found) if box is not None]


def learned_placement(layers: Sequence[Layer], names: Iterable[str]) -> FacePlacement:
    """Return where faces are in their heads, learned from the first images with both layers labeled."""
    by_title = {layer.title: layer.document for layer in layers}
    faces, heads = by_title.get("faces"), by_title.get("heads")
    if faces is None or heads is None:
        return FacePlacement.learned(())
    both = (name for name in names if faces.count(name) and heads.count(name))
    pairs = (
        pair
        for name in islice(both, _LEARNED)
        for pair in face_head_pairs(faces.labels_of(name).boxes, heads.labels_of(name).boxes)
    )
    return FacePlacement.learned(list(pairs))


def _other(layers: Sequence[Layer], active: int) -> Layer | None:
    """Return the heads' layer for the faces', and vice versa."""
    wanted = {"faces": "heads", "heads": "faces"}.get(layers[active].title)
    return next((layer for layer in layers if layer.title == wanted), None)


def accepted(box: Box) -> Box:
    """Return a suggestion as a person's box: with its class, without score and probability."""
    return replace(box.with_class(box.class_id), attributes=())
