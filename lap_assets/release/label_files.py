"""A release's label files as bytes: those of the original dataset, and the folders of COCO, YOLO, VOC and Parquet.

The images in the formats' folders come from `trees`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from lap_assets.core.labels import files, lists
from lap_assets.core.labels.files import LabelKind
from lap_assets.labels.annotations import SPLITS, Annotations, Split
from lap_assets.labels.formats import coco, lap, parquet, voc, yolo
from lap_assets.release import box_tables
from lap_assets.release.judging_sets import subsets, with_regions, without_doubtful
from lap_assets.release.labels import Labeled
from lap_assets.release.trees import Tree

IMAGES: Final = "images"
_ORIGINAL_HEADS: Final = 10_000  # the original's file of detected heads only covers this many images

Files = Iterator[tuple[str, bytes]]


def original_files(labels: Mapping[LabelKind, Labeled], order: Mapping[str, int]) -> Files:
    """Yield the files of the original dataset, in its formats with whole px, and the lists of reviewed images.

    `order`: each image's index in the list of all images; detected heads are only included for the first 10,000.
    """
    for kind, of_kind in labels.items():
        yield files.label_file(kind), lap.text(of_kind.people, whole=True).encode()
        reviewed = lists.reviewed_text(lap.review_entries(of_kind.people))
        yield files.reviewed_path(Path(files.label_file(kind))).name, reviewed.encode()
        most = _ORIGINAL_HEADS if kind == "heads" else len(order)
        machine = replace(of_kind.machine, images=tuple(i for i in of_kind.machine.images if order[i.name] < most))
        yield baseline_name(kind), lap.text(machine, whole=True).encode()
    classes = {class_id: name for of_kind in labels.values() for class_id, name in of_kind.best.classes.items()}
    yield files.CLASSES, lap.classes_text(classes).encode()
    yield files.DELCANDS, b""  # images marked for deletion are not in a release, but in its list of removed posters


def baseline_name(kind: LabelKind) -> str:
    """Return the name of the detector's label file, as in the original dataset."""
    name = files.baseline_file(kind)
    return name.replace(".txt", f"_{_ORIGINAL_HEADS}.txt") if kind == "heads" else name


def splits_of(labels: Annotations) -> list[Split]:
    """Return the splits that have images. Some table readers fail on an empty split."""
    present = {image.split for image in labels.images}
    return [split for split in SPLITS if split in present]


def format_files(kind: LabelKind, labels: Annotations, whole: str, least_score: float) -> Files:
    """Yield the best labels in common formats and as a plain table, and the evaluation sets in COCO and YOLO.

    `whole`: the COCO text of all labels; `least_score`: of a machine's boxes in formats without scores.
    """
    yield f"coco/{kind}.json", whole.encode()
    yield box_tables.path_of(kind), box_tables.text(labels).encode()
    for split, part in _by_split(labels):
        yield f"coco/{kind}_{split}.json", coco.text(part).encode()
        if part.images:
            yield f"parquet/{kind}/{split}/metadata.parquet", parquet.content(part, below=f"{IMAGES}/")
    sure = without_doubtful(labels, least_score)
    for name, text in yolo.files(sure):
        yield f"yolo/{kind}/{name}", text.encode()
    for name, text in voc.files(sure):
        yield f"voc/{kind}/{name}", text.encode()
    if any(image.reviewed for image in labels.images):
        yield from _coco_files(f"{kind}_regions", with_regions(labels))
    for subset, chosen in subsets(labels):
        yield from _coco_files(f"{kind}_{subset}", chosen)
        for name, text in yolo.files(chosen):
            yield f"yolo/{kind}_{subset}/{name}", text.encode()


def _coco_files(name: str, labels: Annotations) -> Files:
    """Yield the COCO files of an evaluation set, whole and by split."""
    yield f"coco/{name}.json", coco.text(labels).encode()
    for split, part in _by_split(labels):
        if part.images:
            yield f"coco/{name}_{split}.json", coco.text(part).encode()


def trees(best: Mapping[LabelKind, Annotations]) -> tuple[Tree, ...]:
    """Return the folders in which the formats look for their images."""
    found: list[Tree] = []
    for kind, labels in best.items():
        found += [Tree(f"yolo/{kind}/images", kind), Tree(f"voc/{kind}/JPEGImages", kind)]
        found += [Tree(f"parquet/{kind}/{split}/{IMAGES}", kind, split) for split in splits_of(labels)]
        found += [Tree(f"yolo/{kind}_{subset}/images", kind, subset=subset) for subset, _ in subsets(labels)]
    return tuple(found)


def _by_split(labels: Annotations) -> Iterator[tuple[Split, Annotations]]:
    for split in SPLITS:
        yield split, replace(labels, images=tuple(image for image in labels.images if image.split == split))
