"""The default table of rules, and overrides from the settings.

The ranges and their order are those of the seed's process (its README, "Process", steps 1-6). Belongs here: the table
and reading overrides. Its types are in `rule`; applying the rules is in `resolution`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

from pydantic import ValidationError

from lap_assets.core.errors import InputError, RulesError
from lap_assets.core.json_text import parse_json
from lap_assets.duplicates.rule import MEASURE_TITLES, MEASURES, Action, Keep, Measure, Range, Rule, Rules, Scope

__all__ = ["DEFAULT_RULES", "MEASURES", "MEASURE_TITLES", "Measure", "Range", "Rule", "Rules", "rules_from"]


def _rule(
    name: str,
    scope: Scope,
    action: Action,
    likely: float | None = None,
    agree: Mapping[str, tuple[float, float]] | None = None,
    apart: float | None = None,
    **ranges: tuple[float, float],
) -> Rule:
    covering, agreeing = (
        tuple(Range.model_validate({"measure": key, "low": low, "high": high}) for key, (low, high) in given.items())
        for given in (ranges, agree or {})
    )
    return Rule(name=name, scope=scope, action=action, ranges=covering, likely=likely, agree=agreeing, apart=apart)


DEFAULT_RULES: Final = Rules(
    rules=(
        _rule("same_ahash", "same", "remove", ahash=(0, 2)),
        _rule("same_ahash_review", "same", "person", ahash=(3, 14)),
        _rule("same_phash_dhash_review", "same", "person", phash=(0, 4), dhash=(0, 16)),
        _rule("marks", "same", "marks"),
        _rule("other_ahash", "other", "remove", agree={"phash": (0, 8), "dhash": (0, 12)}, apart=0.5, ahash=(0, 1)),
        _rule("other_hashes_review", "other", "person", apart=0.5, ahash=(2, 8), phash=(0, 2), dhash=(0, 8)),
        _rule("cosine_review", "any", "person", likely=0.2, cosine=(0, 0.32)),
    )
)
"""The seed's ranges, and the evidence that the rules need to act alone."""


def rules_from(settings: str | Mapping[str, object] | None) -> Rules:
    """Return the default table with some rules changed.

    `settings` (a mapping, or JSON of one) maps a rule's name to the ranges to change and, for a rule with one, the
    `likely` bound: `{"same_ahash": {"ahash": [0, 3]}, "cosine_review": {"cosine": [0, 0.25], "likely": 0.15}}`.
    Null for a measure removes that range, null for a rule removes the rule. None or "" is the default table.
    A rule also takes `agree` (ranges by measure, or null) and `apart`; the table takes `structure` (0 to 100) and
    `keep` ("better" or "larger"): `{"structure": 0, "keep": "larger", "other_ahash": {"agree": null}}`.

    Raises:
        RulesError: not JSON, no such rule or measure, or not a valid range.
    """
    if settings is None or settings == "":
        return DEFAULT_RULES
    changes = _read_json(settings) if isinstance(settings, str) else settings
    if not isinstance(changes, Mapping):
        raise RulesError(f"rules: expected a mapping from rule names, not {changes!r}")
    unknown = sorted(set(map(str, changes)) - {rule.name for rule in DEFAULT_RULES.rules} - _TABLE_FIELDS.keys())
    if unknown:
        raise RulesError(
            f"rules.{unknown[0]}: no such rule; expected one of {', '.join(r.name for r in DEFAULT_RULES.rules)}"
        )
    rules = [_changed(rule, changes[rule.name]) if rule.name in changes else rule for rule in DEFAULT_RULES.rules]
    fields = {key: read(f"rules.{key}", changes[key]) for key, read in _TABLE_FIELDS.items() if key in changes}
    return Rules(rules=tuple(rule for rule in rules if rule is not None), **fields)


def _read_json(text: str) -> object:
    try:
        return parse_json(text)
    except InputError as error:
        raise RulesError(f"rules: {error}") from None


def _changed(rule: Rule, change: object) -> Rule | None:
    if change is None:
        return None
    if not isinstance(change, Mapping):
        raise RulesError(f"rules.{rule.name}: expected ranges by measure, or null, not {change!r}")
    ranges = {one.measure: one for one in rule.ranges}
    fields: dict[str, object] = {}
    for key, value in change.items():
        where = f"rules.{rule.name}.{key}"
        if rule.action == "marks" or key not in (*MEASURES, *_RULE_FIELDS):
            allowed = "no fields" if rule.action == "marks" else f"{', '.join(MEASURES)}, likely, agree and apart"
            raise RulesError(f"{where}: no such field; this rule takes {allowed}")
        if key in _RULE_FIELDS:
            fields[key] = _RULE_FIELDS[key](where, value)
        elif value is None:
            ranges.pop(key, None)
        else:
            ranges[key] = _range(where, key, value)
    if not ranges and rule.action != "marks":
        raise RulesError(f"rules.{rule.name}: no range is left; to remove the rule, set it to null")
    return rule.model_copy(update={"ranges": tuple(ranges.values()), **fields})


def _range(where: str, measure: str, value: object) -> Range:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise RulesError(f"{where}: expected [low, high], not {value!r}")
    try:
        return Range.model_validate({"measure": measure, "low": value[0], "high": value[1]}, strict=False)
    except ValidationError as error:
        own = [one["msg"].removeprefix("Value error, ") for one in error.errors() if one["type"] == "value_error"]
        problem = own[0] if own else f"expected two numbers of 0 or more, the lower one first, not {value!r}"
        raise RulesError(f"{where}: {problem}") from None


def _agree(where: str, value: object) -> tuple[Range, ...]:
    if value is None:
        return ()
    if not isinstance(value, Mapping) or not set(value) <= set(MEASURES):
        raise RulesError(f"{where}: expected ranges by measure ({', '.join(MEASURES)}), or null, not {value!r}")
    return tuple(_range(f"{where}.{measure}", measure, one) for measure, one in value.items())


def _bound(where: str, value: object) -> float | None:
    if value is None or _is_number(value):
        return value  # type: ignore[return-value]
    raise RulesError(f"{where}: expected a distance of 0 or more, or null, not {value!r}")


def _structure(where: str, value: object) -> object:
    if _is_number(value) and value <= 100:  # type: ignore[operator]
        return value
    raise RulesError(f"{where}: expected a number from 0 to 100, not {value!r}")


def _keep(where: str, value: object) -> object:
    if value in get_args(Keep):
        return value
    raise RulesError(f"{where}: expected one of {', '.join(get_args(Keep))}, not {value!r}")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


_RULE_FIELDS: Final[dict[str, Callable[[str, object], object]]] = {"likely": _bound, "agree": _agree, "apart": _bound}
_TABLE_FIELDS: Final[dict[str, Callable[[str, object], Any]]] = {"structure": _structure, "keep": _keep}
