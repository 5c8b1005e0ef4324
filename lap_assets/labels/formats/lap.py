"""LAP's own label files as annotations: `labels_faces.txt`, its `.reviewed.tsv`, and `classes.txt` beside it.

A line holds corners and a class or a score, to ten digits; it has no word for ignored boxes, crowds and attributes. The
lines themselves are `lap_format`'s matter, the lists beside them `lists`'.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lap_assets.core.errors import LabelFileError
from lap_assets.core.files import write_text
from lap_assets.core.labels import lap_format, lists
from lap_assets.labels.annotations import Annotations, Box, LabeledImage
from lap_assets.labels.faults import Faults
from lap_assets.labels.pictures import Sizes

CLASSES: Final = "classes.txt"


def read(path: Path, sizes: Sizes | None = None) -> Annotations:
    """The labels of a file. `sizes`: gives widths and heights where the file of what was reviewed does not.

    Raises:
        LabelFileError: what is wrong, each with its file and line.
    """
    if not path.is_file():
        raise LabelFileError([f"{path}: there is no such file"])
    classes, class_faults = lists.read_classes(path.with_name(CLASSES))
    labels = lap_format.read(path)
    reviewed, reviewed_faults = lists.read_reviewed(lists.reviewed_path(path))
    faults = Faults()
    faults.lines += [str(fault) for fault in (*class_faults, *labels.check(classes or None), *reviewed_faults)]
    faults.complain()
    lines = _lines_of(path)
    images = []
    for name in labels:
        where = f"{path}:{lines.get(name, 1)}"
        with faults.noting(where):
            known = reviewed.get(name)
            width, height = (known.size if known else None) or (sizes(name) if sizes else (None, None))
            boxes = tuple(_box(box) for box in labels.boxes(name) or ())
            is_reviewed = known.reviewed if known else None
            images.append(LabeledImage(name, width, height, boxes, reviewed=is_reviewed, where=where))
    faults.complain()
    used = {box.category for image in images for box in image.boxes if box.category is not None}
    named = classes or {number: f"class {number}" for number in sorted(used)}
    return Annotations(tuple(images), named, "head" if "head" in path.name else "face")


def write(labels: Annotations, path: Path) -> None:
    """Writes the file, and beside it `classes.txt` and what was reviewed, where something is known of either."""
    write_text(path, text(labels))
    if labels.classes:
        write_text(path.with_name(CLASSES), classes_text(labels.classes))
    known = looked(labels)
    if known:
        lists.write_reviewed(lists.reviewed_path(path), known)


def text(labels: Annotations, *, whole: bool = False) -> str:
    """The file's text. `whole`: to whole px, as the original's files are."""
    made = lap_format.Labels()
    for image in labels.images:
        made.set(image.name, [_line_box(box, whole=whole) for box in image.boxes])
    return made.data().decode()


def classes_text(classes: Mapping[int, str]) -> str:
    """The text of `classes.txt`: `id:name` lines."""
    return "".join(f"{number}:{name}\n" for number, name in sorted(classes.items()))


def looked(labels: Annotations) -> dict[str, lists.Looked]:
    """What was reviewed, of the images whose labels say so."""
    return {
        image.name: lists.Looked(image.reviewed, (image.width, image.height) if image.width and image.height else None)
        for image in labels.images
        if image.reviewed is not None
    }


def _box(box: lap_format.Box) -> Box:
    return Box(box.x1, box.y1, box.x2, box.y2, box.cls, box.score)


def _line_box(box: Box, *, whole: bool) -> lap_format.Box:
    x0, y0, x1, y1 = (round(side) if whole or side == int(side) else side for side in box.sides)
    return lap_format.Box(x0, y0, x1, y1, float(box.score) if box.score is not None else box.category)


def _lines_of(path: Path) -> dict[str, int]:
    """The first line of each name."""
    found: dict[str, int] = {}
    for number, line in enumerate(path.read_bytes().decode("utf-8-sig", "replace").splitlines(), 1):
        found.setdefault(line.rpartition(":")[0].replace("\\", "/").strip(), number)
    return found
