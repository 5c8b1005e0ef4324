"""Interprets a line of a list as a pair, and reports its faults. `lists` reads the files."""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Final, Generic, NamedTuple, TypeVar, get_args

from lap_assets.core.errors import InputError, NameInvalid
from lap_assets.core.names import canonical_name
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.lines import Measure

K = TypeVar("K")
V = TypeVar("V")

MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
_SHA256: Final = re.compile("[0-9a-f]{64}")


class Pair(NamedTuple):
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


class Cells(NamedTuple, Generic[V]):
    """The cells of a line that are used, unchanged ("" for missing columns), or the columns of a list."""

    first: V
    second: V
    first_sha256: V
    second_sha256: V
    ahash: V
    phash: V
    dhash: V
    cosine: V
    measure: V
    distance: V
    rule: V
    likely: V
    via: V
    suggestion: V
    probability: V
    group: V
    reason: V


class _Memory(dict[K, V]):
    """The result of a function for each argument; it is called once for each."""

    def __init__(self, function: Callable[[K], V]) -> None:
        super().__init__()
        self._function = function

    def __missing__(self, key: K) -> V:
        value = self[key] = self._function(key)
        return value


class PairReader:
    """Interprets the lines of one list as pairs. Texts that occur often are interpreted once."""

    def __init__(self, titles: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
        """Prepare to read these lines.

        Args:
            titles: the list's columns. Unknown ones are ignored; of equal ones the last counts.
            lines: the cells of each line. Missing ones are empty, further ones are ignored.
        """
        columns = dict(zip(titles, zip(*_filled(lines, len(titles)), strict=True), strict=True)) if lines else {}
        self._columns = Cells(*(columns.get(one, ("",) * len(lines)) for one in Cells._fields))
        self._names_measure = "measure" in titles
        self._posters = _Memory(_poster)
        self._ahash, self._phash, self._dhash = (_Memory(partial(_distances, one)) for one in MEASURES[:3])
        self._distance = _Memory(partial(_number, "distance"))
        self._measure = _Memory(_measure)

    def rows(self) -> Iterator[Cells[str]]:
        """Yield the cells of each line."""
        return map(Cells[str]._make, zip(*self._columns, strict=True))

    def pair_of(self, row: Cells[str]) -> tuple[Pair, str]:
        """Return the pair of a line, and a message about a cell that was ignored ("": none).

        Raises:
            InputError: the line is not a pair of posters; the message names the cell.
        """
        first = self._poster("first", row.first, row.first_sha256)
        second = self._poster("second", row.second, row.second_sha256)
        if first.name == second.name:
            raise InputError(f"{first.name} is paired with itself")
        distances = self._ahash[row.ahash] + self._phash[row.phash] + self._dhash[row.dhash]
        if row.cosine:
            distances += _distances("cosine", row.cosine)
        measure, distance = self._measure[row.measure], self._distance[row.distance]
        if not self._names_measure and len(distances) == 1 and distance is None:
            measure, distance = distances[0]  # a plain list whose third title names the measure
        probability, doubt = _probability(row.probability) if row.probability else (None, "")
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

    def _poster(self, side: str, name: str, sha256: str) -> Poster:
        try:
            return self._posters[name, sha256]
        except NameInvalid as error:
            raise InputError(f"{side}: {error}") from None
        except InputError as error:
            raise InputError(f"{side}_{error}") from None


def poster_name(text: str) -> str:
    """Return the name of a poster without the folders before it.

    Raises:
        NameInvalid: it is not a poster's name.
    """
    return canonical_name(text.strip().replace("\\", "/").rpartition("/")[2])


def _filled(lines: Iterable[Sequence[str]], width: int) -> Iterator[Sequence[str]]:
    """Yield the lines with as many cells."""
    for line in lines:
        yield line if len(line) == width else (*line, *[""] * width)[:width]


def _poster(cells: tuple[str, str]) -> Poster:
    name, sha256 = poster_name(cells[0]), cells[1].strip().lower()
    if sha256 and not _SHA256.fullmatch(sha256):
        raise InputError(f"sha256: {sha256!r} is not 64 hex digits")
    return Poster(name, sha256)


def _measure(text: str) -> Measure | None:
    if not (given := text.strip()):
        return None
    for measure in MEASURES:
        if measure == given:
            return measure
    raise InputError(f"measure: {given!r}: expected one of: {', '.join(MEASURES)}")


def _distances(measure: Measure, text: str) -> tuple[tuple[Measure, float], ...]:
    """Return the distance by this measure; nothing if the cell is empty."""
    far = _number(measure, text)
    return () if far is None else ((measure, far),)


def _number(column: str, text: str) -> float | None:
    if not (text := text.strip()):
        return None
    if not 0 <= (value := _float(text)) < math.inf:
        raise InputError(f"{column}: {text!r} is not a distance")
    return value


def _probability(text: str) -> tuple[float | None, str]:
    """Return a probability of the queue, and a message if it is invalid; the pair counts in any case."""
    if not (text := text.strip()):
        return None, ""
    if 0 <= (value := _float(text)) <= 1:
        return value, ""
    return None, f"probability: {text!r} is not a number from 0 to 1; the pair is shown without it"


def _float(text: str) -> float:
    """Return the number; NaN if the text is not one."""
    try:
        return float(text)
    except ValueError:
        return math.nan
