"""Reading untrusted YAML: plain values, without aliases, limited in depth and size.

With aliases, a file of a hundred bytes can expand to gigabytes; no file that LAP reads needs any.
"""

from typing import Any, Final

import yaml

from lap_assets.core.errors import InputError

_DEEPEST: Final = 20
_MOST_EVENTS: Final = 100_000
_LONGEST: Final = 4 * 2**20


def parse_yaml(text: str, *, as_text: bool = False) -> Any:
    """Read YAML. `as_text`: every scalar stays text: `no` is a name, not False.

    Raises:
        InputError: not YAML, or it has aliases, several documents, more than 4 MiB, or more than 20 levels of nesting.
    """
    if len(text) > _LONGEST:
        raise InputError(f"{len(text):,} characters of YAML, more than {_LONGEST:,}")
    try:
        _check_events(text)
        return yaml.load(text, Loader=yaml.BaseLoader if as_text else yaml.SafeLoader)  # noqa: S506  both are safe
    except (yaml.YAMLError, RecursionError, ValueError) as error:  # an impossible date or number is a ValueError
        if isinstance(error, InputError):
            raise
        raise InputError(f"not YAML ({' '.join(str(error).split())})") from None


def _check_events(text: str) -> None:
    depth = 0
    for count, event in enumerate(yaml.parse(text, yaml.SafeLoader), start=1):
        if isinstance(event, yaml.AliasEvent):
            raise InputError(f"line {event.start_mark.line + 1}: aliases (*{event.anchor}) are not supported")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST or count > _MOST_EVENTS:
            limit = f"more than {_DEEPEST} deep" if depth > _DEEPEST else f"more than {_MOST_EVENTS:,} values"
            raise InputError(f"line {event.start_mark.line + 1}: {limit}")
