"""Names of images in labels: paths below the folder of images, with slashes. Anything that leads out of it is refused.

File names of posters are `core.names`' matter.
"""

import re
from typing import Final

from lap_assets.core.errors import NameInvalid

_LONGEST: Final = 250  # bytes of a file's name; some room is left for another ending
_IN_NO_LINE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_NOT_ON_WINDOWS: Final = re.compile(
    r"""[:*?"<>|]|[. ](?:/|$)|(?:^|/)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.[^/]*)?(?:/|$)""", re.IGNORECASE
)


def check_name(name: str) -> str:
    """A name as LAP's own label files have it, as it is.

    Raises:
        NameInvalid: it is empty, absolute, leads out of the folder, or holds what a line of text cannot.
    """
    is_absolute = name.startswith("/") or name[1:2] == ":"
    if is_absolute or _IN_NO_LINE.search(name) or {"", ".", ".."}.intersection(name.split("/")):
        raise NameInvalid(f"{name!r} is not the name of a file below the folder of images")
    return name


def portable_name(text: str) -> str:
    """A name that every format can hold; backslashes become slashes.

    Raises:
        NameInvalid: it leads out of the folder, is too long, or holds what no line of text or XML can.
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
    """Whether Windows can have a file of this name (learn.microsoft.com/windows/win32/fileio/naming-a-file)."""
    return _NOT_ON_WINDOWS.search(name) is None
