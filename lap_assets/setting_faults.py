"""Messages about invalid settings: the expected value, or the nearest known name for an unknown variable.

The fields, and the code that reads them, are in `settings`.
"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Any, Final, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

PREFIX: Final = "LAP_"
OUTSIDE: Final = frozenset({"LAP_DEBUG", "LAP_POSTGRES_URL", "LAP_SNAPSHOT"})
"""Variables that are read elsewhere: by `core.errors`, by deploy/dagster.yaml, by the tests."""
_OF_DEPLOY: Final = frozenset({"LAP_POSTGRES_PASSWORD", "LAP_REDIS_PASSWORD", "LAP_CPU_WORKERS", "LAP_UI_PORT"})
_OWN: Final = "Value error, "
_SHOWN: Final = 200


def variable(name: str) -> str:
    """Return the environment variable of a field."""
    return f"{PREFIX}{name}".upper()


def problem_of(error: ErrorDetails, fields: Mapping[str, FieldInfo]) -> str:
    """Return a line for one of pydantic's errors: the variable, its value, and the expected value."""
    name = str(error["loc"][0]).lower() if error["loc"] else ""
    problem = (
        error["msg"].removeprefix(_OWN) if error["type"] == "value_error" else f"expected {_expected(fields[name])}"
    )
    value = repr(error["input"])
    return f"{variable(name)}={value if len(value) <= _SHOWN else f'{value[:_SHOWN]}…'}: {problem}"


def unknown_names(environment: Iterable[str], fields: Iterable[str]) -> list[str]:
    """Return a line for each variable that begins with `LAP_` but is not a setting, with the nearest known name."""
    known = {variable(name) for name in fields} | OUTSIDE
    found = []
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known | _OF_DEPLOY:
            nearest = get_close_matches(name.upper(), sorted(known), 1, 0.6)
            found.append(f"{name} is not a setting{f'; did you mean {nearest[0]}?' if nearest else ''}")
    return found


def _expected(field: FieldInfo) -> str:
    kinds = [kind for kind in _kinds(field.annotation) if kind is not NoneType]
    if get_origin(kinds[0]) is Literal:
        return f"one of {', '.join(get_args(kinds[0]))}"
    if bool in kinds:
        return "true or false"
    if int in kinds or float in kinds:
        return f"{'a number' if float in kinds else 'a whole number'}{_bounds(field)}"
    return "text"


def _kinds(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if isinstance(annotation, UnionType) else (annotation,)


def _bounds(field: FieldInfo) -> str:
    named = {kind: getattr(one, kind) for one in field.metadata for kind in ("gt", "ge", "le") if hasattr(one, kind)}
    low = f" above {named['gt']:g}" if "gt" in named else f" of {named['ge']:g} or more" if "ge" in named else ""
    return f"{low}{' and' * bool(low)} at most {named['le']:,.0f}" if "le" in named else low
