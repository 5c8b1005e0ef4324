"""`lap label --queue`, `--suspects` and `lap labels status`: orders of images, and progress, from label files."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
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
    DELCANDS,
    LABEL_KINDS,
    LabelKind,
    kind_of,
    label_file,
    marked_names_path,
    reviewed_path,
    suggested_classes_path,
    suggestions_of,
)
from lap_assets.core.labels.lists import ReviewEntry, read_names, read_reviewed
from lap_assets.core.labels.suggested_classes import read_suggested_classes, with_classes
from lap_assets.labels.label_audit_file import accepted_images, label_audits_path, read_label_audits
from lap_assets.table_files import read_table
from lap_assets.training.label_outlook import LabelOutlook, Pace, label_outlook
from lap_assets.training.label_queue import Suspect, ToLabel, next_to_label, suspects
from lap_assets.training.label_reliability import ImageBoxes
from lap_gui.review.eta import describe
from lap_gui.shared.listing import list_files

QUEUE: Final = "labels_queue.csv"
_COLUMNS: Final = ("list", "kind", "name", "value", "problem", "xmin", "ymin", "xmax", "ymax")


@dataclass(frozen=True, slots=True)
class Orders:
    """Orders for one kind of labels: images to label, most useful first, and suspect labels, worst first."""

    kind: LabelKind
    queue: tuple[ToLabel, ...]
    suspects: tuple[Suspect, ...]

    def names(self, *, of_suspects: bool) -> list[str]:
        """Return the images of one of the two lists, each once.

        Raises:
            InputError: the list is empty.
        """
        entries: Iterable[ToLabel | Suspect] = self.suspects if of_suspects else self.queue
        if names := list(dict.fromkeys(entry.name for entry in entries)):
            return names
        if of_suspects:
            raise InputError(f"no suggestion contradicts a label of {self.kind}: nothing to check again")
        raise InputError(f"every image is reviewed for {self.kind}: nothing is left to label")


def images_of(folder: Path, labels: Path, home: Home | None = None) -> list[ImageBoxes]:
    """Return the images below a folder, each with its boxes, suggestions and whether it is reviewed.

    `home`: the home whose audits count; None: no audits.

    Raises:
        FileError: a file cannot be read.
    """
    drawn = lap_format.read(labels) if labels.exists() else Labels()
    reviewed, _ = read_reviewed(reviewed_path(labels))
    suggestions = suggestions_of(labels)
    suggested = lap_format.read(suggestions) if suggestions else Labels()
    classes, _ = read_suggested_classes(suggested_classes_path(labels))
    audited = audited_images(home, labels) if home is not None else {}
    return [
        ImageBoxes(
            name,
            drawn.boxes(name) or (),
            with_classes(suggested.boxes(name) or (), classes.get(name, {})),
            name in reviewed and reviewed[name].reviewed,
            is_begun=(begun := _is_begun(name, drawn, reviewed)),
            is_audited=name in audited and not begun,
        )
        for name in list_files(folder)
    ]


def audited_images(home: Home, labels: Path) -> dict[str, str]:
    """Return the id of the audit for each image that an audit accepted and whose content is unchanged.

    Raises:
        FileError: the file of audits, or a table, cannot be read.
    """
    accepted = accepted_images(read_label_audits(label_audits_path(labels)))
    contents = image_contents(home) if accepted else {}
    return {name: audit.id for name, (audit, image) in accepted.items() if contents.get(name) == image.sha256}


def image_contents(home: Home) -> dict[str, str]:
    """Return the sha256 of each image that the graph has made, by its name in the folder of images.

    Raises:
        TableError: a table cannot be read.
    """
    return {
        f"{table.stem}/{name}": sha256
        for table in sorted((home.tables / "resized_images").glob("*.parquet"))
        for name, sha256 in read_table(table, ["name", "sha256"]).iter_rows()
        if sha256 is not None
    }


def marked_in(home: Home) -> set[str]:
    """Return the images of a home that are marked for deletion.

    Raises:
        LabelFileError: the list cannot be read.
    """
    return set(read_names(marked_names_path(home.labels / DELCANDS)))


def orders_of(folder: Path, labels: Path, home: Home | None = None) -> Orders:
    """Return both orders for a label file; images accepted by the home's audits need no labeling.

    Raises:
        FileError: a file cannot be read.
    """
    images = images_of(folder, labels, home)
    return Orders(kind_of(labels) or "faces", tuple(next_to_label(images)), tuple(suspects(images)))


def write_queue(path: Path, orders: Sequence[Orders]) -> None:
    """Write `labels_queue.csv`: for each kind, the images to label, then the suspect labels."""
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
    """Return both orders of both kinds in a home, and rewrite `review/labels_queue.csv`.

    Raises:
        LabelFileError: a file cannot be read.
    """
    orders = {kind: orders_of(home.images, home.labels / label_file(kind), home) for kind in LABEL_KINDS}
    write_queue(home.labels / QUEUE, list(orders.values()))
    return orders


def labels_status(home: Home, pace: Pace) -> dict[LabelKind, LabelOutlook]:
    """Return the progress of the labeling for each kind in a home."""
    return {
        kind: label_outlook(images_of(home.images, home.labels / label_file(kind), home), pace) for kind in LABEL_KINDS
    }


def audits_of(home: Home, kind: LabelKind) -> list[str]:
    """Return a line for each accepted audit of a kind."""
    audits = read_label_audits(label_audits_path(home.labels / label_file(kind)))
    return [str(audit) for audit in audits if audit.accepted is not None]


def status_lines(kind: LabelKind, outlook: LabelOutlook, audits: Iterable[str] = ()) -> list[str]:
    """Return the progress in words. `audits`: a line for each accepted audit."""
    lines = [f"{kind}: {outlook.reviewed:,} of {outlook.images:,} images reviewed, {outlook.left:,} left"]
    lines.append(f"  {outlook.manual:,} manual, {outlook.refined:,} refined, {outlook.audited:,} audited")
    lines += [f"  {audit}" for audit in audits]
    if outlook.suggested is not None:
        lines.append(
            f"  suggestions matched {outlook.suggested:,} of {outlook.boxes:,} boxes; {outlook.false:,} matched none"
        )
        if outlook.classed and outlook.suggested_classes:
            lines.append(f"  {outlook.suggested_classes:,} of {outlook.classed:,} classes were suggested correctly")
    if outlook.left and outlook.seconds_left is not None:
        lines.append(
            f"  time left: {describe(outlook.seconds_left)}"
            + (f", by hand {describe(outlook.seconds_by_hand)}" if outlook.suggested is not None else " by hand")
        )
    elif outlook.left:
        lines.append("  review some images to get an estimate of the time left")
    return lines


def status_json(outlook: LabelOutlook) -> dict[str, Any]:
    """Return the progress for scripts."""
    return {**asdict(outlook), "left": outlook.left}


def _is_begun(name: str, drawn: Labels, reviewed: Mapping[str, ReviewEntry]) -> bool:
    """Return whether a person has worked on an image."""
    return name in reviewed or bool(drawn.boxes(name)) or drawn.fault(name) is not None
