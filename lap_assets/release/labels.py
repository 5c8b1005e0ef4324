"""The best boxes known of each released image: a person's where one has reviewed it, else a machine's.

Belongs here: tables of boxes made into annotations. How the annotations are written is the formats' matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import polars as pl

from lap_assets.core.names import PosterName
from lap_assets.labels.annotations import Annotations, Box, LabeledImage, Split, Tier

Kind = Literal["faces", "heads"]
KINDS: Final[dict[Kind, str]] = {"faces": "face", "heads": "head"}
"""What is labeled, and what a box of it is called."""

Present = Mapping[Kind, Sequence[Split]]
"""What is labeled in a release, and in which splits there are images of it."""

_SCORE_DECIMALS: Final = 6
Rows = Mapping[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Labeled:
    """One kind's labels of the released images.

    Attributes:
        best: What to train on: a person's boxes of reviewed images, a machine's of others. Images that neither has
            looked at are not in it.
        people: What people have drawn, image by image, as in their label file; reviewed or not.
        machine: What the detector found, on every image that it has looked at.
    """

    best: Annotations
    people: Annotations
    machine: Annotations


def labeled(
    images: pl.DataFrame,
    baseline: pl.DataFrame,
    refined: pl.DataFrame,
    *,
    kind: Kind,
    classes: Mapping[int, str],
    splits: Mapping[str, Split],
) -> Labeled:
    """Joins both tables of boxes to the released `images` (name, width, height), in the order of the images.

    `baseline`: as `labels.detection`; `refined`: as `labels.refined`, of which a row with a problem says nothing until
    it is mended. Boxes are cut off at the image's edge; one that lies wholly outside of it is none.
    """
    found: Rows = {row["name"]: row for row in baseline.iter_rows(named=True) if row["boxes"] is not None}
    fine = refined.filter(pl.col("boxes").is_not_null() & pl.col("problem").is_null())
    drawn: Rows = {row["name"]: row for row in fine.iter_rows(named=True)}
    used = {box["class"] for row in drawn.values() for box in row["boxes"] if box["class"] is not None}
    named = {**{number: f"class {number}" for number in sorted(used)}, **classes}
    best, people, machine = [], [], []
    for name, width, height in images.select("name", "width", "height").iter_rows():
        plain = LabeledImage(
            f"{PosterName.parse(name).subfolder}/{name}", width, height, split=splits.get(name), reviewed=False
        )
        of_machine = _of_machine(plain, found[name]) if name in found else None
        of_person = _of_person(plain, drawn[name], of_machine) if name in drawn else None
        if of_machine is not None:
            machine.append(of_machine)
        if of_person is not None:
            people.append(of_person)
        chosen = of_person if of_person is not None and of_person.reviewed else of_machine
        if chosen is None and of_person is not None and of_person.boxes:
            chosen = of_person
        if chosen is not None:
            best.append(chosen)
    thing = KINDS[kind]
    return Labeled(*(Annotations(tuple(part), named, thing) for part in (best, people, machine)))


def _of_machine(image: LabeledImage, row: dict[str, Any]) -> LabeledImage:
    boxes = [
        Box(*sides, score=round(box["score"], _SCORE_DECIMALS))
        for box in row["boxes"]
        if (sides := _within(box, image.size))
    ]
    return replace(image, boxes=tuple(boxes), tier="machine", model=row["model"])


def _of_person(image: LabeledImage, row: dict[str, Any], machine: LabeledImage | None) -> LabeledImage:
    boxes = [Box(*sides, category=box["class"]) for box in row["boxes"] if (sides := _within(box, image.size))]
    from_machine = machine is not None and bool(machine.boxes)
    tier: Tier = "refined" if from_machine else "manual"
    return replace(image, boxes=tuple(boxes), reviewed=bool(row["reviewed"]), tier=tier)


def _within(box: dict[str, float], size: tuple[int, int]) -> tuple[float, float, float, float] | None:
    """The box's corners, cut off at the image's edges; None where nothing is left."""
    width, height = size
    x0, x1 = (min(max(box[side], 0.0), width) for side in ("x0", "x1"))
    y0, y1 = (min(max(box[side], 0.0), height) for side in ("y0", "y1"))
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None
