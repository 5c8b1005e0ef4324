"""Which format labels are in, by their path and, where that leaves it open, by the first lines. No reading here."""

import re
from pathlib import Path
from typing import Final

from lap_assets.core.errors import FileError, InputError
from lap_assets.core.reading import open_regular
from lap_assets.labels.formats.coco_tree import parts_of
from lap_assets.labels.formats.xml_text import root_name
from lap_assets.labels.formats.yolo import NAMES
from lap_assets.labels.formats.yolo_text import DATA

_HEAD: Final = 65_536
_XML: Final = {"annotation": "voc", "annotations": "cvat", "book": "manga109"}
_ROW: Final = re.compile(r"\s*[0-9]+(?:\.0*)?(?: +[0-9.eE+-]+){4,}\s*(?:\n|$)")
_PICTURE: Final = re.compile(r"\S.*\.(?:jpe?g|png|webp|bmp)", re.IGNORECASE)


def sniffed(path: Path) -> str | None:
    """The format's name; None where neither path nor content shows it.

    Raises:
        InputError: a folder holds several data sets.
    """
    suffix = path.suffix.lower()
    if path.is_dir():
        return _of_folder(path)
    if suffix in (".json", ".jsonl"):
        return _of_json(_head(path))
    by_name = {".parquet": "parquet", ".yaml": "yolo", ".yml": "yolo", ".csv": "icartoonface"}
    if suffix in by_name:
        return by_name[suffix] if suffix != ".csv" or path.exists() else None
    if suffix == ".xml":
        root = root_name(path)
        return None if root == "annotation" else _XML.get(root or "")
    return _of_text(path) if suffix == ".txt" else None


def _of_folder(path: Path) -> str | None:
    if (path / DATA).exists():
        return "yolo"
    if parts_of(path):
        return "coco"
    xml = _first(path, "*.xml", "Annotations/*.xml", "annotations/*.xml")
    root = _XML.get(root_name(xml) or "") if xml is not None else None
    if root is not None or (path / "Annotations").is_dir() or (path / "ImageSets").is_dir():
        return root or "voc"
    json = _first(path, "*.json")
    if json is not None and _of_json(_head(json)) == "labelme":
        return "labelme"
    if _first(path, "*.yaml", "*.yml", *NAMES) is not None:
        return "yolo"
    texts = sorted(path.rglob("*.txt"))
    return next((found for found in map(_of_rows, texts) if found), None)


def _first(path: Path, *patterns: str) -> Path | None:
    """The first file of the first pattern that has one."""
    return next((found for pattern in patterns for found in sorted(path.glob(pattern))), None)


def _of_rows(text: Path) -> str | None:
    """The format of a text file that is about one image."""
    head = _head(text)
    if _ROW.match(head):
        return "yolo"
    lines = head.splitlines()
    return "wider" if len(lines) > 1 and lines[1].strip().isdigit() else None


def _of_json(head: str) -> str:
    start = head.lstrip()[:1]
    if start == "[":
        is_studio = '"data"' in head and ('"annotations"' in head or '"predictions"' in head or '"result"' in head)
        return "labelstudio" if is_studio else "coco"
    if '"shapes"' in head and '"images"' not in head:
        return "labelme"
    return "dataturks" if '"content"' in head and '"annotation"' in head and '"images"' not in head else "coco"


def _of_text(path: Path) -> str:
    lines = [line.strip() for line in _head(path).splitlines() if line.strip()][:2]
    if path.name.startswith("wider_") and not (lines and lines[0].startswith("#")):
        return "wider"
    if lines and lines[0].startswith("# ") and _PICTURE.fullmatch(lines[0][2:].strip()):
        return "retinaface"
    if len(lines) == 2 and _PICTURE.fullmatch(lines[0]) and lines[1].isdigit():
        return "wider"
    return "lap"


def _head(path: Path) -> str:
    """The beginning of a file; empty where there is none."""
    try:
        with open_regular(path) as opened:
            return opened.read(_HEAD).decode("utf-8-sig", errors="replace")
    except (OSError, FileError):
        return ""


def named(path: Path, formats: tuple[str, ...]) -> str:
    """As `sniffed`.

    Raises:
        InputError: nothing shows it.
    """
    found = sniffed(path)
    if found is None:
        raise InputError(f"{path}: unknown format; name one of {', '.join(formats)}")
    return found
