"""A release's boxes as a plain table, one row per box: for spreadsheets, and for Croissant's bounding boxes."""

import polars as pl

from lap_assets.core.box import shortest
from lap_assets.labels.annotations import Annotations, LabeledImage

FOLDER = "boxes"
_COLUMNS = {
    "image": pl.String, "name": pl.String, "split": pl.String, "bbox": pl.String, "category": pl.String,
    "category_id": pl.Int64, "score": pl.Float64, "ignore": pl.Boolean, "reviewed": pl.Boolean, "tier": pl.String,
}  # fmt: skip


def path_of(kind: str) -> str:
    """Return the path of a kind's table within a release."""
    return f"{FOLDER}/{kind}.csv"


def text(labels: Annotations) -> str:
    """Return the table as CSV. `bbox`: x, y, width, height in px, separated by spaces; `category_id`: as in COCO."""
    names = labels.names()
    rows = [row for image in labels.images for row in _rows(image, labels, names)]
    return pl.DataFrame(rows, _COLUMNS, orient="row").write_csv()


def _rows(image: LabeledImage, labels: Annotations, names: dict[int, str]) -> list[tuple[object, ...]]:
    of_image = (image.reviewed, image.tier)
    return [
        (
            image.name, image.name.rpartition("/")[2], image.split,
            " ".join(map(shortest, (box.xmin, box.ymin, box.width, box.height))),
            names[labels.id_of(box)], labels.id_of(box), box.score, box.ignore, *of_image,
        )
        for box in image.boxes
    ]  # fmt: skip
