"""The classes of a YOLO data set, from `data.yaml` or a list of names, one per line.

LAP's id of a class is YOLO's number, unless LAP wrote the file, which keeps LAP's ids as `lap_ids`. A single class
becomes the thing, without a class.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lap_assets.core.errors import InputError, LabelFileError
from lap_assets.core.labels.faults import text_of
from lap_assets.labels import values
from lap_assets.labels.any_case import child

NAMES: Final = ("classes.txt", "obj.names", "predefined_classes.txt")
"""Lists of names, one per line, in folders without `data.yaml`."""
_NUMBERED: Final = re.compile(r"[0-9]{1,9}\s*:\s*\S")


@dataclass(frozen=True, slots=True)
class YoloClasses:
    """`names` by LAP's id, `ids`: LAP's id of each YOLO number (None: the thing), and the thing. `keypoints`: how many
    numbers a row has after its box."""

    names: Mapping[int, str]
    ids: Mapping[int, int | None]
    thing: str | None
    keypoints: int = 0


def described_classes(data: Mapping[str, Any], file: Path) -> YoloClasses:
    """Return the classes of a `data.yaml`.

    Raises:
        LabelFileError: its names are invalid.
    """
    try:
        named = data["names"]
        numbered = named if isinstance(named, dict) else dict(enumerate(values.items(named, "names")))
        names = {values.whole(number, "names"): values.text(name, "names") for number, name in numbered.items()}
        if not names or min(names) < 0 or len(names) != len(numbered):
            raise InputError("names: expected names by their numbers, from 0")
        ids: dict[int, int | None] = {number: number for number in names} if len(names) > 1 else dict.fromkeys(names)
        if "lap_ids" in data:
            own = [values.whole(id, "lap_ids") for id in values.items(data["lap_ids"], "lap_ids")]
            if len(names) - len(own) not in (0, 1):
                raise InputError(f"{len(names)} names, but lap_ids for {len(own)}")
            ids = dict(zip(sorted(names), [None, *own][-len(names) :], strict=True))
        shape = values.items(data.get("kpt_shape") or (0, 0), "kpt_shape")
        keypoints = values.whole(shape[0], "kpt_shape") * values.whole(shape[-1], "kpt_shape") if shape else 0
    except InputError as error:
        raise LabelFileError(f"{file}: {error}") from None
    thing = next((names[number] for number, id in ids.items() if id is None), None)
    return YoloClasses({id: names[number] for number, id in ids.items() if id is not None}, ids, thing, keypoints)


def listed_classes(folder: Path) -> YoloClasses:
    """Return the classes of a folder's list of names; a single class "object" if it has no list.

    Raises:
        LabelFileError: the list is not in YOLO's format.
    """
    file = next((path for name in NAMES if (path := child(folder, name)).is_file()), None)
    lines = [line.strip() for line in text_of(file).splitlines()] if file is not None else []
    names = [line for line in lines if line] or ["object"]
    if all(_NUMBERED.match(name) for name in names):
        raise LabelFileError(
            f"{file}: lines of `id:name`, as in LAP's files; expected one name per line, class 0 first"
        )
    if len(names) == 1:
        return YoloClasses({}, {0: None}, names[0])
    return YoloClasses(dict(enumerate(names)), {number: number for number in range(len(names))}, None)
