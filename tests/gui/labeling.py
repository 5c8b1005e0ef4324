"""Short ways to make folders to label, and sessions on them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PIL import Image

from lap_gui.labeler.opening import Opening, open_session, opening
from lap_gui.labeler.session import LabelSession

SIZE = (200, 300)


def names(count: int) -> list[str]:
    """Return names of images, sorted."""
    return [f"0/MAL{number + 1:05d}_0001_{number + 1:06d}.jpg" for number in range(count)]


def folder(root: Path, count: int = 3, size: tuple[int, int] = SIZE) -> Path:
    """Make a folder of images of different colors."""
    for number, name in enumerate(names(count)):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, (40 * number % 256, 90, 160)).save(path)
    return root


def session(root: Path, size: tuple[int, int] | None = SIZE, **changes: object) -> LabelSession:
    """Open a session on the folder's `bboxes.txt`; the first image is known to be of `size`."""
    what: Opening = replace(opening(root), **changes)  # type: ignore[arg-type]
    opened = open_session(what).session
    opened.size = size
    return opened


def lines(path: Path) -> dict[str, str]:
    """Return the text after each name of a label file."""
    parts = (line.rpartition(": ") for line in path.read_text().splitlines())
    return {name.replace("\\", "/"): boxes for name, _, boxes in parts}


Opened = Callable[..., LabelSession]
