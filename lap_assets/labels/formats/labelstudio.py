"""Reading Label Studio's JSON and JSON_MIN: rectangles, in percents of the picture.

Of a task that several people did, the last annotation counts, and the others are counted as left out; predictions are
read where nobody has annotated. Uploaded files are found with and without the eight letters that it puts before their
names.
"""

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lap_assets.core.box import Box
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage
from lap_assets.labels.formats.by_name import Named, numbered
from lap_assets.labels.formats.cvat import turned
from lap_assets.labels.formats.foreign_names import below_images
from lap_assets.labels.formats.json_text import parsed
from lap_assets.labels.reading import Reading

_UPLOADED: Final = re.compile(r"[0-9a-f]{8}-(?=.)")
_PICTURE: Final = re.compile(r"\.(?:jpe?g|png|webp|bmp|gif|tiff?)(?:[?#].*)?$", re.IGNORECASE)


def read(path: Path, reading: Reading) -> Annotations:
    """The labels of a file.

    Raises:
        LabelFileError: it is not a list of tasks.
    """
    tasks = parsed(path)
    if not isinstance(tasks, list):
        raise LabelFileError(f"{path}: not Label Studio's: it is not a list of tasks")
    found: list[Named] = []
    for number, one in enumerate(tasks, 1):
        where = f"{path}: task {one.get('id', number) if isinstance(one, dict) else number}"
        with reading.faults.at(where):
            found.append(_image(values.mapping(one, "task"), where, reading))
    return numbered(found)


def _image(task: Mapping[str, Any], where: str, reading: Reading) -> Named:
    results, score = _results(task, where, reading)
    name = _name(task, where, reading)
    sides: tuple[int | None, int | None] = (None, None)
    boxes: list[tuple[str, Box]] = []
    for one in results:
        result = values.mapping(one, "result")
        if result.get("original_width"):
            sides = (
                values.side(result["original_width"], "original_width"),
                values.side(values.of(result, "original_height"), "original_height"),
            )
    size = reading.size(name, *sides)
    for one in results:
        with reading.faults.at(where):
            found = _box(values.mapping(one, "result"), size, score, where, reading)
            boxes += [found] if found is not None else []
    return LabeledImage(name, *size, where=where), boxes


def _results(task: Mapping[str, Any], where: str, reading: Reading) -> tuple[Sequence[Any], float | None]:
    """The task's results, and their score where they are a prediction."""
    if "annotations" not in task and "predictions" not in task:
        own: object = next((value for name, value in task.items() if name in ("label", "bbox", "result")), [])
        return values.items(own or [], "label"), None
    done = [one for one in map(_as_mapping, task.get("annotations") or []) if not one.get("was_cancelled")]
    predictions = [_as_mapping(one) for one in task.get("predictions") or []]
    reading.tally.add("annotations of other people, left out", where, max(0, len(done) - 1))
    if done:
        reading.tally.add("predictions left out", where, len(predictions))
        return values.items(done[-1].get("result") or [], "result"), None
    if not predictions:
        return [], None
    score = predictions[-1].get("score")
    found = values.items(predictions[-1].get("result") or [], "result")
    return found, None if score is None else values.number(score, "score")


def _as_mapping(one: object) -> Mapping[str, Any]:
    return values.mapping(one, "annotation")


def _name(task: Mapping[str, Any], where: str, reading: Reading) -> str:
    data = values.mapping(task.get("data") or task, "data")
    given = next(
        (value for value in data.values() if isinstance(value, str) and _PICTURE.search(value)), data.get("image")
    )
    text = values.text(given, "image")
    text = text.rpartition("?d=")[2] if "?d=" in text else text.split("?")[0]
    name = LabeledImage(below_images(text, reading, where)).name
    folder, slash, file = name.rpartition("/")
    plain = folder + slash + _UPLOADED.sub("", file, count=1)
    return plain if plain != name and reading.has_image(plain) and not reading.has_image(name) else name


def _box(
    result: Mapping[str, Any], size: tuple[int, int], score: float | None, where: str, reading: Reading
) -> tuple[str, Box] | None:
    value = values.mapping(result.get("value") or result, "value")
    labels = value.get("rectanglelabels") or value.get("labels")
    if not labels or "width" not in value:
        kind = values.text(result.get("type") or "another", "type")
        reading.tally.add(f"results of the kind {kind[:40]} left out", where)
        return None
    x, y, width, height = (values.number(values.of(value, side), side) / 100 for side in ("x", "y", "width", "height"))
    corners = (x * size[0], y * size[1], (x + width) * size[0], (y + height) * size[1])
    turn = math.radians(values.number(value.get("rotation") or 0, "rotation"))
    if turn:
        reading.tally.add("rotated boxes read as the boxes around them", where)
        corners = _about_corner(corners, turn)
    own = result.get("score")
    known = score if own is None else values.number(own, "score")
    names = values.items(labels, "labels")
    if len(names) != 1:
        raise InputError(f"a box has {len(names)} labels, and LAP's have one")
    return values.text(names[0], "label"), Box(*corners, score=known)


def _about_corner(corners: tuple[float, float, float, float], turn: float) -> tuple[float, float, float, float]:
    """The box around one that is turned about its top left corner, as Label Studio turns."""
    xmin, ymin, xmax, ymax = corners
    across, down = (xmax - xmin) / 2, (ymax - ymin) / 2
    x = xmin + across * math.cos(turn) - down * math.sin(turn)
    y = ymin + across * math.sin(turn) + down * math.cos(turn)
    return turned((x - across, y - down, x + across, y + down), turn)
