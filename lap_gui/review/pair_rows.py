"""Interprets a line of a list as a pair, and reports its faults. `lists` reads the files."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple, get_args

from lap_assets.core.errors import InputError, NameInvalid
from lap_assets.core.names import PosterName
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.lines import Measure

MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
_HEX: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two posters to compare, and the list's data about them.

    `distances`: all known ones. `measure` and `distance`: those by which the pair was found. `rule`, `high_confidence`
    and `via_poster` are the graph's columns `rule`, `likely` and `via` ("" and False for other lists); `suggestion` is
    the poster that would be removed, and `reason` says why. `probability` and `group` come from the queue.
    """

    first: Poster
    second: Poster
    distances: tuple[tuple[Measure, float], ...] = ()
    measure: Measure | None = None
    distance: float | None = None
    rule: str = ""
    high_confidence: bool = False
    via_poster: str = ""
    suggestion: str = ""
    probability: float | None = None
    group: str = ""
    reason: str = ""

    @property
    def posters(self) -> tuple[Poster, Poster]:
        """Both posters."""
        return self.first, self.second


class Cells(NamedTuple):
    """The cells of a line that are used, unchanged; "" for missing columns."""

    first: str
    second: str
    first_sha256: str
    second_sha256: str
    ahash: str
    phash: str
    dhash: str
    cosine: str
    measure: str
    distance: str
    rule: str
    likely: str
    via: str
    suggestion: str
    probability: str
    group: str
    reason: str


COLUMNS: Final = Cells._fields


@lru_cache(maxsize=1 << 18)
def poster_name(text: str) -> str:
    """Return the name of a poster without the folders before it.

    Raises:
        NameInvalid: it is not a poster's name.
    """
    return str(PosterName.parse(text.strip().replace("\\", "/").rpartition("/")[2]))


def pair_of(row: Cells, *, names_measure: bool) -> tuple[Pair, str]:
    """Return the pair of a line, and a message about a cell that was ignored ("": none).

    `names_measure`: whether the list has a column for the measure.
    """
    first, second = _poster("first", row.first, row.first_sha256), _poster("second", row.second, row.second_sha256)
    if first.name == second.name:
        raise InputError(f"{first.name} is paired with itself")
    distances = tuple(
        (name, far)
        for name, text in zip(MEASURES, (row.ahash, row.phash, row.dhash, row.cosine), strict=True)
        if text and (far := _number(name, text)) is not None
    )
    given = row.measure.strip()
    measure: Measure | None = next((name for name in MEASURES if name == given), None)
    if given and measure is None:
        raise InputError(f"measure: {given!r}: expected one of: {', '.join(MEASURES)}")
    distance = _number("distance", row.distance)
    if not names_measure and len(distances) == 1 and distance is None:
        measure, distance = distances[0]  # a plain list whose third title names the measure
    probability, doubt = _probability(row.probability.strip())
    suggestion = row.suggestion.strip()
    pair = Pair(
        first,
        second,
        distances,
        measure,
        distance,
        row.rule.strip(),
        row.likely.strip().lower() == "true",
        row.via.strip(),
        suggestion if suggestion in (first.name, second.name) else "",
        probability,
        row.group.strip(),
        row.reason.strip(),
    )
    return pair, doubt


def _probability(text: str) -> tuple[float | None, str]:
    """Return a probability of the queue, and a message if it is invalid; the pair counts in any case."""
    try:
        value = float(text) if text else None
    except ValueError:
        value = math.nan
    if value is None or 0 <= value <= 1:
        return value, ""
    return None, f"probability: {text!r} is not a number from 0 to 1; the pair is shown without it"


def _poster(side: str, name: str, sha256: str) -> Poster:
    try:
        return _poster_of(name, sha256)
    except NameInvalid as error:
        raise InputError(f"{side}: {error}") from None
    except InputError as error:
        raise InputError(f"{side}_{error}") from None


@lru_cache(maxsize=1 << 18)
def _poster_of(name: str, sha256: str) -> Poster:
    """Return a poster, cached because most are in several pairs."""
    poster, content = poster_name(name), sha256.strip().lower()
    if content and (len(content) != 64 or not _HEX.issuperset(content)):
        raise InputError(f"sha256: {content!r} is not 64 hex digits")
    return Poster(poster, content)


def _number(column: str, text: str) -> float | None:
    if not text or not (text := text.strip()):
        return None
    value = _value(text)
    if not (math.isfinite(value) and value >= 0):
        raise InputError(f"{column}: {text!r} is not a distance")
    return value


@lru_cache(maxsize=1 << 12)
def _value(text: str) -> float:
    """Return the number; NaN if the text is not one."""
    try:
        return float(text)
    except ValueError:
        return math.nan
