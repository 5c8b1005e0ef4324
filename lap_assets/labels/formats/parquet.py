"""A Parquet table for `datasets`, one row per image: `file_name`, size, and `objects` as parallel lists.

`objects.bbox` is x, y, width, height in px; `objects.category` is a class's index, from 0, in the list of names (a
`ClassLabel`); the table's metadata has the classes' own numbers. If the table contains the images' bytes (`image`),
`load_dataset("parquet", …)` opens it from any folder; otherwise `file_name` is the path from the table's folder, which
`load_dataset("imagefolder", …)` follows if the table is named metadata.parquet.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.files import write_bytes
from lap_assets.core.json_text import parse_json
from lap_assets.core.labels.faults import Faults
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats.foreign_names import below_images
from lap_assets.labels.formats.hub_tables import as_own, classes_of, columns_of, unread_columns
from lap_assets.labels.formats.parquet_rows import metadata_of, rows_of
from lap_assets.labels.formats.parquet_schema import BOX_COLUMNS, COLUMNS, METADATA, arrow, schema
from lap_assets.labels.image_sizes import find_image
from lap_assets.labels.reading import Reading


def read(path: Path, reading: Reading) -> Annotations:
    """Read a table.

    Raises:
        FileError: it is not a regular file.
        LabelFileError: it is not a table of labels.
    """
    pa, _ = arrow()
    try:
        metadata, names = metadata_of(path)
        is_own = METADATA in metadata
        labels, below, index = _described(metadata, path)
        if not is_own:
            others = unread_columns(names)
            reading.tally.add(f"columns left out ({', '.join(others)[:80]})", str(path), len(others))
            labels = classes_of(metadata)
            index = {0: None} if labels.thing not in (None, "object") else None
        images = []
        for number, row in enumerate(rows_of(path, _columns(names, is_own=is_own)), 1):
            where = f"{path}: row {number}"
            with reading.faults.at(where):
                images.append(_image(row, index, below, where) if is_own else _of_hub(row, index, where, reading))
    except LabelFileError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        problem = str(error).split("\n")[0]
        raise LabelFileError(f"{path}: cannot be read as a table of labels ({problem})") from None
    return replace(labels, images=tuple(images))


def _columns(names: list[str], *, is_own: bool) -> list[str]:
    """Return the columns to read.

    Raises:
        InputError: a required column is missing.
    """
    if not is_own:
        return columns_of(names)
    if missing := [name for name in COLUMNS if name not in names]:
        raise InputError(f"it has no column {missing[0]}")
    return list(COLUMNS)


def write(labels: Annotations, path: Path, *, below: str = "", images: Path | None = None) -> None:
    """Write one table. `below`: the path from the table's folder to the images; `images`: embed the files in it.

    Raises:
        InputError: an image's size is unknown, or pyarrow is not installed.
        OSError: an image's file cannot be read.
    """
    write_bytes(path, content(labels, below=below, images=images))


def content(labels: Annotations, *, below: str = "", images: Path | None = None) -> bytes:
    """Return the table's bytes."""
    pa, pq = arrow()
    index = {id: number for number, id in enumerate(labels.names())}
    rows = [_row(image, labels, index, below, images) for image in labels.images]
    columns = schema(labels, below, with_images=images is not None)
    buffer = io.BytesIO()
    with pq.ParquetWriter(buffer, columns, compression="zstd") as writer:
        if rows:  # some readers fail on an empty row group
            writer.write_table(pa.Table.from_pylist(rows, columns), row_group_size=100 if images else 10_000)
    return buffer.getvalue()


