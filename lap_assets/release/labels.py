"""The best known boxes of each released image: a person's if reviewed, else a machine's, preferably audited ones.

Belongs here: from tables of boxes to annotations. Writing annotations is in `labels.formats`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from lap_assets.core.box import Box, clipped
from lap_assets.core.labels.files import LABEL_KINDS, LabelKind
from lap_assets.core.precision import SCORE_DECIMALS
from lap_assets.labels.annotations import Annotations, LabeledImage, Split, Tier
from lap_assets.labels.rows import corners_of

Present = Mapping[LabelKind, Sequence[Split]]
"""The labeled kinds of a release, each with the splits that have images."""

Rows = Mapping[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Labeled:
    """One kind's labels of the released images.

    Attributes:
        best: The labels to train on: a person's boxes of reviewed images, a machine's of others; boxes accepted in an
            audit take precedence over both. Images that neither has examined are left out.
        people: The boxes that people drew, as in their label file, whether reviewed or not.
        machine: The detector's boxes on every image that it has processed.
    """

    best: Annotations
    people: Annotations
    machine: Annotations


def labeled(
    images: pl.DataFrame,
    baseline: pl.DataFrame,
    refined: pl.DataFrame,
    *,
    kind: LabelKind,
    classes: Mapping[int, str],
    splits: Mapping[str, Split],
) -> Labeled:
    """Join both tables of boxes to the released `images` (name, subfolder, width, height), in the order of the images.

    An image's id is its number in that order, so that it is the same in all files of a release.

    `baseline`: as in `labels.detection`; `refined`: as in `labels.refined`; its rows with a problem are ignored.
    Boxes are clipped at the image's edge; boxes completely outside are left out.
    """
    found: Rows = {row["name"]: row for row in baseline.iter_rows(named=True) if row["boxes"] is not None}
    valid = refined.filter(pl.col("boxes").is_not_null() & pl.col("problem").is_null())
    rows = {row["name"]: row for row in valid.iter_rows(named=True)}
    accepted: Rows = {name: row for name, row in rows.items() if row.get("audit") is not None}
    drawn: Rows = {name: row for name, row in rows.items() if name not in accepted}
    used = {box["class"] for row in rows.values() for box in row["boxes"] if box["class"] is not None}
    named = {**{number: f"class {number}" for number in sorted(used)}, **classes}
    best, people, machine = [], [], []
    rows_of_images = images.select("name", "subfolder", "width", "height").iter_rows()
    for id, (name, subfolder, width, height) in enumerate(rows_of_images, 1):
        plain = LabeledImage(f"{subfolder}/{name}", width, height, split=splits.get(name), reviewed=False, id=id)
        of_machine = _of_machine(plain, found[name]) if name in found else None
        tier: Tier = "refined" if of_machine is not None and of_machine.boxes else "manual"
        of_person = _refined(plain, drawn[name], tier) if name in drawn else None
        if of_machine is not None:
            machine.append(of_machine)
        if of_person is not None:
            people.append(of_person)
        chosen = of_person if of_person is not None and of_person.reviewed else of_machine
        if name in accepted:
            chosen = _refined(plain, accepted[name], "audited")
        if chosen is None and of_person is not None and of_person.boxes:
            chosen = of_person
        if chosen is not None:
            best.append(chosen)
    thing = LABEL_KINDS[kind]
    return Labeled(*(Annotations(tuple(part), named, thing) for part in (best, people, machine)))


def _of_machine(image: LabeledImage, row: dict[str, Any]) -> LabeledImage:
    boxes = [
        Box(*corners, score=round(box["score"], SCORE_DECIMALS))
        for box in row["boxes"]
        if (corners := clipped(corners_of(box), *image.size))
    ]
    return replace(image, boxes=tuple(boxes), tier="machine", model=row["model"])


def _refined(image: LabeledImage, row: dict[str, Any], tier: Tier) -> LabeledImage:
    boxes = [
        Box(*corners, class_id=box["class"])
        for box in row["boxes"]
        if (corners := clipped(corners_of(box), *image.size))
    ]
    return replace(image, boxes=tuple(boxes), reviewed=bool(row["reviewed"]), tier=tier, model=row.get("model"))
