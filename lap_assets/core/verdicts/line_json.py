"""Lines of verdict logs as JSON, one object per line."""

import json
from dataclasses import MISSING, fields
from functools import lru_cache
from typing import Final

from lap_assets.core.errors import InputError, VerdictLineError
from lap_assets.core.json_text import parse_once
from lap_assets.core.verdicts.lines import Line, Mark, PairVerdict, TakeBack

LONGEST_LINE: Final = 1 << 16
_SHOWN: Final = 80
_KINDS: Final[dict[str, type[PairVerdict] | type[Mark] | type[TakeBack]]] = {
    "pair": PairVerdict,
    "mark": Mark,
    "take_back": TakeBack,
}


def _types(name: str) -> frozenset[type]:
    """Return the Python types that a field's JSON value may have."""
    required = (int, float) if name == "distance" else (str,)
    optional = (type(None),) if name in ("removed", "measure", "distance", "batch") else ()
    return frozenset((*required, *optional))


_FIELDS: Final[dict[str, tuple[tuple[str, bool, frozenset[type]], ...]]] = {
    kind: tuple((one.name, one.default is MISSING, _types(one.name)) for one in fields(line) if one.init)
    for kind, line in _KINDS.items()
}
"""The fields of each kind of line: name, whether it is required, and its types."""


def to_json(line: Line) -> str:
    """Return one line of JSON, without the newline."""
    kind = next(kind for kind, line_type in _KINDS.items() if isinstance(line, line_type))
    values = {name: getattr(line, name) for name, _, _ in _FIELDS[kind]}
    if values.get("batch", "") is None:
        del values["batch"]  # a line without a batch keeps the format from before batches
    return json.dumps({"kind": kind, **values}, ensure_ascii=False)


def from_json(text: str) -> Line:
    """Parse one line. Unknown fields are ignored.

    Raises:
        VerdictLineError: it is too long, not JSON, or a field is missing, invalid, or duplicated.
    """
    if len(text) > LONGEST_LINE:
        raise VerdictLineError(f"it has {len(text):,} characters, more than the {LONGEST_LINE:,} of a verdict")
    try:
        read = parse_once(text)
    except InputError as error:
        raise VerdictLineError(str(error)) from None
    if not isinstance(read, dict):
        raise VerdictLineError("it is not a JSON object")
    kind = read.get("kind")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise VerdictLineError(f"kind {_shown(kind)}: expected one of {', '.join(_KINDS)}")
    faulty, known = _judge_fields(kind, tuple(read), tuple(map(type, read.values())))
    if faulty is not None:
        raise VerdictLineError(f"{faulty} is {_shown(read[faulty])}" if faulty in read else f"{faulty} is missing")
    return _KINDS[kind](**{name: read[name] for name in known})


@lru_cache(maxsize=32)
def _judge_fields(kind: str, names: tuple[str, ...], types: tuple[type, ...]) -> tuple[str | None, tuple[str, ...]]:
    """Return the first field of this kind of line that is missing or has another type, and those that are there.

    Cached, since thousands of lines have the same fields.
    """
    given = dict(zip(names, types, strict=True))
    faulty = (
        name for name, is_required, allowed in _FIELDS[kind]
        if (given[name] not in allowed if name in given else is_required)
    )  # fmt: skip
    return next(faulty, None), tuple(name for name, _, _ in _FIELDS[kind] if name in given)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
