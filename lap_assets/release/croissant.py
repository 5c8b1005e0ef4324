"""A release's description in Croissant 1.0 (MLCommons, JSON-LD): its pictures, boxes and tables.

The standard: docs.mlcommons.org/croissant/docs/croissant-spec.html. The pictures are a `FileSet` in the description's
own folder. Boxes come from a table with one row per box, because readers differ in how they unpack nested lists.
Rows refer to a picture by its name; there are no `references`, because readers would join whole tables.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from lap_assets.release.box_tables import path_of
from lap_assets.release.labels import Present
from lap_assets.release.layout import MANIFEST
from lap_assets.release.texts import NAME, REPOSITORY, description_of, licence_line

_CONTEXT: Final[dict[str, Any]] = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet",
    "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath",
    "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace",
    "sc": "https://schema.org/", "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField",
    "transform": "cr:transform",
}  # fmt: skip
_OF_A_TABLE: Final = {
    "file_name": ("sc:Text", "the image's path: images/, its subfolder, its name"), "width": ("sc:Integer", "in px"),
    "height": ("sc:Integer", "in px"), "split": ("sc:Text", "train, val or test"),
    "reviewed": ("sc:Boolean", "whether a person has reviewed the image"),
    "tier": ("sc:Text", "who made the boxes: manual, refined, audited or machine"),
    "model": ("sc:Text", "of a machine's boxes"),
}  # fmt: skip
_OF_THE_MANIFEST: Final = {
    "name": ("sc:Text", "the image's file"), "url": ("sc:URL", "where it came from"),
    "fetched": ("sc:Date", "on which day"), "sha256": ("sc:Text", "of the image"),
    "original_sha256": ("sc:Text", "of the file as it came"), "action": ("sc:Text", "what was done to it"),
}  # fmt: skip
_OF_A_BOX: Final = {
    "name": ("sc:Text", "of the image, as images/name has it"),
    "image": ("sc:Text", "the image's path: its subfolder, its name"),
    "split": ("sc:Text", "train, val or test"),
    "bbox": ("cr:BoundingBox", "x, y, width and height in px of the upright image"),
    "category": ("sc:Text", "what it is; face or head where nobody has given it a class"),
    "category_id": ("sc:Integer", "the category's number in the COCO files"),
    "score": ("sc:Float", "of a machine's box; none for a person's"),
    "ignore": ("sc:Boolean", "whether it counts neither as a hit nor as a mistake"),
    "reviewed": ("sc:Boolean", "whether a person has reviewed the image"),
    "tier": ("sc:Text", "who made the boxes: manual, refined, audited or machine"),
}
_IMAGES: Final = "image-files"
Node = dict[str, Any]


def croissant(
    version: str,
    sums: Mapping[str, str],
    kinds: Present,
    licence: str,
    day: str,
    *,
    subfolders: Sequence[str],
    is_drawn: bool = False,
) -> str:
    """Return the description's text. `sums`: each file's checksum; `day`: of the newest poster, YYYY-MM-DD."""
    files = [_file(MANIFEST, "text/csv", sums), *_pictures(subfolders)]
    records = [_records("manifest", MANIFEST, _OF_THE_MANIFEST), *(_records_of_pictures() if subfolders else ())]
    for kind, splits in kinds.items():
        files.append(_file(path_of(kind), "text/csv", sums))
        records.append(_records(f"{kind}_boxes", path_of(kind), _OF_A_BOX))
        for split in splits:
            path = f"parquet/{kind}/{split}/metadata.parquet"
            files.append(_file(path, "application/x-parquet", sums))
            records.append(_records(f"{kind}_{split}", path, _OF_A_TABLE))
    description = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": NAME,
        "description": description_of(is_drawn=is_drawn),
        "license": licence_line(licence, is_drawn=is_drawn),
        "url": REPOSITORY,
        "version": f"{int(version.lstrip('v'))}.0.0",
        "datePublished": day,
        "citeAs": f"{NAME}, {version}. {REPOSITORY}",
        "distribution": files,
        "recordSet": records,
    }
    return json.dumps(description, indent=1, ensure_ascii=False) + "\n"


def _file(path: str, kind: str, sums: Mapping[str, str]) -> Node:
    fields = {"@id": path, "name": path, "contentUrl": path, "encodingFormat": kind, "sha256": sums[path]}
    return {"@type": "cr:FileObject", **fields}


def _pictures(subfolders: Sequence[str]) -> list[Node]:
    """Describe the images, each once: the formats' folders hold links to the same files."""
    if not subfolders:
        return []
    about = "the images, by subfolder; a JPEG, PNG or WebP by its bytes, whatever its name says"
    return [
        {
            "@type": "cr:FileSet", "@id": _IMAGES, "name": _IMAGES, "description": about,
            "encodingFormat": "image/jpeg", "includes": [f"{subfolder}/*.jpg" for subfolder in subfolders],
        }
    ]  # fmt: skip


def _records_of_pictures() -> list[Node]:
    of_files = {
        "name": ("sc:Text", "the image's file name, which no other image has", "filename"),
        "image": ("sc:ImageObject", "the image itself", "content"),
    }
    fields = [
        _field("images", name, kind, text, {"fileSet": {"@id": _IMAGES}, "extract": {"fileProperty": what}})
        for name, (kind, text, what) in of_files.items()
    ]
    return [
        {"@type": "cr:RecordSet", "@id": "images", "name": "images", "key": {"@id": "images/name"}, "field": fields}
    ]


def _records(name: str, path: str, fields: Mapping[str, tuple[str, str]]) -> Node:
    found = []
    for column, (kind, text) in fields.items():
        source: Node = {"fileObject": {"@id": path}, "extract": {"column": column}}
        if kind == "cr:BoundingBox":
            source |= {"transform": {"separator": " "}, "format": "XYWH"}
        found.append(_field(name, column, kind, text, source))
    return {"@type": "cr:RecordSet", "@id": name, "name": name, "field": found}


def _field(records: str, column: str, kind: str, text: str, source: Node) -> Node:
    return {
        "@type": "cr:Field",
        "@id": f"{records}/{column}",
        "name": column,
        "description": text,
        "dataType": kind,
        "source": source,
    }
