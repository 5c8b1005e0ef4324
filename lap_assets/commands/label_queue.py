"""`lap label --queue`, `--suspects` and `lap labels status`: label files in, orders and figures out."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from lap_assets.core.box import shown
from lap_assets.core.errors import InputError
from lap_assets.core.files import write_text
from lap_assets.core.home import Home
from lap_assets.core.labels import lap_format
from lap_assets.core.labels.document import Labels
from lap_assets.core.labels.files import (
    LABEL_KINDS,
    LabelKind,
    kind_of,
    label_file,
    reviewed_path,
    suggested_classes_path,
    suggestions_of,
)
from lap_assets.core.labels.lists import read_reviewed
from lap_assets.core.labels.suggested_classes import read_suggested_classes, with_classes
from lap_assets.training.label_outlook import LabelOutlook, Pace, label_outlook
from lap_assets.training.label_queue import Suspect, ToLabel, next_to_label, suspects
from lap_assets.training.label_reliability import ImageBoxes
from lap_gui.review.eta import describe
from lap_gui.shared.listing import list_files

QUEUE: Final = "labels_queue.csv"
_COLUMNS: Final = ("list", "kind", "name", "value", "problem", "xmin", "ymin", "xmax", "ymax")


@dataclass(frozen=True, slots=True)
class Orders:
    """Of one kind of labels: images to label, and doubtful labels, each with the first one first."""

    kind: LabelKind
    queue: tuple[ToLabel, ...]
    suspects: tuple[Suspect, ...]

    def names(self, *, of_suspects: bool) -> list[str]:
        """The images of either list, each once.

        Raises:
            InputError: there are none.
        """
        entries: Iterable[ToLabel | Suspect] = self.suspects if of_suspects else self.queue
        if names := list(dict.fromkeys(entry.name for entry in entries)):
            return names
        if of_suspects:
            raise InputError(f"no label of {self.kind} is contradicted by a suggestion: nothing to look at again")
        raise InputError(f"every image is reviewed for {self.kind}: nothing is left to label")


def images_of(folder: Path, labels: Path) -> list[ImageBoxes]:
    """The images below a folder with what a label file, its list of reviewed images and its suggestions say of them.

    Raises:
        LabelFileError: a file cannot be read.
    """
    drawn = lap_format.read(labels) if labels.exists() else Labels()
    reviewed, _ = read_reviewed(reviewed_path(labels))
    suggestions = suggestions_of(labels)
    suggested = lap_format.read(suggestions) if suggestions else Labels()
    classes, _ = read_suggested_classes(suggested_classes_path(labels))
    return [
        ImageBoxes(
            name,
            drawn.boxes(name) or (),
            with_classes(suggested.boxes(name) or (), classes.get(name, {})),
            name in reviewed and reviewed[name].reviewed,
        )
        for name in list_files(folder)
    ]


def orders_of(folder: Path, labels: Path) -> Orders:
    """Both orders for a label file.

    Raises:
        LabelFileError: a file cannot be read.
    """
    images = images_of(folder, labels)
    return Orders(kind_of(labels) or "faces", tuple(next_to_label(images)), tuple(suspects(images)))


def write_queue(path: Path, orders: Sequence[Orders]) -> None:
    """Writes `labels_queue.csv`: of each kind the images to label, then the doubtful labels."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    for one in orders:
        rows.writerows(("queue", one.kind, item.name, f"{item.value:.4f}", *[""] * 5) for item in one.queue)
        for doubt in one.suspects:
            corners = shown(doubt.box.corners).split()
            rows.writerow(("suspects", one.kind, doubt.name, f"{doubt.value:.4f}", doubt.problem, *corners))
    write_text(path, text.getvalue())


def home_orders(home: Home) -> dict[LabelKind, Orders]:
    """Both orders of both kinds in a home; `review/labels_queue.csv` is written anew.

    Raises:
        LabelFileError: a file cannot be read.
    """
    orders = {kind: orders_of(home.images, home.labels / label_file(kind)) for kind in LABEL_KINDS}
    write_queue(home.labels / QUEUE, list(orders.values()))
    return orders


def labels_status(folder: Path, review: Path, pace: Pace) -> dict[LabelKind, LabelOutlook]:
    """How the labeling of each kind stands; the label files lie in `review`."""
    return {kind: label_outlook(images_of(folder, review / label_file(kind)), pace) for kind in LABEL_KINDS}


def status_lines(kind: LabelKind, outlook: LabelOutlook) -> list[str]:
    """The status in words."""
    lines = [f"{kind}: {outlook.reviewed:,} of {outlook.images:,} images reviewed, {outlook.left:,} left"]
    if outlook.suggested is not None:
        lines.append(
            f"  suggestions met {outlook.suggested:,} of the {outlook.boxes:,} boxes there; {outlook.false:,} met none"
        )
        if outlook.classed and outlook.suggested_classes:
            lines.append(f"  of {outlook.classed:,} classes there, {outlook.suggested_classes:,} were suggested")
    if outlook.left and outlook.seconds_left is not None:
        lines.append(
            f"  the rest takes {describe(outlook.seconds_left)}"
            + (f", by hand {describe(outlook.seconds_by_hand)}" if outlook.suggested is not None else " by hand")
        )
    elif outlook.left:
        lines.append("  review some images, and the time for the rest can be told")
    return lines


def status_json(outlook: LabelOutlook) -> dict[str, Any]:
    """The status for scripts."""
    return {**asdict(outlook), "left": outlook.left}
