"""LAP's own label files as annotations: `labels_faces.txt`, its `.reviewed.tsv`, and `classes.txt` beside it.

A line holds corners and a class or a score, but not ignored boxes, crowds or attributes. `core.labels` reads the lines.
"""

from collections.abc import Mapping
from pathlib import Path

from lap_assets.core.box import Box, in_order
from lap_assets.core.errors import LabelFileError
from lap_assets.core.files import write_text
from lap_assets.core.labels import files, lap_format, lists
from lap_assets.core.labels.document import Labels
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.reading import Reading


def read(path: Path, reading: Reading) -> Annotations:
    """Read a file. Sizes come from the list of reviewed images, or from the images.

    Raises:
        LabelFileError: there is no such file, or it is not UTF-8.
    """
    if not path.is_file():
        raise LabelFileError(f"{path}: there is no such file")
    classes, class_faults = lists.read_classes(files.classes_of(path))
    labels = lap_format.read(path)
    reviewed, reviewed_faults = lists.read_reviewed(files.reviewed_path(path))
    problems = (*class_faults, *labels.check(classes or None), *reviewed_faults)
    reading.faults.lines += [str(fault) for fault in problems]
    wrong = {fault.line for fault in problems if fault.path == path}
    images = []
    for name in labels:
        line = labels.line_of(name)
        where = f"{path}:{line}"
        if line in wrong:
            continue
        with reading.faults.at(where):
            entry = reviewed.get(name)
            width, height = (entry.size if entry else None) or (None, None)
            if width or reading.images or reading.sizes:
                width, height = reading.size(name, width, height)
            boxes, is_reviewed = labels.boxes(name) or (), entry.reviewed if entry else None
            images.append(LabeledImage(name, width, height, boxes, reviewed=is_reviewed, where=where))
    used = {box.class_id for image in images for box in image.boxes if box.class_id is not None}
    named = classes or {class_id: f"class {class_id}" for class_id in sorted(used)}
    return Annotations(tuple(images), named, "head" if files.kind_of(path) == "heads" else "face")


def write(labels: Annotations, path: Path, *, seed: bool = False) -> None:
    """Write the file, and beside it the classes and the list of reviewed images, if known."""
    for target, content in files_of(labels, path, seed=seed).items():
        write_text(target, content)


def files_of(labels: Annotations, path: Path, *, seed: bool = False) -> dict[Path, str]:
    """Return the texts of the file and of the files that belong to it.

    If `classes.txt` exists with other classes, the classes go into a separate file, `labels_faces.classes.txt`.
    `seed`: in the dialect of the original tools, as in `seed_text`.
    """
    found = {path: seed_text(labels) if seed else text(labels, path)}
    if labels.classes:
        classes = classes_text(labels.classes)
        shared = path.with_name(files.CLASSES)
        is_free = not shared.exists() or lists.read_classes(shared)[0] == dict(labels.classes)
        target = shared if is_free else files.own_classes_path(path)
        found[target] = classes.replace("\n", "\r\n") if seed else classes
    if known := review_entries(labels):
        found[files.reviewed_path(path)] = lists.reviewed_text(known)
    return found


def seed_text(labels: Annotations) -> str:
    """Return the file's text in the original tools' dialect, byte for byte: whole px, five numbers per box (the last is
    the class, -1 for none, or the unrounded score), and CRLF line ends."""
    lines = []
    for image in labels.images:
        boxes = [_seed_box(box) for box in in_order(map(_to_whole_px, image.boxes))]
        name = image.name.replace("/", "\\")
        lines.append(f"{name}: {', '.join(boxes) or '-'}\r\n")
    return "".join(lines)


def _seed_box(box: Box) -> str:
    last = box.score if box.score is not None else -1 if box.class_id is None else box.class_id
    return " ".join([*(str(int(side)) for side in box.corners), str(last)])


def text(labels: Annotations, path: Path = Path(files.DEFAULT_LABELS), *, whole: bool = False) -> str:
    """Return the text of a file of this name. `whole`: rounded to whole px, as in the original's files."""
    document = Labels(path)
    for image in labels.images:
        document.set(image.name, [_to_whole_px(box) for box in image.boxes] if whole else image.boxes)
    return document.data().decode()


def classes_text(classes: Mapping[int, str]) -> str:
    """Return the text of `classes.txt`: `id:name` lines."""
    return "".join(f"{class_id}:{name}\n" for class_id, name in sorted(classes.items()))


def review_entries(labels: Annotations) -> dict[str, lists.ReviewEntry]:
    """Return the review entries of all images whose review state is known."""
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
