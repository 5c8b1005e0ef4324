"""Names of images in labels: paths below the folder of images, with slashes. Anything that leads out of it is refused.

File names of posters are `core.names`' matter.
"""

import re
from typing import Final

from lap_assets.core.errors import NameInvalid

_LONGEST: Final = 250  # bytes of a file's name; some room is left for another ending
_IN_NO_LINE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\\\u2028\u2029\ud800-\udfff]")
_NOT_PORTABLE: Final = re.compile(r"[\x00-\x1f\x7f:*?\"<>|\ud800-\udfff]")


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
    """A name that every format and every system can hold; backslashes become slashes.

    Raises:
        NameInvalid: it leads out of the folder, or some system cannot have such a file.
    """
    name = text.replace("\\", "/")
    parts = name.split("/")
    is_bad = any(
        part in ("", ".", "..") or part != part.strip() or len(part.encode(errors="replace")) > _LONGEST
        for part in parts
    )
    if is_bad or _NOT_PORTABLE.search(name):
        raise NameInvalid(f"{text!r} is not a valid path of an image below a folder")
    return name
