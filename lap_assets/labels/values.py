"""Values as label files of other programs have them, checked one by one: what is not as it should be is InputError.

Belongs here: single values, whatever JSON, YAML or a table holds in their place. Which values a format has is in its
module; where they stand is added by `core.labels.faults`.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from lap_assets.core.box import Value
from lap_assets.core.errors import InputError
from lap_assets.labels.annotations import SPLITS, TIERS, Split, Tier

_WHOLE: Final = re.compile(r"\s*[+-]?[0-9]{1,15}\s*")
_NUMBER: Final = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?\s*")
_MOST: Final = 10**15


def number(value: object, name: str) -> float:
    """A number, or text that is one."""
    is_number = isinstance(value, float) or (isinstance(value, int) and abs(value) <= _MOST)
    if is_number or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        return float(cast("float | str", value))
    raise InputError(f"{name}: expected a number, not {_shown(value)}")


def whole(value: object, name: str) -> int:
    """A whole number, or text that is one."""
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if is_whole and abs(cast("float", value)) <= _MOST:
        return int(cast("float", value))
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    raise InputError(f"{name}: expected a whole number, not {_shown(value)}")


def side(value: object, name: str) -> int:
    """A width or height in px."""
    found = whole(value, name)
    if found < 1:
        raise InputError(f"{name}: expected 1 px or more, not {found}")
    return found


def key(value: object, name: str) -> int | str:
    """An id, which other values refer to."""
    if isinstance(value, int | str):
        return value
    raise InputError(f"{name}: expected a number, not {_shown(value)}")


def text(value: object, name: str) -> str:
    """Text; a number counts as its digits."""
    if isinstance(value, str | int | float):
        return str(value)
    raise InputError(f"{name}: expected text, not {_shown(value)}")


def mapping(value: object, name: str) -> Mapping[str, Any]:
    """Names and their values."""
    if isinstance(value, Mapping):
        return value
    raise InputError(f"{name}: expected names with values, not {_shown(value)}")


def items(value: object, name: str) -> Sequence[Any]:
    """A list."""
    if isinstance(value, list | tuple):
        return value
    raise InputError(f"{name}: expected a list, not {_shown(value)}")


def four(value: object, name: str) -> tuple[float, float, float, float]:
    """Four numbers."""
    found = items(value, name)
    if len(found) != 4:
        raise InputError(f"{name} takes 4 numbers, not {len(found)}")
    first, second, third, fourth = (number(one, name) for one in found)
    return first, second, third, fourth


def of(values: Mapping[str, Any], name: str) -> Any:
    """The value of a name."""
    if name not in values:
        raise InputError(f"{name} is missing")
    return values[name]


def attributes(values: object) -> tuple[tuple[str, Value], ...]:
    """Attributes of a box: names with text, numbers, yes or no."""
    found = mapping(values, "attributes")
    for name, value in found.items():
        if not isinstance(name, str) or not isinstance(value, str | int | float):
            raise InputError(f"attribute {name!r}: expected text or a number, not {_shown(value)}")
    return tuple(found.items())


def flag(value: object, name: str) -> bool:
    """Yes or no, or 1 or 0."""
    if value is None or isinstance(value, bool | int | float):
        return bool(value)
    raise InputError(f"{name}: expected 0 or 1, not {_shown(value)}")


def tier(value: object) -> Tier | None:
    """Who made the boxes."""
    return None if value is None else TIERS[_index(value, TIERS, "tier")]


def split(value: object) -> Split | None:
    """The split of an image."""
    return None if value is None else SPLITS[_index(value, SPLITS, "split")]


def _index(value: object, known: Sequence[str], name: str) -> int:
    if not isinstance(value, str) or value not in known:
        raise InputError(f"{name} {_shown(value)}: expected one of {', '.join(known)}")
    return known.index(value)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
