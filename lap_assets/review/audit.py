"""Audits of the pairs that nobody looked at: a random sample, and the bound that its answers give on missed duplicates.

Legal review calls this an elusion test: rank, stop, and check a sample from below the cutoff. Belongs here: drawing a
sample, storing it in a home, and evaluating the verdicts on it. The Comparer shows it to people.
"""

import csv
import io
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from lap_assets.core.errors import InputError
from lap_assets.core.estimates import bound_on_rate
from lap_assets.core.files import write_text
from lap_assets.core.record_list import read_records
from lap_assets.core.verdicts.lines import DECIDING, AnyVerdict, PairVerdict, new_id, now
from lap_assets.core.verdicts.outcomes import outcome_of

FILE: Final = "audit.json"
LIST: Final = "audit.csv"
CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class SampledPair:
    """Two posters by name and content (`first_sha256`, `second_sha256`)."""

    first: str
    first_sha256: str
    second: str
    second_sha256: str

    @property
    def key(self) -> object:
        """The pair by content, as in verdicts."""
        return PairVerdict(**asdict(self), reviewer="nobody", verdict="skip").key


@dataclass(frozen=True, slots=True)
class AuditResult:
    """The result of an audit. `duplicates` counts pairs that anybody called duplicates or was unsure about.

    `missed_at_most`: the bound on duplicates among all `undecided` pairs, with `CONFIDENCE`; None until every pair is
    answered.
    """

    answered: int
    duplicates: int
    disputed: int
    missed_at_most: int | None


@dataclass(frozen=True, slots=True)
class Audit:
    """A sample of `undecided` pairs: those with a probability below `below`, or all undecided ones (None)."""

    id: str
    drawn: str
    below: float | None
    undecided: int
    pairs: tuple[SampledPair, ...]
    result: AuditResult

    def judged(self, verdicts: Iterable[AnyVerdict]) -> "Audit":
        """Return the audit with the result of these active verdicts."""
        sampled = {pair.key for pair in self.pairs}
        by_pair: dict[object, list[PairVerdict]] = {}
        for verdict in verdicts:
            if isinstance(verdict, PairVerdict) and verdict.key in sampled:
                by_pair.setdefault(verdict.key, []).append(verdict)
        outcomes = [outcome_of(by_pair.get(pair.key, ())) for pair in self.pairs]
        answered = [one for one in outcomes if one is not None and one != "skip"]
        duplicates = sum(one != "distinct" for one in answered)
        return replace(
            self,
            result=AuditResult(
                len(answered), duplicates, answered.count("conflict"), self._bound(answered, duplicates)
            ),
        )

    def waiting_for(self, reviewer: str, verdicts: Iterable[AnyVerdict]) -> list[SampledPair]:
        """Return the pairs that this reviewer has not answered, in the order of the sample."""
        given = {
            one.key
            for one in verdicts
            if isinstance(one, PairVerdict) and one.reviewer == reviewer and one.verdict in (*DECIDING, "unsure")
        }
        return [pair for pair in self.pairs if pair.key not in given]

    def _bound(self, answered: Sequence[object], duplicates: int) -> int | None:
        if len(answered) < len(self.pairs):
            return None
        if len(self.pairs) == self.undecided:
            return duplicates
        return int(bound_on_rate(duplicates, len(answered), CONFIDENCE) * self.undecided)

    def __str__(self) -> str:
        where = "" if self.below is None else f" of p < {self.below:g}"
        result, size = self.result, len(self.pairs)
        if result.missed_at_most is None:
            drawn_from = f"a random sample of {size} from {self.undecided:,} undecided pairs{where}"
            return f"{result.answered} of {drawn_from} are answered"
        disputed = f" ({result.disputed} disputed)" if result.disputed else ""
        return (
            f"of {self.undecided:,} undecided pairs{where}, {result.duplicates} of a random sample of {size} are "
            f"duplicates{disputed}: at most {result.missed_at_most:,} are missed ({CONFIDENCE:.0%} confidence)"
        )


def draw(undecided: Sequence[SampledPair], below: float | None, size: int, seed: int | None = None) -> Audit:
    """Draw an unanswered random sample of `size` undecided pairs, or of all if there are fewer."""
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    chosen = chance.sample(list(undecided), min(size, len(undecided)))
    return Audit(new_id(), now(), below, len(undecided), tuple(chosen), AuditResult(0, 0, 0, None))


def read_audits(folder: Path) -> list[Audit]:
    """Read the audits in a home's `review`, oldest first; empty if there is no file.

    Raises:
        FileError: the file does not hold audits, or is a broken link.
    """
    return read_records(folder / FILE, "audits", _audit)


def write_audits(audits: Sequence[Audit], folder: Path) -> None:
    """Write the audits into a home's `review`."""
    write_text(folder / FILE, json.dumps({"audits": [asdict(one) for one in audits]}, indent=1) + "\n")


def write_list(pairs: Iterable[SampledPair], folder: Path) -> Path:
    """Write a list of pairs for the Comparer, without probabilities, so that nothing hints at the answer."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["first", "first_sha256", "second", "second_sha256"])
    writer.writerows([pair.first, pair.first_sha256, pair.second, pair.second_sha256] for pair in pairs)
    write_text(folder / LIST, text.getvalue())
    return folder / LIST


def newest_audit(folder: Path) -> str | None:
    """Return the newest finished audit in a home's `review` in words; None if there is none.

    Raises:
        FileError: the file does not hold audits, or is a broken link.
    """
    finished = [one for one in read_audits(folder) if one.result.missed_at_most is not None]
    return f"{finished[-1].drawn[:10]}: {finished[-1]}" if finished else None


def _audit(read: object) -> Audit:
    match read:
        case {
            "id": str(audit), "drawn": str(drawn), "below": int() | float() | None as below,
            "undecided": int(undecided), "pairs": list(pairs), "result": result,
        } if undecided >= len(pairs):  # fmt: skip
            return Audit(audit, drawn, below, undecided, tuple(_pair(one) for one in pairs), _result(result))
    raise InputError("an entry of its list is not a valid audit")


def _pair(read: object) -> SampledPair:
    match read:
        case {"first": str(first), "first_sha256": str(one), "second": str(second), "second_sha256": str(other)}:
            pair = SampledPair(first, one, second, other)
            _ = pair.key  # raises if a name or content is invalid
            return pair
    raise InputError("an entry of a sample is not a valid pair")


def _result(read: object) -> AuditResult:
    match read:
        case {
            "answered": int(answered), "duplicates": int(duplicates), "disputed": int(disputed),
            "missed_at_most": int() | None as missed,
        }:  # fmt: skip
            return AuditResult(answered, duplicates, disputed, missed)
    raise InputError("an audit in its list has no valid result")
