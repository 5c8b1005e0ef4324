"""The types of the table of rules: ranges of distances, rules, and the table itself. All are frozen.

Belongs here: the types, and the search ranges that follow from a table. The default table and its overrides are in
`rules`; applying the rules is in `resolution`.
"""

import hashlib
import json
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Measure = Literal["ahash", "phash", "dhash", "cosine"]
Scope = Literal["same", "other", "any"]
Action = Literal["remove", "person", "marks"]
Keep = Literal["better", "larger"]

MEASURES: Final[tuple[Measure, ...]] = ("ahash", "phash", "dhash", "cosine")
MEASURE_TITLES: Final[dict[Measure, str]] = {"ahash": "aHash", "phash": "pHash", "dhash": "dHash", "cosine": "cosine"}
STRUCTURE: Final = 18.0
"""A picture below this structure holds too little for a rule to act alone (docs/graph.md, "What a rule needs to act
alone")."""

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
                f"{self.measure} [{self.low:g}, {self.high:g}]: expected a range within [0, {_WIDEST[self.measure]:g}]"
            )
        if self.measure != "cosine" and not (self.low.is_integer() and self.high.is_integer()):
            raise ValueError(f"{self.measure} [{self.low:g}, {self.high:g}]: expected whole numbers of bits")
        return self

    @property
    def title(self) -> str:
        """The range in words."""
        return f"{MEASURE_TITLES[self.measure]} {self.low:g}–{self.high:g}"


class Rule(_Frozen):
    """One row of the table.

    `scope`: pairs of the same anime, of different anime, or any. `action`: the smaller poster is removed, a person
    decides, or a person has marked posters (no range). A pair within any of `ranges` is covered. Pairs up to `likely`
    (in the last range) are very likely and shown first. A removing rule acts only on pairs that are also within every
    range of `agree`; a person decides about the others. Pairs of different anime whose vectors are further apart than
    `apart` are not covered.
    """

    name: str
    scope: Scope
    action: Action
    ranges: tuple[Range, ...] = ()
    likely: float | None = None
    agree: tuple[Range, ...] = ()
    apart: float | None = None

    def applies(self, *, same: bool) -> bool:
        """Return whether the rule covers pairs of the same anime (or of different ones)."""
        return self.scope in ("any", "same" if same else "other")

    @property
    def title(self) -> str:
        """The rule in words."""
        where = {"same": "same anime", "other": "other anime", "any": "any anime"}[self.scope]
        what = {"remove": "the smaller is removed", "person": "a person decides", "marks": "a person marked"}[
            self.action
        ]
        ranges = " or ".join(one.title for one in self.ranges)
        agree = f" with {' and '.join(one.title for one in self.agree)}" if self.agree else ""
        apart = f" (not beyond cosine {self.apart:g})" if self.apart is not None else ""
        return f"{where}{', ' if ranges else ''}{ranges}{agree}{apart}: {what}"


class Rules(_Frozen):
    """The table, in the order in which the rules act.

    `structure`: how much both pictures of a pair must hold (`hashing.structure_of`) for a rule to remove one or to call
    the pair very likely. Below it, a person decides, unless the files are identical. `keep`: which of two posters
    stays, the better or the larger one (`core.verdicts.sizes`).
    """

    rules: tuple[Rule, ...]
    structure: Annotated[float, Field(ge=0, le=100)] = STRUCTURE
    keep: Keep = "better"

    def __getitem__(self, name: str) -> Rule:
        """Return the rule of that name.

        Raises:
            KeyError: there is no such rule.
        """
        for rule in self.rules:
            if rule.name == name:
                return rule
        raise KeyError(name)

    @property
    def for_marks(self) -> str | None:
        """The name of the rule that lets marks remove posters; None if the settings removed it."""
        return next((rule.name for rule in self.rules if rule.action == "marks"), None)

    def digest(self) -> str:
        """Return a hash of the table's content: equal for equal tables on any machine."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def widest(self, scope: Literal["same", "other"], measure: Measure) -> float | None:
        """Return the largest distance in any rule's range; None if no rule uses this measure in this scope."""
        highs = [
            one.high
            for rule in self.rules
            if rule.applies(same=scope == "same")
            for one in rule.ranges
            if one.measure == measure
        ]
        return max(highs, default=None)
