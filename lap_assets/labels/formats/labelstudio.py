"""Reading Label Studio's JSON and JSON_MIN: rectangles in percent of the picture, and bounding boxes of other outlines.

If several people did a task, the ground truth or else the last annotation is used; the others are left out and counted.
A model's predictions are used if nobody has annotated the task, as a machine's boxes; tasks without either are left
out. Uploaded files are found with and without the eight letters that Label Studio puts before their names.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from lap_assets.core.box import Box, Corners
from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.labels import values
from lap_assets.labels.annotations import Annotations, LabeledImage, Tier
from lap_assets.labels.formats.by_name import Named, numbered
from lap_assets.labels.formats.cvat import turned
from lap_assets.labels.formats.foreign_names import below_images
from lap_assets.labels.formats.json_text import parsed
from lap_assets.labels.formats.polygons import around, on_picture
from lap_assets.labels.reading import Reading

_KINDS: Final = ("rectanglelabels", "polygonlabels", "ellipselabels", "labels")
_ADDRESS: Final = re.compile(r"https?://|/data/")
_UPLOADED: Final = re.compile(r"[0-9a-f]{8}-(?=.)")
_PICTURE: Final = re.compile(r"\.(?:jpe?g|png|webp|bmp|gif|tiff?)(?:[?#].*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Work:
    """A task's results, by a person or a model. `score`, `model`: of a model's prediction."""

    results: Sequence[Any]
    is_model: bool = False
    score: float | None = None
    model: str | None = None


def read(path: Path, reading: Reading) -> Annotations:
    """Read a file.

    Raises:
        LabelFileError: it is not a list of tasks.
    """
    tasks = parsed(path)
    tasks = [tasks] if isinstance(tasks, dict) and "data" in tasks else tasks
    if not isinstance(tasks, list):
        raise LabelFileError(f"{path}: not a Label Studio file: expected a list of tasks")
    found: list[Named] = []
    for number, one in enumerate(tasks, 1):
        where = f"{path}: task {one.get('id', number) if isinstance(one, dict) else number}"
        with reading.faults.at(where):
            task = values.mapping(one, "task")
            work = _work(task, where, reading)
            if work is None:
                reading.tally.add("unannotated tasks left out", where)
            else:
                found.append(_image(task, work, where, reading))
    return numbered(found)


def _image(task: Mapping[str, Any], work: _Work, where: str, reading: Reading) -> Named:
    name = _name(task, where, reading)
    results = [values.mapping(one, "result") for one in work.results]
    sized = next((one for one in reversed(results) if one.get("original_width")), None)
    sides = (None, None) if sized is None else (
        values.side(sized["original_width"], "original_width"),
        values.side(values.of(sized, "original_height"), "original_height"),
    )  # fmt: skip
    size = reading.size(name, *sides)
    is_turned = any(one.get("image_rotation") for one in results)
    reading.tally.add("pictures rotated while labeling, whose boxes are kept unchanged", where, is_turned)
    known = {str(one.get("id")) for one in results if _labels(_value(one))}
    boxes: list[tuple[str, Box]] = []
    for one in results:
        with reading.faults.at(where):
            if one.get("type") == "rectangle" and str(one.get("id")) in known and not _labels(_value(one)):
                continue  # its label is a separate result with the same corners
            found = _box(one, size, work.score, where, reading)
            boxes += [found] if found is not None else []
    machine: Tier | None = "machine" if work.is_model else None
    is_reviewed = False if work.is_model else None
    return LabeledImage(name, *size, where=where, tier=machine, model=work.model, reviewed=is_reviewed), boxes


def _work(task: Mapping[str, Any], where: str, reading: Reading) -> _Work | None:
    """Return a task's results; None if it was not done, since an image without boxes would mean an empty image."""
    if "annotations" not in task and "predictions" not in task:
        return _Work([one for value in task.values() if isinstance(value, list) for one in value
                      if isinstance(one, dict)])  # fmt: skip
    done = [one for one in _listed(task, "annotations") if not one.get("was_cancelled")]
    predictions = _listed(task, "predictions")
    reading.tally.add("annotations by other people left out", where, max(0, len(done) - 1))
    if done:
        reading.tally.add("predictions left out", where, len(predictions))
        best = next((one for one in reversed(done) if one.get("ground_truth")), done[-1])
        return _Work(values.items(best.get("result") or [], "result"))
    reading.tally.add("drafts left out", where, len(values.items(task.get("drafts") or [], "drafts")))
    if not predictions:
        return None
    score, model = predictions[-1].get("score"), predictions[-1].get("model_version")
    found = values.items(predictions[-1].get("result") or [], "result")
    known = None if score is None else values.number(score, "score")
    return _Work(found, True, known, None if model is None else values.text(model, "model_version"))


