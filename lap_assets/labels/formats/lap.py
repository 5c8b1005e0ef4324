"""LAP's own label files as annotations: `labels_faces.txt`, its `.reviewed.tsv`, and `classes.txt` beside it.

A line holds corners and a class or a score; it cannot express ignored boxes, crowds and attributes. The lines
themselves are read in `core.labels`.
"""

from collections.abc import Mapping
from pathlib import Path

from lap_assets.core.box import Box
from lap_assets.core.errors import LabelFileError
from lap_assets.core.files import write_text
from lap_assets.core.labels import files, lap_format, lists
from lap_assets.core.labels.document import Labels
from lap_assets.core.labels.faults import Faults
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.image_sizes import Sizes


def read(path: Path, sizes: Sizes | None = None) -> Annotations:
    """The labels of a file. `sizes`: gives widths and heights where the file of reviewed images does not.

    Raises:
        LabelFileError: what is wrong, each with its file and line.
    """
    if not path.is_file():
        raise LabelFileError(f"{path}: there is no such file")
    classes, class_faults = lists.read_classes(path.with_name(files.CLASSES))
    labels = lap_format.read(path)
    reviewed, reviewed_faults = lists.read_reviewed(files.reviewed_path(path))
    faults = Faults()
    faults.lines += [str(fault) for fault in (*class_faults, *labels.check(classes or None), *reviewed_faults)]
    faults.raise_any()
    images = []
    for name in labels:
        where = f"{path}:{labels.line_of(name)}"
        with faults.at(where):
            entry = reviewed.get(name)
            width, height = (entry.size if entry else None) or (sizes(name) if sizes else (None, None))
            boxes, is_reviewed = labels.boxes(name) or (), entry.reviewed if entry else None
            images.append(LabeledImage(name, width, height, boxes, reviewed=is_reviewed, where=where))
    used = {box.class_id for image in images for box in image.boxes if box.class_id is not None}
    result = Annotations(())
    with faults.at(str(path.with_name(files.CLASSES))):
        named = classes or {class_id: f"class {class_id}" for class_id in sorted(used)}
        result = Annotations(tuple(images), named, "head" if files.kind_of(path) == "heads" else "face")
    faults.raise_any()
    return result


def write(labels: Annotations, path: Path) -> None:
    """Writes the file, and beside it the classes and what was reviewed, where either is known."""
    write_text(path, text(labels))
    if labels.classes:
        write_text(path.with_name(files.CLASSES), classes_text(labels.classes))
    if known := review_entries(labels):
        lists.write_reviewed(files.reviewed_path(path), known)


def text(labels: Annotations, *, whole: bool = False) -> str:
    """The file's text. `whole`: to whole px, as the original's files are."""
    document = Labels()
    for image in labels.images:
        document.set(image.name, [_to_whole_px(box) for box in image.boxes] if whole else image.boxes)
    return document.data().decode()


def classes_text(classes: Mapping[int, str]) -> str:
    """The text of `classes.txt`: `id:name` lines."""
    return "".join(f"{class_id}:{name}\n" for class_id, name in sorted(classes.items()))


def review_entries(labels: Annotations) -> dict[str, lists.ReviewEntry]:
    """Which images were reviewed, of those whose labels say so."""
    return {
        image.name: lists.ReviewEntry(
            image.reviewed, (image.width, image.height) if image.width and image.height else None
        )
        for image in labels.images
        if image.reviewed is not None
    }


def _to_whole_px(box: Box) -> Box:
    xmin, ymin, xmax, ymax = map(round, box.corners)
    return box.with_corners(xmin, ymin, xmax, ymax)
