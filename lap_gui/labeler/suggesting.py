"""Which boxes a model suggests for an image, with their classes. No Tk, no editing."""

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
"""A suggestion with this IoU or more with a box of the image is taken for that box."""
_LEARNED: Final = 200  # images with both layers that placements are learned from


def suggestions_for(layer: Layer, name: str, size: Size, mine: Sequence[Box], least_score: float) -> list[Box]:
    """The suggestions of `least_score` or more (one without a score is certain) that are none of the boxes `mine`."""
    shown = [box for box in layer.suggestions.boxes(name) or () if box.score is None or box.score >= least_score]
    found = [within(box, size) for box in with_classes(shown, layer.classes.get(name, {}))]
    return [box for box in found if box is not None and all(iou(box, one) < SAME for one in mine)]


def companions_for(layers: Sequence[Layer], active: int, name: str, size: Size, placement: FacePlacement) -> list[Box]:
    """The faces of an image's heads, or the heads of its faces, where no model has looked for them.

    A box whose companion is there already suggests nothing; nor does anything on an image that was reviewed.
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
    """Where faces lie in their heads, from the first images on which both are labeled."""
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
    """The heads' layer beside the faces', or the other way."""
    wanted = {"faces": "heads", "heads": "faces"}.get(layers[active].title)
    return next((layer for layer in layers if layer.title == wanted), None)


def accepted(box: Box) -> Box:
    """A suggestion as a person's box: with its class, without score and probability."""
    return replace(box.with_class(box.class_id), attributes=())