def _listed(task: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [values.mapping(one, name) for one in values.items(task.get(name) or [], name)]


def _name(task: Mapping[str, Any], where: str, reading: Reading) -> str:
    data = values.mapping(task.get("data") or task, "data")
    given = next(
        (value for value in data.values() if isinstance(value, str) and _PICTURE.search(value)), data.get("image")
    )
    if given is None:
        raise InputError("it has no picture name")
    text = values.text(given, "image")
    if "?d=" in text:
        text = unquote(text.rpartition("?d=")[2])
    else:
        text = unquote(text.split("?")[0]) if _ADDRESS.match(text) else text.split("?")[0]
    name = LabeledImage(below_images(text, reading, where)).name
    folder, slash, file = name.rpartition("/")
    plain = folder + slash + _UPLOADED.sub("", file, count=1)
    return plain if plain != name and reading.has_image(plain) and not reading.has_image(name) else name


def _value(result: Mapping[str, Any]) -> Mapping[str, Any]:
    return values.mapping(result.get("value") or result, "value")


def _labels(value: Mapping[str, Any]) -> object:
    return next((value[kind] for kind in _KINDS if value.get(kind)), None)


def _box(
    result: Mapping[str, Any], size: tuple[int, int], score: float | None, where: str, reading: Reading
) -> tuple[str, Box] | None:
    value = _value(result)
    labels, corners = _labels(value), _corners(value, size, where, reading)
    if not labels or corners is None:
        kind = values.text(result.get("type") or "another", "type")
        reading.tally.add(f"results of the kind {kind[:40]} left out", where)
        return None
    own = result.get("score")
    known = score if own is None else values.number(own, "score")
    names = values.items(labels, "labels")
    if len(names) != 1:
        raise InputError(f"a box has {len(names)} labels, expected one")
    return values.name(names[0], "label"), Box(*corners, score=known)


def _corners(value: Mapping[str, Any], size: tuple[int, int], where: str, reading: Reading) -> Corners | None:
    """Return the corners in px of a rectangle, or the bounding box of a polygon or ellipse; None for other shapes."""
    across, down = size[0] / 100, size[1] / 100
    turn = math.radians(values.number(value.get("rotation") or 0, "rotation"))
    if "points" in value:
        pairs = [values.items(pair, "points") for pair in values.items(value["points"], "points")]
        points = [values.number(side, "points") * unit for pair in pairs
                  for side, unit in zip(pair, (across, down), strict=False)]  # fmt: skip
        reading.tally.add("polygons read as the boxes around them", where)
        return on_picture(around(points), size, reading, where)
    if "radiusX" in value:
        x, y, wide, high = (values.number(values.of(value, name), name) for name in ("x", "y", "radiusX", "radiusY"))
        sides = ((x - wide) * across, (y - high) * down, (x + wide) * across, (y + high) * down)
        reading.tally.add("ellipses read as the boxes around them", where)
        return on_picture(turned(sides, turn) if turn else sides, size, reading, where)
    if "width" not in value:
        return None
    x, y, width, height = (values.number(values.of(value, side), side) for side in ("x", "y", "width", "height"))
    corners = (x * across, y * down, (x + width) * across, (y + height) * down)
    if not turn:
        return corners
    reading.tally.add("rotated boxes read as the boxes around them", where)
    return on_picture(_about_corner(corners, turn), size, reading, where)


def _about_corner(corners: tuple[float, float, float, float], turn: float) -> tuple[float, float, float, float]:
    """Return the bounding box of a box rotated about its top left corner, as in Label Studio."""
    xmin, ymin, xmax, ymax = corners
    across, down = (xmax - xmin) / 2, (ymax - ymin) / 2
    x = xmin + across * math.cos(turn) - down * math.sin(turn)
    y = ymin + across * math.sin(turn) + down * math.cos(turn)
    return turned((x - across, y - down, x + across, y + down), turn)
