"""Lines of verdict logs as JSON, one object a line."""

import json
from dataclasses import MISSING
from typing import Final

from lap_assets.core.errors import InputError, VerdictLineError
from lap_assets.core.json_text import parse_json
from lap_assets.core.verdicts.lines import Line, Mark, PairVerdict, TakeBack, require

LONGEST_LINE: Final = 1 << 16
_SHOWN: Final = 80
_KINDS: Final[dict[str, type[PairVerdict] | type[Mark] | type[TakeBack]]] = {
    "pair": PairVerdict,
    "mark": Mark,
    "take_back": TakeBack,
}


def to_json(line: Line) -> str:
    """One line of JSON, without the newline."""
    kind = next(kind for kind, made in _KINDS.items() if isinstance(line, made))
    fields = {name: getattr(line, name) for name in line.__dataclass_fields__}
    if fields.get("batch", "") is None:
        del fields["batch"]  # lines that stand alone are written as ever
    return json.dumps({"kind": kind, **fields}, ensure_ascii=False)


def from_json(text: str) -> Line:
    """Reads one line. Unknown fields are ignored.

    Raises:
        VerdictLineError: it is too long, not JSON, or a field is missing or wrong.
    """
    require(len(text) <= LONGEST_LINE, f"it has {len(text):,} characters, more than the {LONGEST_LINE:,} of a verdict")
    try:
        read = parse_json(text)
    except InputError as error:
        raise VerdictLineError(str(error)) from None
    require(isinstance(read, dict), "it is not a JSON object")
    kind = read.get("kind")
    require(isinstance(kind, str) and kind in _KINDS, f"kind {_shown(kind)} is none of {', '.join(_KINDS)}")
    made = _KINDS[kind]
    known = {name: read[name] for name in made.__dataclass_fields__ if name in read}
    for name, defined in made.__dataclass_fields__.items():
        optional = defined.default is not MISSING
        require(name in known or optional, f"{name} is missing")
    for name, value in known.items():
        _check_type(name, value)
    return made(**known)


def _check_type(name: str, value: object) -> None:
    optional = name in ("removed", "measure", "distance", "batch")
    wanted = (int, float) if name == "distance" else str
    right = isinstance(value, wanted) and not isinstance(value, bool)
    require(right or (optional and value is None), f"{name} is {_shown(value)}")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
