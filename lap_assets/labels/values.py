"""Checks of single values from label files of other programs; an invalid value raises InputError.

Belongs here: values from JSON, YAML or a table. The fields of a format are in its module; `core.labels.faults` adds the
location.
"""

import json
import math
import re
import reprlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from lap_assets.core.box import Value
from lap_assets.core.errors import InputError
from lap_assets.labels.annotations import SPLITS, TIERS, Split, Tier

_WHOLE: Final = re.compile(r"\s*([+-]?[0-9]{1,15})(?:\.0*)?\s*")
_NUMBER: Final = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?\s*")
_MOST: Final = 10**15
_WORDS: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}
SPLIT_WORDS: Final[dict[str, Split]] = {
    **{split: split for split in SPLITS}, "valid": "val", "validation": "val", "training": "train", "testing": "test",
}  # fmt: skip
"""Other programs' names of the splits."""


def number(value: object, name: str) -> float:
    """Return a number, also from text."""
    is_number = isinstance(value, float) or (isinstance(value, int) and abs(value) <= _MOST)
    if is_number or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        return float(cast("float | str", value))
    raise InputError(f"{name}: expected a number, not {_shown(value)}")


def whole(value: object, name: str) -> int:
    """Return a whole number, also from text."""
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if is_whole and abs(cast("float", value)) <= _MOST:
        return int(cast("float", value))
    if isinstance(value, str) and (digits := _WHOLE.fullmatch(value)):
        return int(digits[1])
    raise InputError(f"{name}: expected a whole number, not {_shown(value)}")


def side(value: object, name: str) -> int:
    """Return a width or height in px."""
    found = whole(value, name)
    if found < 1:
        raise InputError(f"{name}: expected 1 px or more, not {found}")
    return found


def key(value: object, name: str) -> int | str:
    """Return an id that other values refer to; a float with a whole value (`7.0`) becomes an int."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= _MOST:
        return int(value)
    if isinstance(value, int | str):
        return value
    raise InputError(f"{name}: expected a number, not {_shown(value)}")


def text(value: object, name: str) -> str:
    """Return text; a number is converted to its digits."""
    if isinstance(value, str | int | float):
        return str(value)
    raise InputError(f"{name}: expected text, not {_shown(value)}")


def name(value: object, of_what: str) -> str:
    """Return a name: text that is not empty."""
    found = text(value, of_what)
    if not found.strip():
        raise InputError(f"{of_what}: expected a name, not empty text")
    return found


def mapping(value: object, name: str) -> Mapping[str, Any]:
    """Return a mapping of names to values."""
    if isinstance(value, Mapping):
        return value
    raise InputError(f"{name}: expected names with values, not {_shown(value)}")


def items(value: object, name: str) -> Sequence[Any]:
    """Return a list."""
    if isinstance(value, list | tuple):
        return value
    raise InputError(f"{name}: expected a list, not {_shown(value)}")


def four(value: object, name: str) -> tuple[float, float, float, float]:
    """Return four numbers."""
    found = items(value, name)
    if len(found) != 4:
        raise InputError(f"{name}: expected 4 numbers, not {len(found)}")
    first, second, third, fourth = (number(one, name) for one in found)
    return first, second, third, fourth


def of(values: Mapping[str, Any], name: str) -> Any:
    """Return the value of a required name."""
    if name not in values:
        raise InputError(f"{name} is missing")
    return values[name]


def attributes(values: object) -> tuple[tuple[str, Value], ...]:
    """Return a box's attributes: names with text, numbers or booleans. Nested values become JSON; null is empty."""
    if values is None or values == []:
        return ()
    found = mapping(values, "attributes")
    return tuple((text(name, "attributes"), _attribute(name, value)) for name, value in found.items())


def _attribute(name: object, value: object) -> Value:
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError(f"attribute {name!r}: expected text or a number, not {_shown(value)}")
    if isinstance(value, str | int | float):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise InputError(f"attribute {name!r}: expected text or a number, not {_shown(value)}") from None


def flag(value: object, name: str) -> bool:
    """Return a boolean from a bool, a number, or a word such as yes or no."""
    if value is None or isinstance(value, bool | int | float):
        return bool(value)
    if isinstance(value, str) and value.strip().lower() in _WORDS:
        return _WORDS[value.strip().lower()]
    raise InputError(f"{name}: expected 0 or 1, not {_shown(value)}")


def tier(value: object) -> Tier | None:
    """Return who made the boxes."""
    return None if value is None else TIERS[_index(value, TIERS, "tier")]


def split(value: object) -> Split | None:
    """Return the split of an image; None for an unknown word. Common variants are known (valid, train2017)."""
    if not isinstance(value, str):
        return None
    word = value.strip().lower().rstrip("0123456789_-")
    return SPLIT_WORDS.get(word)


def _index(value: object, known: Sequence[str], name: str) -> int:
    if not isinstance(value, str) or value not in known:
        raise InputError(f"{name} {_shown(value)}: expected one of {', '.join(known)}")
    return known.index(value)


def _shown(value: object) -> str:
    """Return the value for a message; nested or long values are shortened."""
    text = reprlib.repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
