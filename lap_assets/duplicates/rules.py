"""The table of rules: which distances between two posters mean what. One frozen value, overridable from the settings.

The ranges and their order are those of the seed's process (its README, "Process", steps 1-6). Belongs here: the table,
reading overrides, and what the table says about how far to search. What the rules do to posters is in `resolution`.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from lap_assets.core.errors import InputError, RulesError
from lap_assets.core.json_text import parse_json

Measure = Literal["ahash", "phash", "dhash", "cosine"]
Scope = Literal["same", "other", "any"]
Action = Literal["remove", "person", "marks"]

MEASURES: Final[tuple[Measure, ...]] = ("ahash", "phash", "dhash", "cosine")
_WIDEST: Final[dict[Measure, float]] = {"ahash": 64, "phash": 64, "dhash": 64, "cosine": 2}


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Range(_Frozen):
    """Distances from `low` to `high`, both included: bits for the hashes, 1 - cosine for vectors."""

    measure: Measure
    low: Annotated[float, Field(ge=0)]
    high: float

    @model_validator(mode="after")
    def _check(self) -> Self:
        if not self.low <= self.high <= _WIDEST[self.measure]:
            raise ValueError(
                f"{self.measure} [{self.low:g}, {self.high:g}] is not a range within [0, {_WIDEST[self.measure]:g}]"
            )
        if self.measure != "cosine" and not (self.low.is_integer() and self.high.is_integer()):
            raise ValueError(f"{self.measure} [{self.low:g}, {self.high:g}]: bits are whole numbers")
        return self


class Rule(_Frozen):
    """One row of the table.

    `scope`: pairs of the same anime, of different ones, or any. `action`: the smaller poster is removed, a person
    decides, or a person has marked posters (no range). A pair within any one of `ranges` is covered. Up to `likely`
    (of the last range) it is shown first, as very likely.
    """

    name: str
    scope: Scope
    action: Action
    ranges: tuple[Range, ...] = ()
    likely: float | None = None

    def applies(self, *, same: bool) -> bool:
        """Whether it is about pairs of the same anime (or of different ones)."""
        return self.scope in ("any", "same" if same else "other")

    @property
    def title(self) -> str:
        """The rule in words."""
        where = {"same": "same anime", "other": "other anime", "any": "any anime"}[self.scope]
        what = {"remove": "the smaller is removed", "person": "a person decides", "marks": "a person marked"}[
            self.action
        ]
        ranges = " or ".join(f"{MEASURE_TITLES[one.measure]} {one.low:g}–{one.high:g}" for one in self.ranges)
        return f"{where}{', ' if ranges else ''}{ranges}: {what}"


class Rules(_Frozen):
    """The table, in the order in which the rules act."""

    rules: tuple[Rule, ...]

    def __getitem__(self, name: str) -> Rule:
        """The rule of that name (KeyError if there is none)."""
        for rule in self.rules:
            if rule.name == name:
                return rule
        raise KeyError(name)

    @property
    def for_marks(self) -> str | None:
        """The name of the rule that lets marks remove posters; None where the settings took it away."""
        return next((rule.name for rule in self.rules if rule.action == "marks"), None)

    def digest(self) -> str:
        """A hash of what the table says: the same for equal tables on any machine."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def widest(self, scope: Literal["same", "other"], measure: Measure) -> float | None:
        """The largest distance that any rule asks about; None: no rule uses this measure there."""
        highs = [
            one.high
            for rule in self.rules
            if rule.applies(same=scope == "same")
            for one in rule.ranges
            if one.measure == measure
        ]
        return max(highs, default=None)


MEASURE_TITLES: Final[dict[Measure, str]] = {"ahash": "aHash", "phash": "pHash", "dhash": "dHash", "cosine": "cosine"}


def _rule(name: str, scope: Scope, action: Action, likely: float | None = None, **ranges: tuple[float, float]) -> Rule:
    made = [Range.model_validate({"measure": key, "low": low, "high": high}) for key, (low, high) in ranges.items()]
    return Rule(name=name, scope=scope, action=action, ranges=tuple(made), likely=likely)


DEFAULT_RULES: Final = Rules(
    rules=(
        _rule("same_ahash", "same", "remove", ahash=(0, 2)),
        _rule("same_ahash_review", "same", "person", ahash=(3, 14)),
        _rule("same_phash_dhash_review", "same", "person", phash=(0, 4), dhash=(0, 16)),
        _rule("marks", "same", "marks"),
        _rule("other_ahash", "other", "remove", ahash=(0, 1)),
        _rule("other_hashes_review", "other", "person", ahash=(2, 8), phash=(0, 2), dhash=(0, 8)),
        _rule("cosine_review", "any", "person", likely=0.2, cosine=(0, 0.32)),
    )
)
"""The seed's ranges."""


def rules_from(settings: str | Mapping[str, object] | None) -> Rules:
    """The default table with some rules changed.

    `settings` (a mapping, or JSON of one) gives for a rule's name the ranges to change and, for a rule with one, the
    `likely` bound: `{"same_ahash": {"ahash": [0, 3]}, "cosine_review": {"cosine": [0, 0.25], "likely": 0.15}}`.
    Null for a measure takes that range away, null for a rule takes the rule away. None or "" is the default table.

    Raises:
        RulesError: not JSON, no such rule or measure, or a range that is none.
    """
    if settings is None or settings == "":
        return DEFAULT_RULES
    changes = _read_json(settings) if isinstance(settings, str) else settings
    if not isinstance(changes, Mapping):
        raise RulesError(f"rules: expected a mapping from rule names, not {changes!r}")
    unknown = sorted(set(map(str, changes)) - {rule.name for rule in DEFAULT_RULES.rules})
    if unknown:
        raise RulesError(
            f"rules.{unknown[0]}: no such rule; there are {', '.join(r.name for r in DEFAULT_RULES.rules)}"
        )
    rules = [_changed(rule, changes[rule.name]) if rule.name in changes else rule for rule in DEFAULT_RULES.rules]
    return Rules(rules=tuple(rule for rule in rules if rule is not None))


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
    likely = rule.likely
    for key, value in change.items():
        where = f"rules.{rule.name}.{key}"
        if key == "likely":
            likely = _likely(where, value)
        elif key not in MEASURES or rule.action == "marks":
            allowed = "nothing" if rule.action == "marks" else f"{', '.join(MEASURES)} and likely"
            raise RulesError(f"{where}: no such field; there is {allowed}")
        elif value is None:
            ranges.pop(key, None)
        else:
            ranges[key] = _range(where, key, value)
    if not ranges and rule.action != "marks":
        raise RulesError(f"rules.{rule.name}: no range is left; null in its place takes the whole rule away")
    return rule.model_copy(update={"ranges": tuple(ranges.values()), "likely": likely})


def _range(where: str, measure: str, value: object) -> Range:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise RulesError(f"{where}: expected [low, high], not {value!r}")
    try:
        return Range.model_validate({"measure": measure, "low": value[0], "high": value[1]}, strict=False)
    except ValidationError as error:
        own = [one["msg"].removeprefix("Value error, ") for one in error.errors() if one["type"] == "value_error"]
        problem = own[0] if own else f"expected two numbers of 0 or more, the lower one first, not {value!r}"
        raise RulesError(f"{where}: {problem}") from None


def _likely(where: str, value: object) -> float | None:
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and value >= 0):
        return value
    raise RulesError(f"{where}: expected a distance of 0 or more, or null, not {value!r}")
