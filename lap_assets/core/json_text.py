"""Parsing JSON, limited to values that tables and UTF-8 files can hold: numbers of 64 bits, valid Unicode."""

import json
import math
from collections.abc import Callable
from typing import Any, Final

from lap_assets.core.errors import InputError

_MOST_DIGITS: Final = 19
_LARGEST: Final = 2**63 - 1


def parse_json(text: str) -> Any:
    """Parse JSON.

    Raises:
        InputError: it is not JSON, is nested too deeply, or holds a number beyond 64 bits, NaN, Infinity, or half of a
            surrogate pair. The message says which.
    """
    return _parse(text, _DECODER)


def parse_pairs(text: str) -> Any:
    """Parse JSON, with each object as a tuple of (name, value) pairs, so that duplicate names are kept.

    Raises:
        InputError: as `parse_json`.
    """
    return _parse(text, _PAIRS_DECODER)


def parse_once(text: str) -> Any:
    """Parse JSON, but reject duplicate names in one object, since one of the two values would be lost.

    Raises:
        InputError: as `parse_json`, or a name occurs twice.
    """
    return _plain_object(text) or _parse(text, _ONCE_DECODER)


def _plain_object(text: str) -> dict[str, Any] | None:
    """Parse an object as LAP writes its lines, three times as fast; None if it has to be looked at more closely.

    Without a backslash, every quotation mark starts or ends a text. If those that were found make up all of them, no
    name was given twice.
    """
    if "\\" in text:
        return None
    try:
        value, end = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return None
    if end < len(text) or not isinstance(value, dict):
        return None
    texts = len(value) + tuple(map(type, value.values())).count(str)
    return value if text.count('"') == 2 * texts else None


def _parse(text: str, decoder: json.JSONDecoder) -> Any:
    try:
        value = decoder.decode(text)
    except InputError:
        raise
    except RecursionError:
        raise InputError("not readable JSON (nested too deeply)") from None
    except ValueError as error:
        raise InputError(f"not JSON ({error})") from None
    if "\\u" in text:
        _check_surrogates(value)
    return value


def _check_surrogates(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise InputError("holds half of a surrogate pair, which is not a character") from None


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > _MOST_DIGITS or abs(number := int(digits)) > _LARGEST:
        raise InputError(f"holds a number of {len(digits.lstrip('-'))} digits, which does not fit into 64 bits")
    return number


def _real(digits: str) -> float:
    if not math.isfinite(number := float(digits)):
        raise InputError(f"holds the number {digits[:20]}, which is too large")
    return number


def _constant(name: str) -> float:
    raise InputError(f"holds {name}, which is not a number in JSON")


def _decoder(pairs_hook: Callable[[list[tuple[str, Any]]], Any] | None) -> json.JSONDecoder:
    return json.JSONDecoder(object_pairs_hook=pairs_hook, parse_int=_whole, parse_float=_real, parse_constant=_constant)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InputError(f"holds {twice[:40]!r} twice in one object; only one of the two can be read")
    return found


_DECODER: Final = _decoder(None)
_ONCE_DECODER: Final = _decoder(_once)
_PAIRS_DECODER: Final = _decoder(tuple)
