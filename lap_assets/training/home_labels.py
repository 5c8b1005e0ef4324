"""The labels in a home that a training learns from: the stored tables of refined boxes, as `Annotations`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError
from lap_assets.core.home import Home
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.rows import corners_of
from lap_assets.models.types import Target
from lap_assets.table_files import read_table

REFINED: Final[dict[Target, str]] = {"faces": "refined_face_boxes", "heads": "refined_head_boxes"}
"""The asset with people's boxes of each target."""


def home_labels(home: Home, target: Target) -> Annotations:
    """People's boxes of a target in a home; images are named as below its folder of images.

    Images whose labels have a problem are left out and counted in `notes`.

    Raises:
        InputError: the asset was not made yet.
        TableError: a table cannot be read.
    """
    asset = REFINED[target]
    tables = sorted((home.tables / asset).glob("*.parquet"))
    if not tables:
        raise InputError(
            f"{home.tables / asset}: there are no refined boxes yet; label with `lap label`, then"
            f" `lap run --only {asset}`, or name --truth and --images"
        )
    rows = [(table.stem, row) for table in tables for row in _rows(table)]
    wrong = [f"{subfolder}/{row['name']}" for subfolder, row in rows if row["problem"] is not None]
    images = tuple(_image(subfolder, row) for subfolder, row in rows if row["problem"] is None)
    notes = (f"images whose labels have a problem, left out: {len(wrong):,} (the first: {wrong[0]})",) if wrong else ()
    return Annotations(images, thing=target.removesuffix("s"), notes=notes)


def _rows(table: Path) -> Iterator[dict[str, Any]]:
    return read_table(table, ["name", "boxes", "reviewed", "problem"]).iter_rows(named=True)


def _image(subfolder: str, row: dict[str, Any]) -> LabeledImage:
    boxes = tuple(Box(*corners_of(box), class_id=box["class"]) for box in row["boxes"] or ())
    return LabeledImage(f"{subfolder}/{row['name']}", boxes=boxes, reviewed=row["reviewed"])
