"""Writing Pascal VOC's folder: `Annotations/0/a.xml` for `JPEGImages/0/a.jpg`, stems in `ImageSets/Main`."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from lap_assets.core.box import Box, shortest
from lap_assets.core.files import write_text
from lap_assets.labels.annotations import SPLITS, Annotations, LabeledImage, stem_of, stems

CLASSES: Final = "classes.json"
SIDES: Final = ("xmin", "ymin", "xmax", "ymax")


def write(labels: Annotations, folder: Path) -> None:
    """Write the folder's files, but not the images."""
    for name, text in files(labels):
        write_text(folder / name, text)


def files(labels: Annotations) -> Iterator[tuple[str, str]]:
    """Yield the folder's files: path and text."""
    names = labels.names()
    counts = Counter(names.values())
    shared = frozenset(id for id, name in names.items() if counts[name] > 1)
    lists: dict[str, list[str]] = {split: [] for split in SPLITS}
    stems(labels.images)
    for image in labels.images:
        stem = stem_of(image.name)
        if image.split:
            lists[image.split].append(f"{stem}\n")
        objects = [_object(box, names[labels.id_of(box)], labels.id_of(box) in shared) for box in image.boxes]
        yield f"Annotations/{stem}.xml", _xml(image, objects)
    for split, listed in lists.items():
        yield f"ImageSets/Main/{split}.txt", "".join(listed)
    classes = {str(id): name for id, name in sorted(labels.classes.items())}
    yield CLASSES, json.dumps({"thing": labels.thing, "classes": classes}, ensure_ascii=False, indent=1) + "\n"


def _xml(image: LabeledImage, objects: list[str]) -> str:
    width, height = image.size
    folder, _, file = image.name.rpartition("/")
    extra = {"reviewed": None if image.reviewed is None else int(image.reviewed), "tier": image.tier,
             "model": image.model}  # fmt: skip
    lines = [
        "<annotation>",
        f"<folder>{escape(folder)}</folder><filename>{escape(file)}</filename>",
        f"<size><width>{width}</width><height>{height}</height><depth>3</depth></size><segmented>0</segmented>",
        *(f"<{name}>{escape(str(value))}</{name}>" for name, value in extra.items() if value is not None),
        *objects,
        "</annotation>",
    ]
    return "\n".join(lines) + "\n"


def _object(box: Box, name: str, is_shared: bool) -> str:
    """Return the element of a box. `is_shared`: other classes have the same name, so the number is written too."""
    sides = "".join(f"<{side}>{shortest(at)}</{side}>" for side, at in zip(SIDES, box.corners, strict=True))
    more = f"<class_id>{'' if box.class_id is None else box.class_id}</class_id>" if is_shared else ""
    more += "<crowd>1</crowd>" if box.crowd else ""
    more += f"<score>{box.score!r}</score>" if box.score is not None else ""
    more += "".join(_attribute(key, value) for key, value in box.attributes)
    return (
        f"<object><name>{escape(name)}</name><pose>Unspecified</pose><truncated>0</truncated>"
        f"<difficult>{int(box.ignore)}</difficult><bndbox>{sides}</bndbox>{more}</object>"
    )


def _attribute(key: str, value: object) -> str:
    return f"<attribute><name>{escape(key)}</name><value>{escape(json.dumps(value))}</value></attribute>"


def name_and_id(thing: str | None, classes: Mapping[int, str]) -> dict[str, int | None]:
    """Return LAP's id of each name (None: the thing); of several classes with one name, the first."""
    ids: dict[str, int | None] = {} if thing is None else {thing: None}
    for id, name in sorted(classes.items()):
        ids.setdefault(name, id)
    return ids