def _row(
    image: LabeledImage, labels: Annotations, index: Mapping[int, int], below: str, images: Path | None
) -> dict[str, object]:
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
            "bbox": [[box.xmin, box.ymin, box.width, box.height] for box in boxes],
            "category": [index[labels.id_of(box)] for box in boxes],
            "score": [box.score for box in boxes],
            "ignore": [box.ignore for box in boxes],
            "crowd": [box.crowd for box in boxes],
            "attributes": [json.dumps(dict(box.attributes)) for box in boxes],
        },
    }
    if images:
        path = find_image(images, image.name) or images / image.name
        row["image"] = {"bytes": path.read_bytes(), "path": image.name}
    return row


def _described(metadata: Mapping[bytes, bytes], path: Path) -> tuple[Annotations, str, dict[int, int | None] | None]:
    """Return the classes in the table's metadata, the prefix of its image names, and the class of each category number
    (None: unchanged)."""
    faults = Faults()
    labels, below, index = Annotations((), thing="object"), "", None
    with faults.at(f"{path}: its metadata"):
        if METADATA in metadata:
            described = values.mapping(_json(metadata[METADATA]), "lap")
            named = values.mapping(values.of(described, "classes"), "classes")
            classes = {values.whole(id, "class"): values.text(name, "class") for id, name in named.items()}
            thing = values.of(described, "thing")
            labels = Annotations((), classes, None if thing is None else values.text(thing, "thing"))
            below = values.text(values.of(described, "below"), "below")
            if "ids" in described:
                ids = values.items(described["ids"], "ids")
                index = {number: None if id is None else values.whole(id, "ids") for number, id in enumerate(ids)}
            else:  # tables of older versions have the classes' own numbers
                index = {0 if 0 not in classes else max(classes) + 1: None, **{id: id for id in classes}}
    faults.raise_any()
    return labels, below, index


def _image(row: Mapping[str, Any], index: Mapping[int, int | None] | None, below: str, where: str) -> LabeledImage:
    name, width, height, split, reviewed, tier, model, found = (values.of(row, column) for column in COLUMNS)
    objects = values.mapping(found, "objects")
    columns = [values.items(values.of(objects, column), column) for column in BOX_COLUMNS]
    if len(set(map(len, columns))) > 1:
        raise InputError("the lists in objects differ in length")
    return LabeledImage(
        values.text(name, "file_name").removeprefix(below),
        None if width is None else values.side(width, "width"),
        None if height is None else values.side(height, "height"),
        tuple(_box(one, index) for one in zip(*columns, strict=True)),
        reviewed=None if reviewed is None else values.flag(reviewed, "reviewed"),
        tier=values.tier(tier),
        model=None if model is None else values.text(model, "model"),
        split=values.split(split),
        where=where,
    )


def _of_hub(
    row: Mapping[str, Any], index: Mapping[int, int | None] | None, where: str, reading: Reading
) -> LabeledImage:
    """Return the image of a row of another program's table; its size may be missing."""
    own = as_own(row)
    own["file_name"] = below_images(values.text(own["file_name"], "file_name"), reading, where)
    image = _image(own, index, "", where)
    if reading.images is None and reading.sizes is None:
        return image
    width, height = reading.size(image.name, image.width, image.height)
    return replace(image, width=width, height=height)


def _box(row: tuple[Any, ...], index: Mapping[int, int | None] | None) -> Box:
    bbox, category, score, ignore, crowd, attributes = row
    x, y, width, height = values.four(bbox, "bbox")
    number = None if category is None else values.whole(category, "category")
    if number is not None and index is not None and number not in index:
        raise InputError(f"there is no class {number}")
    class_id = number if number is None or index is None else index[number]
    return Box(
        x, y, x + width, y + height,
        class_id=class_id,
        score=None if score is None else values.number(score, "score"),
        ignore=values.flag(ignore, "ignore"),
        crowd=values.flag(crowd, "crowd"),
        attributes=() if attributes is None else values.attributes(_json(attributes)),
    )  # fmt: skip


def _json(content: object) -> Any:
    if not isinstance(content, str | bytes):
        raise InputError(f"expected JSON text, not {content!r}")
    return parse_json(content if isinstance(content, str) else content.decode(errors="replace"))
