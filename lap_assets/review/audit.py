"""An audit of what people did not look at: a random sample of undecided pairs, and what its answers bound.

Legal review calls it an elusion test: rank, stop, and check a sample from below the line. Belongs here: drawing a
sample, keeping it in a home, and what the verdicts on it come to. Showing it to people is the Comparer's.
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
        """The pair by content, as verdicts have it."""
        return PairVerdict(**asdict(self), reviewer="nobody", verdict="skip").key


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What the answers come to. `duplicates` counts what anybody called duplicates or was not sure about.

    `missed_at_most`: duplicates among all `undecided` pairs, with `CONFIDENCE`; None until every pair is answered.
    """

    answered: int
    duplicates: int
    disputed: int
    missed_at_most: int | None


@dataclass(frozen=True, slots=True)
class Audit:
    """A sample. `below`: the line that the pairs lie below (None: all that were undecided); `undecided`: how many."""

    id: str
    drawn: str
    below: float | None
    undecided: int
    pairs: tuple[SampledPair, ...]
    result: AuditResult

    def judged(self, verdicts: Iterable[AnyVerdict]) -> "Audit":
        """The audit with what these active verdicts come to."""
        wanted = {pair.key for pair in self.pairs}
        by_pair: dict[object, list[PairVerdict]] = {}
        for verdict in verdicts:
            if isinstance(verdict, PairVerdict) and verdict.key in wanted:
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
        """The pairs that this reviewer has not answered, in the order of the sample."""
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
    """A random sample of so many of the undecided pairs, or all where there are fewer; nothing is answered yet."""
    chance = random.Random(seed)  # noqa: S311 - a sample, not a secret
    chosen = chance.sample(list(undecided), min(size, len(undecided)))
    return Audit(new_id(), now(), below, len(undecided), tuple(chosen), AuditResult(0, 0, 0, None))


def read_audits(folder: Path) -> list[Audit]:
    """The audits that a home's `review` keeps, the oldest first; none where there is no file.

    Raises:
        FileError: the file is not one of audits, or a link that leads nowhere.
    """
    return read_records(folder / FILE, "audits", _audit)


def write_audits(audits: Sequence[Audit], folder: Path) -> None:
    """Keeps the audits in a home's `review`."""
    write_text(folder / FILE, json.dumps({"audits": [asdict(one) for one in audits]}, indent=1) + "\n")


def write_list(pairs: Iterable[SampledPair], folder: Path) -> Path:
    """Writes a list of pairs for the Comparer, without probabilities, so that nothing hints at the answer."""
    text = io.StringIO()
    made = csv.writer(text, lineterminator="\n")
    made.writerow(["first", "first_sha256", "second", "second_sha256"])
    made.writerows([pair.first, pair.first_sha256, pair.second, pair.second_sha256] for pair in pairs)
    write_text(folder / LIST, text.getvalue())
    return folder / LIST


def told(folder: Path) -> str | None:
    """The newest finished audit of a home's `review` in words; None where there is none.

    Raises:
        FileError: the file is not one of audits, or a link that leads nowhere.
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
    raise InputError("something in its list is no audit")


def _pair(read: object) -> SampledPair:
    match read:
        case {"first": str(first), "first_sha256": str(one), "second": str(second), "second_sha256": str(other)}:
            pair = SampledPair(first, one, second, other)
            _ = pair.key  # names and contents are valid
            return pair
    raise InputError("something in a sample is no pair")


def _result(read: object) -> AuditResult:
    match read:
        case {
            "answered": int(answered), "duplicates": int(duplicates), "disputed": int(disputed),
            "missed_at_most": int() | None as missed,
        }:  # fmt: skip
            return AuditResult(answered, duplicates, disputed, missed)
    raise InputError("something in its list has no result")
