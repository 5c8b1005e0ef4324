"""The labels in a home for training: the stored tables of refined boxes, as `Annotations`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError
from lap_assets.core.files import sha256_of
from lap_assets.core.home import Home
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.rows import corners_of
from lap_assets.models.tiny.trained import ENDING, read_header
from lap_assets.models.types import Target
from lap_assets.table_files import read_table

REFINED: Final[dict[Target, str]] = {"faces": "refined_face_boxes", "heads": "refined_head_boxes"}
"""The asset with people's boxes of each target."""

_ABOUT: Final = (
    "start",
    "seed",
    "steps",
    "images",
    "choosing_images",
    "judging_images",
    "judging_boxes",
    "ap50_before",
    "ap50",
)


def home_labels(home: Home, target: Target) -> Annotations:
    """Return people's boxes of a target in a home; image names are relative to the home's folder of images.

    Images whose labels have a problem are left out and counted in `notes`.

    Raises:
        InputError: the asset has no tables yet.
        TableError: a table is unreadable.
    """
    asset = REFINED[target]
    tables = sorted((home.tables / asset).glob("*.parquet"))
    if not tables:
        raise InputError(
            f"{home.tables / asset}: there are no refined boxes yet; label with `lap label`, then"
            f" `lap run --only {asset}`, or pass --truth and --images"
        )
    rows = [(table.stem, row) for table in tables for row in _rows(table)]
    wrong = [f"{subfolder}/{row['name']}" for subfolder, row in rows if row["problem"] is not None]
    images = tuple(_image(subfolder, row) for subfolder, row in rows if row["problem"] is None)
    notes = (
        (f"images left out because their labels have a problem: {len(wrong):,} (the first: {wrong[0]})",)
        if wrong
        else ()
    )
    return Annotations(images, thing=target.removesuffix("s"), notes=notes)


def trained_in(home: Home, target: Target) -> Path:
    """Return the detector file that was trained from the labels in a home.

    Raises:
        InputError: there is none yet.
    """
    path = trained_path(home, target)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file; run `lap train {target}` first, or pass a model with --model")
    return path


def trained_path(home: Home, target: Target) -> Path:
    """Return the path of the detector file trained in a home."""
    return home.weights / f"trained-{target}{ENDING}"


def trained_row(home: Home, target: Target) -> dict[str, str | int | float | None]:
    """Return the file's record of its training as one row of a table.

    Raises:
        InputError: the file does not exist.
        WeightsError: it is not a detector file.
    """
    path = trained_in(home, target)
    about = read_header(path).about
    return {"target": target, "sha256": sha256_of(path), **{name: about.get(name) for name in _ABOUT}}


def _rows(table: Path) -> Iterator[dict[str, Any]]:
    return read_table(table, ["name", "boxes", "reviewed", "problem"]).iter_rows(named=True)


def _image(subfolder: str, row: dict[str, Any]) -> LabeledImage:
    boxes = tuple(Box(*corners_of(box), class_id=box["class"]) for box in row["boxes"] or ())
    return LabeledImage(f"{subfolder}/{row['name']}", boxes=boxes, reviewed=row["reviewed"])
