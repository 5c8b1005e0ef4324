"""Image names as other programs write them: with `./`, absolute, as a URL, or with `../` before `images`."""

import re
from typing import Final

from lap_assets.labels.reading import Reading

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://[^/]*/")
_DRIVE: Final = re.compile(r"[A-Za-z]:/")


def below_images(text: str, reading: Reading, where: str) -> str:
    """Return the path of an image below the folder of images.

    For a path outside that folder, this is the longest trailing part that exists there, if the images are known; else
    the part after its last folder `images`, or only the file name. It is counted; if two images then share a name, that
    is a fault.
    """
    name = text.replace("\\", "/")
    while name.startswith("./"):
        name = name[2:]
    tail = _SCHEME.sub("", name, count=1)
    if tail == name:
        tail = _DRIVE.sub("", name, count=1)
    parts = [part for part in tail.split("/") if part not in ("", ".")]
    is_absolute = tail != name or name.startswith("/")
    is_missing = reading.images is not None and not reading.has_image(name)
    if not parts or parts[-1] == ".." or not (is_absolute or ".." in parts or is_missing):
        return name
    first = len(parts) - parts[::-1].index("..") if ".." in parts else 0
    ends = ["/".join(parts[start:]) for start in range(first, len(parts))]
    found = next((end for end in ends if reading.has_image(end)), None)
    if found is None and is_missing and not is_absolute and ".." not in parts:
        return name
    if found is None and "images" in parts[first:-1]:
        found = "/".join(parts[len(parts) - parts[-2::-1].index("images") - 1 :])
    if found is None and not is_absolute:
        return name
    reading.tally.add("paths outside the folder of images, read as the part below it", where)
    return found or parts[-1]
