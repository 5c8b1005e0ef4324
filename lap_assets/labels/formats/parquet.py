"""A Parquet table, a row an image, as `datasets` opens it: `file_name`, size, and `objects` as lists side by side.

`objects.bbox` is x, y, width, height in px, `objects.category` a number that the table's metadata names. With the
images' bytes inside (`image`), `load_dataset("parquet", …)` opens it wherever it lies; without, `file_name` is the path
from the table's own folder, which `load_dataset("imagefolder", …)` follows where the table is called metadata.parquet.
"""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from lap_assets.core.errors import LabelFileError
from lap_assets.core.files import write_bytes
from lap_assets.labels.annotations import SPLITS, TIERS, Annotations, Box, LabeledImage
from lap_assets.labels.faults import Faults

_LAP: Final = b"lap"
_BOX: Final = pa.list_(pa.float64())
_OBJECTS: Final = pa.struct(
    [
        ("bbox", pa.list_(_BOX)),
        ("category", pa.list_(pa.int64())),
        ("score", pa.list_(pa.float64())),
        ("ignore", pa.list_(pa.bool_())),
        ("crowd", pa.list_(pa.bool_())),
        ("attributes", pa.list_(pa.string())),
    ]
)
_IMAGE: Final = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
_COLUMNS: Final = {
    "file_name": pa.string(), "width": pa.int32(), "height": pa.int32(), "split": pa.string(), "reviewed": pa.bool_(),
    "tier": pa.string(), "model": pa.string(), "objects": _OBJECTS,
}  # fmt: skip


def read(path: Path) -> Annotations:
    """The labels of a table.

    Raises:
        LabelFileError: what is wrong, each with its row.
    """
    try:
        table = pq.read_table(path, columns=list(_COLUMNS), partitioning=None)
    except (pa.ArrowException, OSError, ValueError) as error:
        said = str(error).split("\n")[0]
        raise LabelFileError([f"{path}: cannot be read as a table of labels ({said})"]) from None
    faults = Faults()
    with faults.noting(f"{path}: its metadata"):
        told = json.loads((table.schema.metadata or {}).get(_LAP, b'{"thing": "object", "classes": {}, "below": ""}'))
        classes = {int(number): str(name) for number, name in told["classes"].items()}
        labels = Annotations((), classes, str(told["thing"]))
    faults.complain()
    images = []
    for number, row in enumerate(table.to_pylist(), 1):
        with faults.noting(f"{path}: row {number}"):
            images.append(_image(row, labels, told["below"], f"{path}: row {number}"))
    faults.complain()
    return Annotations(tuple(images), labels.classes, labels.thing)


def write(labels: Annotations, path: Path, *, below: str = "", images: Path | None = None) -> None:
    """Writes one table. `below`: the folder of images, from the table's own; `images`: embed the files that lie there.

    Raises:
        ValueError: an image's size is not known, or its file cannot be read.
    """
    write_bytes(path, content(labels, below=below, images=images))


def content(labels: Annotations, *, below: str = "", images: Path | None = None) -> bytes:
    """The table's bytes."""
    rows = [_row(image, labels.thing_id, below, images) for image in labels.images]
    columns = {"image": _IMAGE, **_COLUMNS} if images else _COLUMNS
    told = {"thing": labels.thing, "classes": dict(labels.classes), "below": below}
    metadata: dict[bytes, bytes] = {_LAP: json.dumps(told, ensure_ascii=False).encode()}
    if images:
        metadata[b"huggingface"] = json.dumps({"info": {"features": _features()}}).encode()
    schema = pa.schema(list(columns.items()), metadata)
    kept = io.BytesIO()
    with pq.ParquetWriter(kept, schema, compression="zstd") as writer:
        if rows:  # a group of no rows is more than some readers can take
            writer.write_table(pa.Table.from_pylist(rows, schema), row_group_size=100 if images else 10_000)
    return kept.getvalue()


def _row(image: LabeledImage, thing_id: int, below: str, images: Path | None) -> dict[str, object]:
    width, height = image.size
    boxes = image.boxes
    row: dict[str, object] = {
        "file_name": below + image.name,
        "width": width,
        "height": height,
        "split": image.split,
        "reviewed": image.reviewed,
        "tier": image.tier,
        "model": image.model,
        "objects": {
            "bbox": [[box.x0, box.y0, box.width, box.height] for box in boxes],
            "category": [thing_id if box.category is None else box.category for box in boxes],
            "score": [box.score for box in boxes],
            "ignore": [box.ignore for box in boxes],
            "crowd": [box.crowd for box in boxes],
            "attributes": [json.dumps(dict(box.attributes)) for box in boxes],
        },
    }
    if images:
        row["image"] = {"bytes": (images / image.name).read_bytes(), "path": image.name}
    return row


def _image(row: Mapping[str, Any], labels: Annotations, below: str, where: str) -> LabeledImage:
    if row["tier"] not in (None, *TIERS) or row["split"] not in (None, *SPLITS):
        raise ValueError(f"tier {row['tier']!r} or split {row['split']!r} is none that there is")
    objects = row["objects"]
    columns = zip(*(objects[field.name] for field in _OBJECTS), strict=True)
    boxes = [
        Box(
            x, y, x + width, y + height, None if category == labels.thing_id else category, score,
            bool(ignore), bool(crowd), tuple(json.loads(attributes).items()),
        )
        for (x, y, width, height), category, score, ignore, crowd, attributes in columns
    ]  # fmt: skip
    return LabeledImage(
        row["file_name"].removeprefix(below), row["width"], row["height"], tuple(boxes), reviewed=row["reviewed"],
        tier=row["tier"], model=row["model"], split=row["split"], where=where,
    )  # fmt: skip


def _features() -> dict[str, object]:
    """The columns in the words of `datasets`, which otherwise would not know that `image` is a picture."""

    def value(dtype: str) -> dict[str, str]:
        return {"dtype": dtype, "_type": "Value"}

    def many(feature: object) -> dict[str, object]:
        return {"feature": feature, "_type": "List"}

    plain = {"file_name": "string", "width": "int32", "height": "int32", "split": "string", "reviewed": "bool",
             "tier": "string", "model": "string"}  # fmt: skip
    inside = {"category": "int64", "score": "float64", "ignore": "bool", "crowd": "bool", "attributes": "string"}
    return {
        "image": {"_type": "Image"},
        **{name: value(dtype) for name, dtype in plain.items()},
        "objects": {
            "bbox": many(many(value("float64"))), **{name: many(value(dtype)) for name, dtype in inside.items()}
        },
    }  # fmt: skip
