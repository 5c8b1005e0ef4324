"""Detecting the format of labels from the path and, if that is not enough, from the first lines. No reading here."""

import re
from pathlib import Path
from typing import Final

from lap_assets.core.errors import FileError, InputError
from lap_assets.core.reading import open_regular
from lap_assets.labels.any_case import child, with_ending
from lap_assets.labels.formats.coco_tree import parts_of
from lap_assets.labels.formats.xml_text import root_name
from lap_assets.labels.formats.yolo import NAMES
from lap_assets.labels.formats.yolo_text import DATA

_HEAD: Final = 65_536
_XML: Final = {"annotation": "voc", "annotations": "cvat", "book": "manga109"}
_ROW: Final = re.compile(r"\s*[0-9]+(?:\.0*)?(?: +[0-9.eE+-]+){4,}\s*(?:\n|$)")
_PICTURE: Final = re.compile(r"\S.*\.(?:jpe?g|png|webp|bmp|gif|tiff?|avif)", re.IGNORECASE)
_ARCHIVES: Final = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".zst")
_STUDIO: Final = ('"annotations"', '"predictions"', '"result"', '"rectanglelabels"', '"original_width"')
_LABELME: Final = ('"shapes"', '"imagePath"', '"imageData"')
_SHOWN: Final = 3


def sniffed(path: Path) -> str | None:
    """Return the format's name; None if neither path nor content shows it.

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
        return _XML.get(root_name(path) or "")
    return _of_text(path) if suffix == ".txt" else None


def _of_folder(path: Path) -> str | None:
    if (path / DATA).exists():
        return "yolo"
    if parts_of(path):
        return "coco"
    annotations = child(path, "Annotations")
    own = [*with_ending(path, ".xml", deep=False), *(with_ending(annotations, ".xml") if annotations.is_dir() else [])]
    root = _XML.get(root_name(own[0]) or "") if own else None
    if root is not None or annotations.is_dir() or child(path, "ImageSets").is_dir():
        return root or "voc"
    if any(_of_json(_head(json)) == "labelme" for json in with_ending(path, ".json")[:_SHOWN]):
        return "labelme"
    if with_ending(path, ".yaml", ".yml", deep=False) or any(child(path, name).is_file() for name in NAMES):
        return "yolo"
    return next((found for found in map(_of_rows, with_ending(path, ".txt")) if found), None)


def _of_rows(text: Path) -> str | None:
    """Return the format of a text file about one image."""
    head = _head(text)
    if _ROW.match(head):
        return "yolo"
    lines = head.splitlines()
    return "wider" if len(lines) > 1 and lines[1].strip().isdigit() else None


def _of_json(head: str) -> str:
    start = head.lstrip()[:1]
    is_dataturks = '"content"' in head and '"annotation"' in head and '"images"' not in head
    if is_dataturks:
        return "dataturks"
    is_task = start == "[" or '"images"' not in head
    if is_task and '"bbox"' not in head and _has_tasks(head):
        return "labelstudio"
    if start != "[" and '"images"' not in head and any(word in head for word in _LABELME):
        return "labelme"
    return "coco"


def _has_tasks(head: str) -> bool:
    """Return whether JSON looks like Label Studio's tasks, in the long or the short form."""
    return any(word in head for word in _STUDIO[3:]) or ('"data"' in head and any(word in head for word in _STUDIO[:3]))


def _of_text(path: Path) -> str:
    lines = [line.strip() for line in _head(path).splitlines() if line.strip()][:2]
    if path.name.startswith("wider_") and not (lines and lines[0].startswith("#")):
        return "wider"
    if lines and lines[0].startswith("#") and _PICTURE.fullmatch(lines[0][1:].strip()):
        return "retinaface"
    if len(lines) == 2 and _PICTURE.fullmatch(lines[0]) and lines[1].isdigit():
        return "wider"
    return "lap"


def _head(path: Path) -> str:
    """Return the beginning of a file; empty if it is unreadable."""
    try:
        with open_regular(path) as opened:
            return opened.read(_HEAD).decode("utf-8-sig", errors="replace")
    except (OSError, FileError):
        return ""


def named(path: Path, formats: tuple[str, ...]) -> str:
    """Return the format's name.

    Raises:
        InputError: neither path nor content shows it, or it is an archive.
    """
    if path.suffix.lower() in _ARCHIVES and not path.is_dir():
        raise InputError(f"{path}: an archive; unpack it, and name the folder or file in it")
    found = sniffed(path)
    if found is None:
        raise InputError(f"{path}: unknown format{_inside(path)}; name one of {', '.join(formats)} (--from)")
    return found


def _inside(path: Path) -> str:
    """Describe the contents of a folder of unknown format, for a message."""
    if not path.is_dir():
        return ""
    holds = sorted(one for one in path.iterdir() if not one.name.startswith("."))
    if not holds:
        return " (an empty folder)"
    meant = next((f"; {one} looks like {name}" for one in holds if one.is_dir() and (name := _of_folder(one))), "")
    more = ", …" if len(holds) > _SHOWN else ""
    return f" (it holds {', '.join(one.name for one in holds[:_SHOWN])}{more}){meant}"
