"""YAML from outside: plain values, no aliases, no depth or size beyond need.

An alias lets a file of a hundred bytes stand for gigabytes; no file that LAP reads has any.
"""

from typing import Any, Final

import yaml

from lap_assets.core.errors import InputError

_DEEPEST: Final = 20
_MOST_EVENTS: Final = 100_000
_LONGEST: Final = 4 * 2**20


def parse_yaml(text: str, *, as_text: bool = False) -> Any:
    """Reads YAML. `as_text`: every scalar is text, as it stands: `no` is a name, not False.

    Raises:
        InputError: not YAML, or with aliases, several documents, more than 4 MiB, or nested more than 20 deep.
    """
    if len(text) > _LONGEST:
        raise InputError(f"{len(text):,} characters of YAML, more than {_LONGEST:,}")
    try:
        _check_events(text)
        return yaml.load(text, Loader=yaml.BaseLoader if as_text else yaml.SafeLoader)  # noqa: S506  both are safe
    except (yaml.YAMLError, RecursionError, ValueError) as error:  # a date or number that cannot be is a ValueError
        if isinstance(error, InputError):
            raise
        raise InputError(f"not YAML ({' '.join(str(error).split())})") from None


def _check_events(text: str) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, yaml.SafeLoader), start=1):
        if isinstance(event, yaml.AliasEvent):
            raise InputError(f"line {event.start_mark.line + 1}: aliases (*{event.anchor}) are not read")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST or count > _MOST_EVENTS:
            limit = f"more than {_DEEPEST} deep" if depth > _DEEPEST else f"more than {_MOST_EVENTS:,} values"
            raise InputError(f"line {event.start_mark.line + 1}: {limit}")
