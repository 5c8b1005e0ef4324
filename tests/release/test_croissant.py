"""`croissant.json` follows Croissant 1.0: names, references, columns, checksums, pictures and boxes."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from PIL import Image

from lap_assets.labels.formats import read_labels

NODES = {
    "sc:Dataset": {"@context", "name", "description", "license", "url", "version", "datePublished", "citeAs",
                   "conformsTo", "distribution", "recordSet"},
    "cr:FileObject": {"@id", "name", "description", "contentUrl", "encodingFormat", "sha256"},
    "cr:FileSet": {"@id", "name", "description", "encodingFormat", "includes"},
    "cr:RecordSet": {"@id", "name", "key", "field"},
    "cr:Field": {"@id", "name", "description", "dataType", "source"},
}  # fmt: skip
REQUIRED = {
    "sc:Dataset": {"@context", "name", "description", "license", "url", "datePublished", "conformsTo"},
    "cr:FileObject": {"@id", "contentUrl", "encodingFormat", "sha256"},
    "cr:FileSet": {"@id", "includes", "encodingFormat"},
    "cr:RecordSet": {"@id", "field"},
    "cr:Field": {"@id", "dataType", "source"},
}
SOURCE = {"fileObject", "fileSet", "extract", "transform", "format"}
ATOMIC = {"sc:Boolean", "sc:Date", "sc:Float", "sc:Integer", "sc:Text", "sc:URL"}
TYPES = ATOMIC | {"sc:ImageObject", "cr:BoundingBox"}
BOXES = {"XYXY", "YXYX", "XYWH", "CENTER_XYWH", "REL_XYXY", "REL_XYWH"}  # Keras's names


@pytest.fixture
def described(small_release: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((small_release / "croissant.json").read_text())
    return read


def nodes(part: object) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "@type" in part and "@context" not in part.get("@type", ""):
            yield part
        for name, inner in part.items():
            if name != "@context":
                yield from nodes(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from nodes(inner)


def test_every_node_has_what_the_standard_requires_and_nothing_else(described: dict[str, Any]) -> None:
    found = list(nodes(described))
    assert {node["@type"] for node in found} == set(NODES)
    for node in found:
        kind = node["@type"]
        assert REQUIRED[kind] <= node.keys() <= NODES[kind] | {"@type"}, node
    ids = [node["@id"] for node in found if "@id" in node]
    assert len(ids) == len(set(ids))
    assert described["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    context = described["@context"]
    assert (context["cr"], context["sc"]) == ("http://mlcommons.org/croissant/", "https://schema.org/")
    used = {name for node in found for name in node if not name.startswith("@")} | SOURCE | {"column", "fileProperty"}
    of_schema = {"name", "description", "license", "url", "version", "datePublished", "distribution", "contentUrl",
                 "encodingFormat", "sha256"}  # fmt: skip
    assert used - of_schema <= context.keys()


def test_every_field_has_an_existing_source(described: dict[str, Any], small_release: Path) -> None:
    files = {one["@id"]: one for one in described["distribution"]}
    for records in described["recordSet"]:
        for field in records["field"]:
            assert field["@id"] == f"{records['@id']}/{field['name']}"
            assert field["dataType"] in TYPES
            source = field["source"]
            assert source.keys() <= SOURCE
            if "fileSet" in source:
                assert files[source["fileSet"]["@id"]]["@type"] == "cr:FileSet"
                assert source["extract"]["fileProperty"] in {"fullpath", "filename", "content"}
                continue
            path = small_release / files[source["fileObject"]["@id"]]["contentUrl"]
            table = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path, infer_schema=False)
            assert source["extract"]["column"] in table.columns
        if "key" in records:
            assert records["key"]["@id"] in {field["@id"] for field in records["field"]}


def test_checksums_are_those_of_the_files(described: dict[str, Any], small_release: Path) -> None:
    for one in described["distribution"]:
        if one["@type"] == "cr:FileObject":
            content = (small_release / one["contentUrl"]).read_bytes()
            assert one["sha256"] == hashlib.sha256(content).hexdigest()


def test_the_images_are_all_images_and_each_once(described: dict[str, Any], small_release: Path) -> None:
    (images,) = (one for one in described["distribution"] if one["@type"] == "cr:FileSet")
    found = [path for pattern in images["includes"] for path in small_release.glob(pattern)]
    manifest = pl.read_csv(small_release / "manifest.csv", infer_schema=False)
    assert sorted(path.name for path in found) == sorted(manifest["name"])
    for path in found:
        with Image.open(path) as picture:
            assert picture.size == (60, 80)


def test_the_boxes_are_those_of_the_release(described: dict[str, Any], small_release: Path) -> None:
    (records,) = (one for one in described["recordSet"] if one["@id"] == "faces_boxes")
    (bbox,) = (field for field in records["field"] if field["dataType"] == "cr:BoundingBox")
    assert bbox["source"]["format"] in BOXES
    assert bbox["source"]["format"] == "XYWH"
    separator = bbox["source"]["transform"]["separator"]
    table = pl.read_csv(small_release / bbox["source"]["fileObject"]["@id"])
    listed = [
        (row["image"], *map(float, row["bbox"].split(separator)), row["category"], row["score"], row["split"])
        for row in table.iter_rows(named=True)
    ]
    labels = read_labels(small_release / "coco" / "faces.json")
    names = labels.names()
    assert listed == [
        (image.name, box.xmin, box.ymin, box.width, box.height, names[labels.id_of(box)], box.score, image.split)
        for image in labels.images
        for box in image.boxes
    ]
    assert set(table["name"]) <= {Path(name).name for name in table["image"]}
