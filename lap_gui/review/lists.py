"""Lists of pairs to look at: the graph's candidate lists, and bare ones. Standard library alone.

Belongs here: reading a list, and reporting line by line what is wrong with it. Verdicts are in `recorder`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, get_args

from lap_assets.core.errors import FileError, InputError, NameInvalid
from lap_assets.core.names import PosterName
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.lines import Measure
from lap_gui.review.rows import read_rows

MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
_HEX: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two posters to compare, and what a list says about them.

    `distances`: all that are known. `measure` and `distance`: those that the pair was found by. `rule`,
    `high_confidence` and `via_poster` are the graph's columns `rule`, `likely` and `via` ("" and False elsewhere);
    `suggestion` is the poster that would go, and `reason` says why. `probability` and `group` are the queue's.
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
        """Both."""
        return self.first, self.second


@dataclass(frozen=True, slots=True)
class PairList:
    """The pairs of a list in its order, and a line for each line that was left out, with file, line and reason."""

    pairs: tuple[Pair, ...]
    problems: tuple[str, ...] = ()


def read_list(path: Path) -> PairList:
    """Reads a list of pairs.

    Either one of the graph's (`first` and `second` among its columns; sha256, distances and the rest where they are
    there), or a bare one: two columns of names and perhaps one of distances, with or without a header line. The header
    of the third column may name the measure. Fields are separated by commas, semicolons or tabs. A name may have a
    folder before it, with either slash; only the name counts.

    Raises:
        FileError: there is no such file, it is not UTF-8, or no line of it is a pair.
    """
    rows = read_rows(path)
    titles = [title.strip().lower() for title in rows[0][1]] if rows else []
    is_exported = {"first", "second"} <= set(titles)
    if is_exported:
        named = [(line, dict(zip(titles, cells, strict=False)), len(cells)) for line, cells in rows[1:]]
    else:
        third = titles[2] if len(titles) > 2 and titles[2] in MEASURES else "distance"
        body = rows if _is_pair(rows[0][1] if rows else ()) else rows[1:]
        titles = ["first", "second", third]
        named = [(line, dict(zip(titles, cells, strict=False)), max(3, len(cells))) for line, cells in body]
    pairs: dict[frozenset[str], Pair] = {}
    problems: list[str] = []
    for line, row, cells in named:
        try:
            if cells < len(titles):
                raise InputError(f"it has {cells} fields, the first line has {len(titles)}")
            pair, doubt = _pair(row)
            if doubt:
                problems.append(f"{path}:{line}: {doubt}")
            if pairs.setdefault(frozenset((pair.first.name, pair.second.name)), pair) is not pair:
                raise InputError(f"{pair.first.name} and {pair.second.name} are in the list already")
        except InputError as error:
            problems.append(f"{path}:{line}: left out: {error}")
    if not pairs and (problems or (rows and not is_exported)):
        reason = f"; the first: {problems[0]}" if problems else ""
        raise FileError(f"{path}: no line of it is a pair of posters{reason}")
    return PairList(tuple(pairs.values()), tuple(problems))


@lru_cache(maxsize=1 << 18)
def poster_name(text: str) -> str:
    """The name of a poster without the folders before it.

    Raises:
        NameInvalid: it is not a poster's.
    """
    return str(PosterName.parse(text.strip().replace("\\", "/").rpartition("/")[2]))


def _is_pair(cells: Sequence[str]) -> bool:
    try:
        return len([poster_name(cell) for cell in cells[:2]]) == 2
    except NameInvalid:
        return False


def _pair(row: dict[str, str]) -> tuple[Pair, str]:
    """The pair of a line, and what in it is left out although the pair counts."""
    first, second = (_poster(row, side) for side in ("first", "second"))
    if first.name == second.name:
        raise InputError(f"{first.name} is paired with itself")
    distances = tuple((name, far) for name in MEASURES if (far := _number(row, name)) is not None)
    given = row.get("measure", "").strip()
    measure: Measure | None = next((name for name in MEASURES if name == given), None)
    if given and measure is None:
        raise InputError(f"measure: {given!r} is none of {', '.join(MEASURES)}")
    distance = _number(row, "distance")
    if "measure" not in row and len(distances) == 1 and distance is None:
        measure, distance = distances[0]  # a bare list whose third title names the measure
    probability, doubt = _probability(row.get("probability", "").strip())
    suggestion, reason = (row.get(title, "").strip() for title in ("suggestion", "reason"))
    pair = Pair(
        first,
        second,
        distances,
        measure,
        distance,
        row.get("rule", "").strip(),
        row.get("likely", "").strip().lower() == "true",
        row.get("via", "").strip(),
        suggestion if suggestion in (first.name, second.name) else "",
        probability,
        row.get("group", "").strip(),
        reason,
    )
    return pair, doubt


def _probability(text: str) -> tuple[float | None, str]:
    """A probability of the queue; one that was edited into something else loses no pair."""
    try:
        value = float(text) if text else None
    except ValueError:
        value = math.nan
    if value is None or 0 <= value <= 1:
        return value, ""
    return None, f"probability: {text!r} is not a number from 0 to 1; the pair is asked about without it"


def _poster(row: dict[str, str], side: str) -> Poster:
    try:
        return _poster_of(row.get(side, ""), row.get(f"{side}_sha256", ""))
    except NameInvalid as error:
        raise InputError(f"{side}: {error}") from None
    except InputError as error:
        raise InputError(f"{side}_{error}") from None


@lru_cache(maxsize=1 << 18)
def _poster_of(name: str, sha256: str) -> Poster:
    """A poster: most are in several pairs."""
    poster, content = poster_name(name), sha256.strip().lower()
    if content and (len(content) != 64 or not _HEX.issuperset(content)):
        raise InputError(f"sha256: {content!r} is not 64 hex digits")
    return Poster(poster, content)


def _number(row: dict[str, str], column: str) -> float | None:
    text = row.get(column)
    if not text or not (text := text.strip()):
        return None
    value = _value(text)
    if not (math.isfinite(value) and value >= 0):
        raise InputError(f"{column}: {text!r} is not a distance")
    return value


@lru_cache(maxsize=1 << 12)
def _value(text: str) -> float:
    """A number; NaN for what is none."""
    try:
        return float(text)
    except ValueError:
        return math.nan
