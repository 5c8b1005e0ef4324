"""A release described in Croissant (MLCommons, JSON-LD): which files there are, and what is in their tables."""

import json
from collections.abc import Mapping
from typing import Any, Final

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
    "tier": ("sc:Text", "who made the boxes: manual, refined or machine"), "model": ("sc:Text", "of a machine's boxes"),
}  # fmt: skip
_OF_THE_MANIFEST: Final = {
    "name": ("sc:Text", "the image's file"), "url": ("sc:URL", "where it came from"),
    "fetched": ("sc:Date", "on which day"), "sha256": ("sc:Text", "of the image"),
    "original_sha256": ("sc:Text", "of the file as it came"), "action": ("sc:Text", "what was done to it"),
}  # fmt: skip


def croissant(
    version: str, sums: Mapping[str, str], kinds: Present, licence: str, day: str, *, is_drawn: bool = False
) -> str:
    """The description's text. `sums`: the checksum of each file; `day`: of the newest poster, YYYY-MM-DD."""
    files = [_file(MANIFEST, "text/csv", sums)]
    records = [_records("manifest", MANIFEST, _OF_THE_MANIFEST)]
    for kind, splits in kinds.items():
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


def _file(path: str, kind: str, sums: Mapping[str, str]) -> dict[str, Any]:
    fields = {"@id": path, "name": path, "contentUrl": path, "encodingFormat": kind, "sha256": sums[path]}
    return {"@type": "cr:FileObject", **fields}


def _records(name: str, path: str, fields: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{column}",
                "name": column,
                "description": description,
                "dataType": kind,
                "source": {"fileObject": {"@id": path}, "extract": {"column": column}},
            }
            for column, (kind, description) in fields.items()
        ],
    }
