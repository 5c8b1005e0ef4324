"""YOLO's folder: `data.yaml`, a list of images for each split, and a text file an image: `class cx cy w h` as shares.

Laid out as ultralytics looks for it: `images/0/a.jpg` has its labels in `labels/0/a.txt`. Shares have ten decimals, so
that coordinates come back to the thousandth of a pixel. Class 0 is the thing without a class; the classes follow in the
order of their numbers, which `data.yaml` keeps as `lap_ids`. Ignored boxes and crowds are left out, for there is no
word for them; so are scores, unless they are asked for (as a sixth number, as predictions are saved).
"""

import json
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final

import yaml

from lap_assets.core.errors import LabelFileError
from lap_assets.core.files import write_text
from lap_assets.labels.annotations import SPLITS, Annotations, Box, LabeledImage, Split, plain_name, stem_of, stems
from lap_assets.labels.faults import Faults, text_of
from lap_assets.labels.pictures import Sizes, sizes_in

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
    told = _parsed(path / DATA if path.is_dir() else path)
    names = _names(told, folder / DATA)
    ids: list[int | None] = [None, *told["lap_ids"]] if "lap_ids" in told else list(range(len(names)))
    if len(ids) != len(names):
        raise LabelFileError([f"{folder / DATA}: lap_ids are not as many as names"])
    if "lap_ids" not in told and len(names) == 1:
        ids = [None]
    look_up = sizes or sizes_in(folder / "images")
    faults = Faults()
    images = []
    for name, split, where in _listed(told, folder, faults):
        with faults.noting(where):
            width, height = look_up(plain_name(name))
            file = folder / "labels" / f"{stem_of(plain_name(name))}.txt"
            boxes = _boxes(file, (width, height), ids, faults) if file.exists() else ()
            images.append(LabeledImage(name, width, height, boxes, split=split, where=str(file)))
    faults.complain()
    classes = {id: name for id, name in zip(ids, names, strict=True) if id is not None}
    return Annotations(tuple(images), classes, names[0] if ids[0] is None else "object")


def write(labels: Annotations, folder: Path, *, scores: bool = False) -> None:
    """Writes the folder's files; the images are others' matter. Images that are in no split are for training."""
    for name, text in files(labels, scores=scores):
        write_text(folder / name, text)


def files(labels: Annotations, *, scores: bool = False) -> Iterator[tuple[str, str]]:
    """The folder's files: path and text."""
    stems(labels.images)
    places = {id: place for place, id in enumerate(labels.names())}
    lists: dict[str, list[str]] = {split: [] for split in SPLITS}
    for image in labels.images:
        lists[image.split or "train"].append(f"./images/{image.name}\n")
        lines = [
            _line(box, image.size, places[labels.thing_id if box.category is None else box.category], scores)
            for box in image.boxes
            if not (box.ignore or box.crowd)
        ]
        yield f"labels/{stem_of(image.name)}.txt", "".join(lines)
    for split, listed in lists.items():
        yield f"{split}.txt", "".join(listed)
    yield DATA, _data(labels)


def _data(labels: Annotations) -> str:
    names = "".join(f"  {place}: {json.dumps(name)}\n" for place, name in enumerate(labels.names().values()))
    lists = "".join(f"{split}: {split}.txt\n" for split in SPLITS)
    return f"{lists}names:\n{names}lap_ids: {sorted(labels.classes)}\n"


def _line(box: Box, size: tuple[int, int], place: int, scores: bool) -> str:
    width, height = size
    shares = (
        (box.x0 + box.x1) / 2 / width, (box.y0 + box.y1) / 2 / height, box.width / width, box.height / height
    )  # fmt: skip
    score = f" {box.score!r}" if scores and box.score is not None else ""
    return f"{place} {' '.join(f'{share:.{_DECIMALS}f}' for share in shares)}{score}\n"


def _parsed(path: Path) -> dict[str, Any]:
    try:
        told = yaml.safe_load(text_of(path))
    except FileNotFoundError:
        raise LabelFileError([f"{path}: there is no such file"]) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise LabelFileError([f"{path}: not YAML ({' '.join(str(error).split())})"]) from None
    if not isinstance(told, dict) or "names" not in told:
        raise LabelFileError([f"{path}: it has no names"])
    return told


def _names(told: dict[str, Any], path: Path) -> list[str]:
    names = told["names"]
    listed = names if isinstance(names, list) else [names.get(place) for place in range(len(names))]
    if not listed or any(name is None for name in listed):
        raise LabelFileError([f"{path}: names count from 0 without a gap"])
    return [str(name) for name in listed]


def _listed(told: dict[str, Any], folder: Path, faults: Faults) -> Iterator[tuple[str, Split, str]]:
    """Each image's path below `images`, its split, and where it is named."""
    seen: set[str] = set()
    for split in SPLITS:
        entries = told.get(split) or []
        for entry in [entries] if isinstance(entries, str) else entries:
            for text, where in _entry(folder, str(entry), faults):
                name = _below_images(text)
                if name in seen:
                    faults.add(where, f"{name} occurs twice")
                    continue
                seen.add(name)
                yield name, split, where


def _entry(folder: Path, entry: str, faults: Faults) -> Iterator[tuple[str, str]]:
    try:
        place = folder / plain_name(entry.removeprefix("./"))
    except ValueError as error:
        return faults.add(str(folder / DATA), error)
    if place.is_dir():
        found = sorted(path for path in place.rglob("*") if path.suffix.lower() in _ENDINGS)
        yield from ((path.relative_to(folder).as_posix(), str(place)) for path in found)
    elif place.is_file():
        for number, line in enumerate(text_of(place).splitlines(), 1):
            if line.strip():
                yield line.strip(), f"{place}:{number}"
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
            with faults.noting(f"{file}:{number}"):
                boxes.append(_box(line.split(), size, ids))
    return tuple(boxes)


def _box(words: list[str], size: tuple[int, int], ids: list[int | None]) -> Box:
    if len(words) not in (5, 6):
        raise ValueError(f"takes a class and 4 numbers (and a score), not {len(words)}")
    if not words[0].isdecimal() or int(words[0]) >= len(ids):
        raise ValueError(f"there is no class {words[0]}")
    x, y, width, height = (
        share * side for share, side in zip((float(word) for word in words[1:5]), (*size, *size), strict=True)
    )
    return Box(
        x - width / 2, y - height / 2, x + width / 2, y + height / 2, ids[int(words[0])],
        score=float(words[5]) if len(words) == 6 else None,
    )  # fmt: skip
