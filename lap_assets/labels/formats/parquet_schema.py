"""The schema of the Parquet tables of labels, and loading pyarrow only when a table is read or written."""

import json
from types import ModuleType
from typing import Any, Final

from lap_assets.core.errors import InputError
from lap_assets.labels.annotations import Annotations

METADATA: Final = b"lap"
BOX_COLUMNS: Final = ("bbox", "category", "score", "ignore", "crowd", "attributes")
COLUMNS: Final = ("file_name", "width", "height", "split", "reviewed", "tier", "model", "objects")


def arrow() -> tuple[ModuleType, ModuleType]:
    """Import pyarrow and `pyarrow.parquet`, which the other formats do not need.

    Raises:
        InputError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # type: ignore[import-untyped]
        import pyarrow.parquet as pq  # type: ignore[import-untyped]
    except ImportError:
        raise InputError("the format parquet needs pyarrow, which is not installed: pip install pyarrow") from None
    return pa, pq


def schema(labels: Annotations, below: str, *, with_images: bool) -> Any:
    """Return the schema of a table. `below`: the prefix of names; `with_images`: with the images' bytes."""
    pa, _ = arrow()
    types = {"bbox": pa.list_(pa.float64()), "category": pa.int64(), "score": pa.float64(), "ignore": pa.bool_(),
             "crowd": pa.bool_(), "attributes": pa.string()}  # fmt: skip
    columns = {
        "file_name": pa.string(), "width": pa.int32(), "height": pa.int32(), "split": pa.string(),
        "reviewed": pa.bool_(), "tier": pa.string(), "model": pa.string(),
        "objects": pa.struct([(name, pa.list_(types[name])) for name in BOX_COLUMNS]),
    }  # fmt: skip
    ids = [None if labels.thing is not None and id == labels.thing_id else id for id in labels.names()]
    description = {"thing": labels.thing, "classes": dict(labels.classes), "below": below, "ids": ids}
    metadata = {METADATA: json.dumps(description, ensure_ascii=False).encode()}
    if with_images:
        columns = {"image": pa.struct([("bytes", pa.binary()), ("path", pa.string())]), **columns}
    features = _features(list(labels.distinct_names().values()), with_images=with_images)
    metadata[b"huggingface"] = json.dumps({"info": {"features": features}}, ensure_ascii=False).encode()
    return pa.schema(list(columns.items()), metadata)


def _features(names: list[str], *, with_images: bool) -> dict[str, object]:
    """Describe the columns for `datasets`: the image as a picture, the category as one of the names."""

    def value(dtype: str) -> dict[str, str]:
        return {"dtype": dtype, "_type": "Value"}

    def many(feature: object) -> dict[str, object]:
        return {"feature": feature, "_type": "List"}

    plain = {"file_name": "string", "width": "int32", "height": "int32", "split": "string", "reviewed": "bool",
             "tier": "string", "model": "string"}  # fmt: skip
    inside = {"score": "float64", "ignore": "bool", "crowd": "bool", "attributes": "string"}
    return {
        **({"image": {"_type": "Image"}} if with_images else {}),
        **{name: value(dtype) for name, dtype in plain.items()},
        "objects": {
            "bbox": many(many(value("float64"))),
            "category": many({"names": names, "_type": "ClassLabel"}),
            **{name: many(value(dtype)) for name, dtype in inside.items()},
        },
    }  # fmt: skip
