"""Names of images in labels: paths below the folder of images, with slashes. Paths that lead out of it are refused.

File names of posters are in `core.names`.
"""

import re
from typing import Final

from lap_assets.core.errors import NameInvalid

_LONGEST: Final = 250  # bytes of a file's name, which leaves room for another suffix
_IN_NO_LINE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_NOT_ON_WINDOWS: Final = re.compile(
    r"""[:*?"<>|]|[. ](?:/|$)|(?:^|/)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.[^/]*)?(?:/|$)""", re.IGNORECASE
)


def check_name(name: str) -> str:
    """Check a name for LAP's own label files, and return it unchanged.

    Raises:
        NameInvalid: it is empty, absolute, leads out of the folder, or has characters that a line of text cannot hold.
    """
    is_absolute = name.startswith("/") or name[1:2] == ":"
    if is_absolute or _IN_NO_LINE.search(name) or {"", ".", ".."}.intersection(name.split("/")):
        raise NameInvalid(f"{name!r} is not the name of a file below the folder of images")
    return name


def portable_name(text: str) -> str:
    """Check a name for all label formats, and return it with slashes for backslashes.

    Raises:
        NameInvalid: it leads out of the folder, is too long, or has characters that text lines or XML cannot hold.
    """
    name = text.replace("\\", "/")
    parts = name.split("/")
    is_bad = any(
        part in ("", ".", "..") or part != part.strip() or len(part.encode(errors="replace")) > _LONGEST
        for part in parts
    )
    if is_bad or name[1:2] == ":" or _IN_NO_LINE.search(name):
        raise NameInvalid(f"{text!r} is not a valid path of an image below a folder")
    return name


def is_on_windows(name: str) -> bool:
    """Return whether Windows allows a file of this name (learn.microsoft.com/windows/win32/fileio/naming-a-file)."""
    return _NOT_ON_WINDOWS.search(name) is None
