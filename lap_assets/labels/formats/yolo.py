"""YOLO's folder: `data.yaml`, a list of images for each split, a text file an image: `class cx cy w h` as fractions.

Laid out as ultralytics expects it: `images/0/a.jpg` has its labels in `labels/0/a.txt`. Fractions have ten decimals, so
that coordinates come back to the thousandth of a pixel. Class 0 is the thing without a class; the classes follow in the
order of their numbers, which `data.yaml` keeps as `lap_ids`. Ignored boxes and crowds are left out, since
the format cannot express them; so are scores, unless they are asked for (as a sixth number, as predictions are saved).
"""

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError, NameInvalid
from lap_assets.core.files import write_text
from lap_assets.core.labels.faults import Faults, text_of
from lap_assets.core.labels.image_names import portable_name
from lap_assets.labels import values
from lap_assets.labels.annotations import SPLITS, Annotations, LabeledImage, Split, stem_of, stems
from lap_assets.labels.image_sizes import Sizes, sizes_in
from lap_assets.labels.yaml_text import parse_yaml

DATA: Final = "data.yaml"
_ENDINGS: Final = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
_DECIMALS: Final = 10


def read(path: Path, sizes: Sizes | None = None) -> Annotations:
    """The labels of a folder with a `data.yaml` (or of that file).

    `sizes`: where the images' sizes come from, if not from the folder's own `images`.

    Raises:
        LabelFileError: what is wrong, each with its file and line.
    """
    folder = path if path.is_dir() else path.parent
    data = _parsed(path / DATA if path.is_dir() else path)
    names, ids = _classes(data, folder / DATA)
    look_up = sizes or sizes_in(folder / "images")
    faults = Faults()
    images = []
    for name, split, where in _listed(data, folder, faults):
        with faults.at(where):
            width, height = look_up(portable_name(name))
            file = folder / "labels" / f"{stem_of(portable_name(name))}.txt"
            boxes = _boxes(file, (width, height), ids, faults) if file.exists() else ()
            images.append(LabeledImage(name, width, height, boxes, split=split, where=str(file)))
    labels = Annotations(())
    with faults.at(str(folder / DATA)):
        classes = {id: name for id, name in zip(ids, names, strict=True) if id is not None}
        labels = Annotations(tuple(images), classes, names[0] if ids[0] is None else "object")
    faults.raise_any()
    return labels


def write(labels: Annotations, folder: Path, *, scores: bool = False) -> None:
    """Writes the folder's files; not the images. Images that are in no split are for training."""
    for name, text in files(labels, scores=scores):
        write_text(folder / name, text)


def files(labels: Annotations, *, scores: bool = False) -> Iterator[tuple[str, str]]:
    """The folder's files: path and text."""
    stems(labels.images)
    indices = {id: index for index, id in enumerate(labels.names())}
    lists: dict[str, list[str]] = {split: [] for split in SPLITS}
    for image in labels.images:
        lists[image.split or "train"].append(f"./images/{image.name}\n")
        lines = [
            _line(box, image.size, indices[labels.id_of(box)], scores)
            for box in image.boxes
            if not (box.ignore or box.crowd)
        ]
        yield f"labels/{stem_of(image.name)}.txt", "".join(lines)
    for split, listed in lists.items():
        yield f"{split}.txt", "".join(listed)
    yield DATA, _data(labels)


def _data(labels: Annotations) -> str:
    names = "".join(f"  {index}: {json.dumps(name)}\n" for index, name in enumerate(labels.names().values()))
    lists = "".join(f"{split}: {split}.txt\n" for split in SPLITS)
    return f"{lists}names:\n{names}lap_ids: {sorted(labels.classes)}\n"


def _line(box: Box, size: tuple[int, int], index: int, scores: bool) -> str:
    width, height = size
    fractions = (
        (box.xmin + box.xmax) / 2 / width, (box.ymin + box.ymax) / 2 / height, box.width / width, box.height / height
    )  # fmt: skip
    score = f" {box.score!r}" if scores and box.score is not None else ""
    return f"{index} {' '.join(f'{fraction:.{_DECIMALS}f}' for fraction in fractions)}{score}\n"


