"""Converting other tables on dataset hubs (`image_id`, `image`, `objects`) to the rows of LAP's own tables.

The image's name is `file_name` or the path in `image`; the class names come from the `ClassLabel` in the table's
metadata, if it has one. `objects` holds parallel lists, or is a list of boxes.
"""

from collections.abc import Mapping
from typing import Any, Final

from lap_assets.core.errors import InputError
from lap_assets.core.json_text import parse_json
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations
from lap_assets.labels.formats.parquet_schema import BOX_COLUMNS, COLUMNS

DESCRIPTION: Final = b"huggingface"
_CATEGORY: Final = ("category", "categories", "category_id", "label", "labels")


def columns_of(names: list[str]) -> list[str]:
    """Return the columns to read from a table with the columns `names`.

    Raises:
        InputError: a required column is missing.
    """
    if "objects" not in names:
        raise InputError("it has no column objects")
    if not {"file_name", "image"}.intersection(names):
        raise InputError("it has neither a column file_name nor image, so the images have no names")
    own: list[str] = [name for name in COLUMNS if name in names]
    return own if "file_name" in own else [*own, "image.path"]


def unread_columns(names: list[str]) -> list[str]:
    """Return the columns that labels cannot represent."""
    return [name for name in names if name not in {*COLUMNS, "image", "image_id"}]


def classes_of(metadata: Mapping[bytes, bytes]) -> Annotations:
    """Return the classes in a table's metadata, without images; no classes if it has none."""
    try:
        described = parse_json(metadata.get(DESCRIPTION, b"null").decode(errors="replace"))
    except InputError:
        described = None
    names = _class_names(described)
    if not names:
        return Annotations((), thing="object")
    return Annotations((), {}, names[0]) if len(names) == 1 else Annotations((), dict(enumerate(names)), None)


def as_own(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with the columns of LAP's tables; missing values are None."""
    image = row.get("image")
    name = row.get("file_name") or (image.get("path") if isinstance(image, Mapping) else None)
    if not name:
        raise InputError("its image has no path, so it has no name")
    return {**dict.fromkeys(COLUMNS), **row, "file_name": name, "objects": _objects(row.get("objects"))}


def _objects(found: Any) -> dict[str, list[Any]]:
    if isinstance(found, list):
        rows = [values.mapping(one, "objects") for one in found]
        found = {name: [row.get(name) for row in rows] for name in {name for row in rows for name in row}}
    lists = values.mapping(found or {}, "objects")
    category = next((lists[name] for name in _CATEGORY if name in lists), None)
    boxes = values.items(lists.get("bbox") or [], "bbox")
    empty = [None] * len(boxes)
    own = {name: lists.get(name) or empty for name in BOX_COLUMNS}
    return {**own, "bbox": list(boxes), "category": category or empty, "attributes": empty}


def _class_names(described: Any) -> list[str]:
    """Return the names of the first ClassLabel in the metadata."""
    waiting = [described]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            if one.get("_type") == "ClassLabel" and isinstance(one.get("names"), list):
                return [str(name) for name in one["names"]]
            one = list(one.values())
        waiting += reversed(one if isinstance(one, list) else [])
    return []
