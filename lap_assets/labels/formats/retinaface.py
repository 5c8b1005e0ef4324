"""Reading RetinaFace's list of WIDER FACE with landmarks.

`# name`, then one line per face: `x y width height`, five landmarks and a quality. Landmarks and quality are left out
and counted. There are no image sizes.
"""

from pathlib import Path
from typing import Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError
from lap_assets.core.labels.faults import text_of
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats.by_name import Named, numbered
from lap_assets.labels.reading import Reading

_FACE: Final = "face"


def read(path: Path, reading: Reading) -> Annotations:
    """Read a list."""
    found: dict[str, Named] = {}
    name = ""
    for number, line in enumerate(text_of(path).splitlines(), 1):
        text, where = line.strip(), f"{path}:{number}"
        with reading.faults.at(where):
            if text.startswith("#"):
                name = ""
                name = _add(found, text[1:].strip(), None, where, reading)
            elif text:
                if not name:
                    raise InputError("expected a line `# name of the picture` before its faces")
                _add(found, name, (_FACE, _box(text.split(), where, reading)), where, reading)
    return numbered(found.values())


def _add(found: dict[str, Named], name: str, box: tuple[str, Box] | None, where: str, reading: Reading) -> str:
    """Add a box to its image, adding the image if it is new; return the image's name."""
    plain = LabeledImage(name).name
    if plain not in found:
        width, height = reading.size_in_files(plain) or (None, None)
        found[plain] = (LabeledImage(plain, width, height, where=where), [])
    elif box is None:
        raise InputError(f"{plain} occurs twice")
    image, boxes = found[plain]
    found[plain] = (image, [*boxes, box] if box is not None else boxes)
    return plain


def _box(words: list[str], where: str, reading: Reading) -> Box:
    if len(words) < 4:
        raise InputError(f"expected x, y, width and height, not {len(words)} numbers")
    x, y, width, height, *more = (values.number(word, "each number") for word in words)
    reading.tally.add("sets of landmarks left out", where, bool(more))
    is_invalid = width <= 0 or height <= 0
    return Box(x, y, x + max(0.0, width), y + max(0.0, height), ignore=is_invalid)
