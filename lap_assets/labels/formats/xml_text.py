"""Parsing untrusted label files in XML, in any declared encoding and without entity expansion.

Document types and entities are rejected before parsing, so nothing can expand. Text is decoded here because the parser
supports few encodings.
"""

import codecs
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Final

from lap_assets.core.errors import FileError, InputError, LabelFileError
from lap_assets.core.labels.faults import content_of, text_of
from lap_assets.core.reading import open_regular

_BOMS: Final = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DECLARATION: Final = re.compile(r"\s*<\?xml\b[^>]{0,200}\?>")
_ENCODING: Final = re.compile(rb"""<\?xml\b[^>]{0,160}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']""")


def root_of(path: Path) -> ET.Element:
    """Return the root element of a file; tags are without namespaces.

    Raises:
        LabelFileError: the file is missing, or not in its declared encoding.
        InputError: it declares a document type, or is not XML.
    """
    content = _decoded(path)
    if "<!DOCTYPE" in content or "<!ENTITY" in content:
        raise InputError("it declares a document type, which no label file needs")
    if not content.strip():
        raise InputError("it is empty")
    try:
        root = ET.fromstring(_DECLARATION.sub("", content, count=1))  # noqa: S314  nothing is declared in it
    except (ET.ParseError, ValueError, RecursionError) as error:
        raise InputError(f"not XML ({error})") from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]  # without its namespace
    return root


def root_name(path: Path) -> str | None:
    """Return the name of a file's root element, from its first 4 KB; None if it is not XML."""
    try:
        with open_regular(path) as opened:
            head = opened.read(4096)
    except (OSError, FileError):
        return None
    found = re.search(rb"<([A-Za-z][\w.-]{0,60})[\s>/]", head.replace(b"\0", b""))
    return found[1].decode() if found else None


def text_at(element: ET.Element, path: str) -> str:
    """Return the text of a child element.

    Raises:
        InputError: there is none.
    """
    found = element.findtext(path)
    if found is None:
        raise InputError(f"it has no {path}")
    return found.strip()


def _decoded(path: Path) -> str:
    head = content_of(path)[:400]
    declared = _ENCODING.search(head)
    encoding = next((name for mark, name in _BOMS.items() if head.startswith(mark)), None)
    encoding = encoding or (declared[1].decode().lower() if declared else "utf-8")
    if encoding.replace("_", "-") in ("utf-8", "utf8", "us-ascii", "ascii"):
        return text_of(path)
    try:
        if not codecs.lookup(encoding)._is_text_encoding:
            raise LookupError
        return content_of(path).decode(encoding)
    except LookupError:
        raise InputError(f"it declares the unknown encoding {encoding}") from None
    except UnicodeError as error:
        raise LabelFileError(f"{path}: not {encoding} ({error})") from None
