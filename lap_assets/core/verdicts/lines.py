"""The lines of a verdict log: what a person decided with one keystroke.

Belongs here: the three kinds of lines, and their validation. Their JSON is in `line_json`, files of lines are in
`files`, logs in `log`.
"""

import math
import re
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, get_args

from lap_assets.core.errors import NameInvalid, VerdictLineError
from lap_assets.core.names import mal_id_of
from lap_assets.core.subfolders import SUBFOLDERS, subfolder_of

Verdict = Literal["duplicate", "distinct", "both_removed", "skip", "unsure"]
Measure = Literal["ahash", "phash", "dhash", "cosine"]
Tool = Literal["comparer", "explorer", "labeler"]

ContentKey = tuple[tuple[str, ...], ...]
"""What a verdict is about, by content: anime and sha256 of each poster."""

DECIDING: Final[frozenset[str]] = frozenset({"duplicate", "distinct", "both_removed"})
"""Verdicts that decide a pair; "skip" and "unsure" leave it open."""

_VERDICTS: Final = get_args(Verdict)
_MEASURES: Final = get_args(Measure)
_TOOLS: Final = get_args(Tool)
_FIRST_YEAR, _LAST_YEAR = 1970, 2999  # later lines get later times, which must not exceed the year 9999
_YEARS: Final = f"between {_FIRST_YEAR} and {_LAST_YEAR}"
_UTC: Final = timedelta(0)
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def new_id() -> str:
    """Return a new unique id for a line or batch."""
    return uuid.uuid4().hex


def now() -> str:
    """Return the present time in UTC, ISO 8601 with microseconds."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """`moment` is the parsed `time`. It and `key` are computed once, since sorting and matching use them often."""

    reviewer: str
    id: str = field(default_factory=new_id)
    time: str = field(default_factory=now)
    moment: datetime = field(init=False, repr=False, compare=False)

    def _check_line(self) -> None:
        if not self.reviewer.strip():
            raise VerdictLineError("reviewer is empty")
        if not self.id:
            raise VerdictLineError("id is empty")
        try:
            moment = datetime.fromisoformat(self.time)
        except (ValueError, OverflowError):
            raise VerdictLineError(f"time {self.time!r} is not an ISO 8601 time") from None
        if moment.utcoffset() != _UTC:
            raise VerdictLineError(f"time {self.time!r} is not in UTC")
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            raise VerdictLineError(f"time {self.time!r}: the year is not {_YEARS}")
        object.__setattr__(self, "moment", moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairVerdict(_Line):
    """A person's verdict on two posters, each identified by name and sha256.

    `removed` names one of the two if the verdict is "duplicate", else it is None. `measure` and `distance` are those
    shown to the person. Verdicts given together, on a group or on all nearly certain pairs, share a `batch`.
    """

    first: str
    first_sha256: str
    second: str
    second_sha256: str
    verdict: Verdict
    removed: str | None = None
    measure: Measure | None = None
    distance: float | None = None
    batch: str | None = None
    key: ContentKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._check_line()
        mal_ids = (
            _check_poster("first", self.first, self.first_sha256),
            _check_poster("second", self.second, self.second_sha256),
        )
        if self.first == self.second:
            raise VerdictLineError(f"first and second are both {self.first}")
        self._check_verdict()
        object.__setattr__(self, "key", self._content_key(*mal_ids))

    def _check_verdict(self) -> None:
        if self.verdict not in _VERDICTS:
            raise VerdictLineError(f"verdict {self.verdict!r}: expected one of {', '.join(_VERDICTS)}")
        if self.verdict == "duplicate":
            if self.removed not in (self.first, self.second):
                raise VerdictLineError(f"removed is {self.removed!r}, neither of the two posters")
        elif self.removed is not None:
            raise VerdictLineError(f"removed is given, but the verdict is {self.verdict}")
        if self.measure is not None and self.measure not in _MEASURES:
            raise VerdictLineError(f"measure {self.measure!r} is unknown")
        if self.distance is not None and not (math.isfinite(self.distance) and self.distance >= 0):
            raise VerdictLineError(f"distance is {self.distance}")

    def _content_key(self, first_mal_id: str, second_mal_id: str) -> ContentKey:
        """Anime and sha256 of both, and their names only if their bytes are identical."""
        same = self.first_sha256 == self.second_sha256
        first = (first_mal_id, self.first_sha256, self.first if same else "")
        second = (second_mal_id, self.second_sha256, self.second if same else "")
        return (first, second) if first <= second else (second, first)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the two posters."""
        return (self.first, self.second)

    @property
    def decision(self) -> tuple[str, str]:
        """The verdict and the removed content, equal for verdicts that agree."""
        if self.removed is None:
            return (self.verdict, "")
        sha256 = self.first_sha256 if self.removed == self.first else self.second_sha256
        return (
            self.verdict,
            self.removed if self.first_sha256 == self.second_sha256 else f"{sha256}{mal_id_of(self.removed)}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(_Line):
    """A poster that a person marked for removal in the Explorer or the Labeler."""

    name: str
    sha256: str
    tool: Tool
    mark: Literal["remove"] = "remove"
    key: ContentKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self._check_line()
        mal_id = _check_poster("name", self.name, self.sha256)
        if self.tool not in _TOOLS:
            raise VerdictLineError(f"tool {self.tool!r}: expected one of {', '.join(_TOOLS)}")
        if self.mark != "remove":
            raise VerdictLineError(f"mark {self.mark!r} is not 'remove'")
        object.__setattr__(self, "key", ((mal_id, self.sha256),))

    @property
    def names(self) -> tuple[str, ...]:
        """The name of the poster."""
        return (self.name,)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(_Line):
    """Cancels the line with the id `takes_back`; if the take-back is itself taken back, that line counts again."""

    takes_back: str

    def __post_init__(self) -> None:
        self._check_line()
        if self.takes_back in ("", self.id):
            raise VerdictLineError("takes_back must name another line")


AnyVerdict = PairVerdict | Mark
Line = AnyVerdict | TakeBack


def partition_of(*names: str) -> str:
    """Return the subfolder of a poster, or the higher one of a pair.

    Raises:
        NameInvalid: a name is not a poster's.
    """
    return max((subfolder_of(mal_id_of(name)) for name in names), key=SUBFOLDERS.index)


def _check_poster(label: str, name: str, sha256: str) -> str:
    """Check one side of a verdict, and return the MAL id in its name."""
    try:
        mal_id = mal_id_of(name)
    except NameInvalid as error:
        raise VerdictLineError(f"{label}: {error}") from None
    if _SHA256.fullmatch(sha256) is None:
        raise VerdictLineError(f"the sha256 of {label} is not 64 hex digits: {sha256!r}")
    return str(mal_id)
