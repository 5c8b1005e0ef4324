"""Names of the label files, all of them: in a home's `review/`, in a dataset's folder, in a release."""

from pathlib import Path
from typing import Final, Literal

LabelKind = Literal["faces", "heads"]
LABEL_KINDS: Final[dict[LabelKind, str]] = {"faces": "face", "heads": "head"}
"""What is labeled, and what one box of it is called."""

CLASSES: Final = "classes.txt"
"""Names of classes, `id:name` lines."""
DELCANDS: Final = "delcands.txt"
"""Images marked for deletion, by their index in the list of images."""
DEFAULT_LABELS: Final = "bboxes.txt"
"""The label file of a folder that has none of the others, as in the original."""


def label_file(kind: LabelKind) -> str:
    """People's boxes: `labels_faces.txt`."""
    return f"labels_{kind}.txt"


LABEL_FILES: Final[dict[LabelKind, str]] = {kind: label_file(kind) for kind in LABEL_KINDS}


def baseline_file(kind: LabelKind) -> str:
    """A detector's boxes in the same format: `labels_faces_baseline.txt`."""
    return f"labels_{kind}_baseline.txt"


def suggested_file(kind: LabelKind) -> str:
    """What `lap labels suggest` found: `labels_faces_suggested.txt`."""
    return f"labels_{kind}_suggested.txt"


def suggested_classes_path(labels: Path) -> Path:
    """The classes of the suggestions for a label file: `labels_faces_suggested.classes.tsv`."""
    return labels.with_name(f"{labels.stem}_suggested.classes.tsv")


def suggesting_model_path(suggestions: Path) -> Path:
    """Whose boxes a file of suggestions has, in a line: `labels_faces_suggested.model`."""
    return suggestions.with_suffix(".model")


def suggestions_of(labels: Path) -> Path | None:
    """The boxes that are suggested for a label file: those of `lap labels suggest`, else the detector's; None: none."""
    suggested = labels.with_name(f"{labels.stem}_suggested.txt")
    return next(iter([suggested] if suggested.exists() else baselines_of(labels)), None)


def baselines_of(labels: Path) -> list[Path]:
    """The files of detectors' boxes beside a label file (`labels_heads_baseline_10000.txt`); the first counts."""
    return sorted(labels.parent.glob(f"{labels.stem}_baseline*.txt"))


def is_baseline(labels: Path) -> bool:
    """Whether a label file is called as a detector's."""
    return "_baseline" in labels.stem


def kind_of(labels: Path) -> LabelKind | None:
    """The kind that a label file's name speaks of; None where it speaks of neither."""
    return next((kind for kind in LABEL_KINDS if kind in labels.name), None)


def other_kind_of(labels: Path) -> Path | None:
    """The label file of the other kind beside one; None where the name speaks of neither."""
    kind = kind_of(labels)
    other: LabelKind = "heads" if kind == "faces" else "faces"
    return labels.with_name(labels.name.replace(kind, other)) if kind else None


def reviewed_path(labels: Path) -> Path:
    """Which images of a label file were reviewed: `labels_faces.reviewed.tsv`."""
    return labels.with_name(f"{labels.stem}.reviewed.tsv")


def own_classes_path(labels: Path) -> Path:
    """A label file's own classes, where `classes.txt` is another's: `labels_faces.classes.txt`."""
    return labels.with_name(f"{labels.stem}.classes.txt")


def classes_of(labels: Path) -> Path:
    """Where the classes of a label file are named."""
    own = own_classes_path(labels)
    return own if own.exists() else labels.with_name(CLASSES)


def marked_names_path(delcands: Path) -> Path:
    """The names of the marked images, beside the file of their indices: `delcands.names.txt`."""
    return delcands.with_name(f"{delcands.stem}.names.txt")
