"""The names of all label files: in a home's `review/`, in a dataset's folder, in a release."""

from pathlib import Path
from typing import Final, Literal

LabelKind = Literal["faces", "heads"]
LABEL_KINDS: Final[dict[LabelKind, str]] = {"faces": "face", "heads": "head"}
"""The kinds of labels, and the singular of each."""

CLASSES: Final = "classes.txt"
"""Names of classes, `id:name` lines."""
DELCANDS: Final = "delcands.txt"
"""Images marked for deletion, by index in the list of images."""
DEFAULT_LABELS: Final = "bboxes.txt"
"""The label file of a folder without any of the others, as in the original."""


def label_file(kind: LabelKind) -> str:
    """Return the name of the file of people's boxes: `labels_faces.txt`."""
    return f"labels_{kind}.txt"


LABEL_FILES: Final[dict[LabelKind, str]] = {kind: label_file(kind) for kind in LABEL_KINDS}


def baseline_file(kind: LabelKind) -> str:
    """Return the name of the file of a detector's boxes: `labels_faces_baseline.txt`."""
    return f"labels_{kind}_baseline.txt"


def suggested_file(kind: LabelKind) -> str:
    """Return the name of the file that `lap labels suggest` writes: `labels_faces_suggested.txt`."""
    return f"labels_{kind}_suggested.txt"


def suggested_classes_path(labels: Path) -> Path:
    """Return the file of suggested classes for a label file: `labels_faces_suggested.classes.tsv`."""
    return labels.with_name(f"{labels.stem}_suggested.classes.tsv")


def suggesting_model_path(suggestions: Path) -> Path:
    """Return the one-line file that names the model of a file of suggestions: `labels_faces_suggested.model`."""
    return suggestions.with_suffix(".model")


def suggestions_of(labels: Path) -> Path | None:
    """Return the file of suggestions for a label file: that of `lap labels suggest`, else a detector's, else None."""
    suggested = labels.with_name(f"{labels.stem}_suggested.txt")
    return next(iter([suggested] if suggested.exists() else baselines_of(labels)), None)


def baselines_of(labels: Path) -> list[Path]:
    """Return the detectors' files beside a label file (`labels_heads_baseline_10000.txt`); the first counts."""
    return sorted(labels.parent.glob(f"{labels.stem}_baseline*.txt"))


def is_baseline(labels: Path) -> bool:
    """Return whether a label file has the name of a detector's file."""
    return "_baseline" in labels.stem


def kind_of(labels: Path) -> LabelKind | None:
    """Return the kind in a label file's name; None if it names neither."""
    return next((kind for kind in LABEL_KINDS if kind in labels.name), None)


def other_kind_of(labels: Path) -> Path | None:
    """Return the label file of the other kind in the same folder; None if the name has no kind."""
    kind = kind_of(labels)
    other: LabelKind = "heads" if kind == "faces" else "faces"
    return labels.with_name(labels.name.replace(kind, other)) if kind else None


def reviewed_path(labels: Path) -> Path:
    """Return the list of a label file's reviewed images: `labels_faces.reviewed.tsv`."""
    return labels.with_name(f"{labels.stem}.reviewed.tsv")


def own_classes_path(labels: Path) -> Path:
    """Return a label file's own classes, used if `classes.txt` belongs to another: `labels_faces.classes.txt`."""
    return labels.with_name(f"{labels.stem}.classes.txt")


def classes_of(labels: Path) -> Path:
    """Return the file with the classes of a label file."""
    own = own_classes_path(labels)
    return own if own.exists() else labels.with_name(CLASSES)


def marked_names_path(delcands: Path) -> Path:
    """Return the file with the names of the marked images, beside that of their indices: `delcands.names.txt`."""
    return delcands.with_name(f"{delcands.stem}.names.txt")
