"""A release's boxes as a plain table, a row a box: for spreadsheets, and for what Croissant calls a bounding box."""

import polars as pl

from lap_assets.core.box import shortest
from lap_assets.labels.annotations import Annotations, LabeledImage

FOLDER = "boxes"
_COLUMNS = {
    "image": pl.String, "name": pl.String, "split": pl.String, "bbox": pl.String, "category": pl.String,
    "category_id": pl.Int64, "score": pl.Float64, "ignore": pl.Boolean, "reviewed": pl.Boolean, "tier": pl.String,
}  # fmt: skip


def path_of(kind: str) -> str:
    """The table of a kind, within a release."""
    return f"{FOLDER}/{kind}.csv"


def text(labels: Annotations) -> str:
    """The table as CSV. `bbox`: x, y, width, height in px, with spaces between them; `category_id`: COCO's."""
    names = labels.names()
    rows = [row for image in labels.images for row in _rows(image, labels, names)]
    return pl.DataFrame(rows, _COLUMNS, orient="row").write_csv()


def _rows(image: LabeledImage, labels: Annotations, names: dict[int, str]) -> list[tuple[object, ...]]:
    same = (image.reviewed, image.tier)
    return [
        (
            image.name, image.name.rpartition("/")[2], image.split,
            " ".join(map(shortest, (box.xmin, box.ymin, box.width, box.height))),
            names[labels.id_of(box)], labels.id_of(box), box.score, box.ignore, *same,
        )
        for box in image.boxes
    ]  # fmt: skip