def _parsed(path: Path) -> dict[str, Any]:
    content = text_of(path)
    try:
        parsed = parse_yaml(content)
    except InputError as error:
        raise LabelFileError(f"{path}: {error}") from None
    if not isinstance(parsed, dict) or "names" not in parsed:
        raise LabelFileError(f"{path}: it has no names")
    return parsed


def _classes(data: dict[str, Any], path: Path) -> tuple[list[str], list[int | None]]:
    """The names of the classes in YOLO's order, and our id of each (None: the thing without a class)."""
    faults = Faults()
    names: list[str] = []
    ids: list[int | None] = []
    with faults.at(str(path)):
        listed = data["names"]
        if isinstance(listed, dict):
            listed = [listed.get(index) for index in range(len(listed))]
        names = [values.text(name, "names") for name in values.items(listed, "names") if name is not None]
        if not names or len(names) != len(listed):
            raise InputError("names must count from 0 without a gap")
        ids = [None] if len(names) == 1 else [*range(len(names))]
        if "lap_ids" in data:
            ids = [None, *(values.whole(id, "lap_ids") for id in values.items(data["lap_ids"], "lap_ids"))]
        if len(ids) != len(names):
            raise InputError(f"there are {len(names)} names, but lap_ids for {len(ids)}")
    faults.raise_any()
    return names, ids


def _listed(data: dict[str, Any], folder: Path, faults: Faults) -> Iterator[tuple[str, Split, str]]:
    """Each image's path below `images`, its split, and where it is named."""
    seen: set[str] = set()
    for split in SPLITS:
        entries = data.get(split) or []
        for entry in entries if isinstance(entries, list) else [entries]:
            for text, where in _entry(folder, str(entry), faults):
                name = _below_images(text)
                if name in seen:
                    faults.add(where, f"{name} occurs twice")
                    continue
                seen.add(name)
                yield name, split, where


def _entry(folder: Path, entry: str, faults: Faults) -> Iterator[tuple[str, str]]:
    try:
        path = folder / portable_name(entry.removeprefix("./"))
    except NameInvalid as error:
        return faults.add(str(folder / DATA), error)
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.suffix.lower() in _ENDINGS)
        yield from ((file.relative_to(folder).as_posix(), str(path)) for file in found)
    elif path.is_file():
        with faults.at(str(path)):
            for number, line in enumerate(text_of(path).splitlines(), 1):
                if line.strip():
                    yield line.strip(), f"{path}:{number}"
    else:
        faults.add(str(folder / DATA), f"{entry} is not there")
    return None


def _below_images(text: str) -> str:
    parts = PurePosixPath(text.replace("\\", "/").removeprefix("./")).parts
    return "/".join(parts[parts.index("images") + 1 :] if "images" in parts else parts)


def _boxes(file: Path, size: tuple[int, int], ids: list[int | None], faults: Faults) -> tuple[Box, ...]:
    boxes = []
    for number, line in enumerate(text_of(file).splitlines(), 1):
        if line.strip():
            with faults.at(f"{file}:{number}"):
                boxes.append(_box(line.split(), size, ids))
    return tuple(boxes)


def _box(words: list[str], size: tuple[int, int], ids: list[int | None]) -> Box:
    if len(words) not in (5, 6):
        raise InputError(f"expected a class and 4 numbers (and a score), not {len(words)} numbers")
    index = values.whole(words[0], "the class")
    if not 0 <= index < len(ids):
        raise InputError(f"there is no class {words[0]}")
    x, y, width, height = (
        values.number(word, "the box") * side for word, side in zip(words[1:5], (*size, *size), strict=True)
    )
    return Box(
        x - width / 2, y - height / 2, x + width / 2, y + height / 2, ids[index],
        score=values.number(words[5], "the score") if len(words) == 6 else None,
    )  # fmt: skip
