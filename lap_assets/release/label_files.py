"""A release's label files: the seed's own, and folders of COCO, YOLO, VOC and Parquet. Nothing is written here.

The formats' folders find the images through links to `images`, which has the ten subfolders.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from lap_assets.core.labels import lists
from lap_assets.labels.annotations import SPLITS, Annotations, Split
from lap_assets.labels.formats import coco, lap, parquet, voc, yolo
from lap_assets.release.labels import Kind, Labeled

IMAGES: Final = "images"
BASELINE: Final[dict[Kind, str]] = {"faces": "labels_faces_baseline.txt", "heads": "labels_heads_baseline_10000.txt"}
_FIRST: Final[dict[Kind, int | None]] = {"faces": None, "heads": 10_000}  # as the seed's file of heads ends

Files = Iterator[tuple[str, bytes]]


def seed_files(labels: Mapping[Kind, Labeled], order: Mapping[str, int]) -> Files:
    """The files that the original dataset has, in its formats, whole px; and beside them what people reviewed.

    `order`: each image's place in the list of all images; the baseline of heads is of the first ten thousand.
    """
    for kind, of_kind in labels.items():
        people = of_kind.people
        yield f"labels_{kind}.txt", lap.text(people, whole=True).encode()
        reviewed = lists.reviewed_text(lap.looked(people))
        yield f"labels_{kind}.reviewed.tsv", reviewed.encode()
        first = _FIRST[kind] or len(order)
        machine = replace(of_kind.machine, images=tuple(i for i in of_kind.machine.images if order[i.name] < first))
        yield BASELINE[kind], lap.text(machine, whole=True).encode()
    classes = {number: name for of_kind in labels.values() for number, name in of_kind.best.classes.items()}
    yield lap.CLASSES, lap.classes_text(classes).encode()
    yield "delcands.txt", b""  # what is marked for deletion is removed before the release, and is in its list


def splits_of(labels: Annotations) -> list[Split]:
    """The splits that have images. Some readers of tables cannot take an empty one."""
    present = {image.split for image in labels.images}
    return [split for split in SPLITS if split in present]


def format_files(kind: Kind, labels: Annotations, whole: str) -> Files:
    """The best labels in the formats that others load. `whole`: COCO's text of all of them."""
    yield f"coco/{kind}.json", whole.encode()
    for split in SPLITS:
        part = replace(labels, images=tuple(image for image in labels.images if image.split == split))
        yield f"coco/{kind}_{split}.json", coco.text(part).encode()
        if part.images:
            yield f"parquet/{kind}/{split}/metadata.parquet", parquet.content(part, below=f"{IMAGES}/")
    for name, text in yolo.files(labels):
        yield f"yolo/{kind}/{name}", text.encode()
    for name, text in voc.files(labels):
        yield f"voc/{kind}/{name}", text.encode()


def links(labels: Mapping[Kind, Labeled], subfolders: list[str]) -> dict[str, str]:
    """Folders that are links: their place, and the folder that they show, both from the release's own."""
    made = {f"{IMAGES}/{subfolder}": subfolder for subfolder in subfolders}
    for kind, of_kind in labels.items():
        if of_kind.best.images:
            made |= {f"yolo/{kind}/images": IMAGES, f"voc/{kind}/JPEGImages": IMAGES}
            made |= {f"parquet/{kind}/{split}/{IMAGES}": IMAGES for split in splits_of(of_kind.best)}
    return made
