"""`lap label --queue`, `--suspects` and `lap labels status`: label files in, orders and figures out."""

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


def images_of(folder: Path, labels: Path, home: Home | None = None) -> list[ImageBoxes]:
    """The images below a folder with what a label file, its list of reviewed images and its suggestions say of them.

    `home`: whose audits count; None: nobody's.

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
    """The images that were accepted in an audit and are what they were then, each with the audit's id.

    Raises:
        FileError: the file of audits, or a table, cannot be read.
    """
    accepted = accepted_images(read_label_audits(label_audits_path(labels)))
    contents = image_contents(home) if accepted else {}
    return {name: audit.id for name, (audit, image) in accepted.items() if contents.get(name) == image.sha256}


def image_contents(home: Home) -> dict[str, str]:
    """sha256 of each image that the graph has made, by its name in the folder of images.

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
    """The images of a home that are marked for deletion.

    Raises:
        LabelFileError: the list cannot be read.
    """
    return set(read_names(marked_names_path(home.labels / DELCANDS)))


def orders_of(folder: Path, labels: Path, home: Home | None = None) -> Orders:
    """Both orders for a label file; what was accepted in the home's audits is not to be labeled.

    Raises:
        FileError: a file cannot be read.
    """
    images = images_of(folder, labels, home)
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
    orders = {kind: orders_of(home.images, home.labels / label_file(kind), home) for kind in LABEL_KINDS}
    write_queue(home.labels / QUEUE, list(orders.values()))
    return orders


def labels_status(home: Home, pace: Pace) -> dict[LabelKind, LabelOutlook]:
    """How the labeling of each kind in a home stands."""
    return {
        kind: label_outlook(images_of(home.images, home.labels / label_file(kind), home), pace) for kind in LABEL_KINDS
    }


def audits_of(home: Home, kind: LabelKind) -> list[str]:
    """The accepted audits of a kind, in words."""
    audits = read_label_audits(label_audits_path(home.labels / label_file(kind)))
    return [str(audit) for audit in audits if audit.accepted is not None]


def status_lines(kind: LabelKind, outlook: LabelOutlook, audits: Iterable[str] = ()) -> list[str]:
    """The status in words. `audits`: the accepted ones."""
    lines = [f"{kind}: {outlook.reviewed:,} of {outlook.images:,} images reviewed, {outlook.left:,} left"]
    lines.append(f"  {outlook.manual:,} manual, {outlook.refined:,} refined, {outlook.audited:,} audited")
    lines += [f"  {audit}" for audit in audits]
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


def _is_begun(name: str, drawn: Labels, reviewed: Mapping[str, ReviewEntry]) -> bool:
    """Whether a person has worked on an image."""
    return name in reviewed or bool(drawn.boxes(name)) or drawn.fault(name) is not None
