"""Lists of pairs to review: the graph's candidate lists, and plain ones. Standard library only.

Belongs here: reading a list, and reporting its faults line by line. `pair_rows` interprets a line; verdicts are in
`recorder`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lap_assets.core.errors import FileError, InputError, NameInvalid
from lap_gui.review.pair_rows import MEASURES, Pair, PairReader, poster_name
from lap_gui.review.rows import read_rows


@dataclass(frozen=True, slots=True)
class PairList:
    """The pairs of a list in order, by their two names, and a message for each line left out, with file and line."""

    by_names: Mapping[frozenset[str], Pair]
    problems: tuple[str, ...] = ()

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs in order."""
        return tuple(self.by_names.values())


def read_list(path: Path) -> PairList:
    """Read a list of pairs.

    The list is either one of the graph's (`first` and `second` among its columns; sha256, distances and the rest if
    present), or a plain one: two columns of names and optionally one of distances, with or without a header line, whose
    third column may name the measure. Commas, semicolons or tabs separate fields. A name may follow a folder, with
    either slash; only the name counts.

    Raises:
        FileError: the file does not exist, is not UTF-8, or contains no pair.
    """
    rows = read_rows(path)
    titles = [title.strip().lower() for title in rows[0][1]] if rows else []
    is_exported = {"first", "second"} <= set(titles)
    least, body = len(titles), rows[1:]
    if not is_exported:
        third = titles[2] if len(titles) > 2 and titles[2] in MEASURES else "distance"
        body = rows if _is_pair(rows[0][1] if rows else ()) else rows[1:]
        titles, least = ["first", "second", third], 0
    reader = PairReader(titles, [cells for _, cells in body])
    pairs: dict[frozenset[str], Pair] = {}
    problems: list[str] = []
    for (line, cells), row in zip(body, reader.rows(), strict=True):
        try:
            if len(cells) < least:
                raise InputError(f"it has {len(cells)} fields, the first line has {least}")
            pair, doubt = reader.pair_of(row)
            if doubt:
                problems.append(f"{path}:{line}: {doubt}")
            if pairs.setdefault(frozenset((pair.first.name, pair.second.name)), pair) is not pair:
                raise InputError(f"{pair.first.name} and {pair.second.name} are in the list already")
        except InputError as error:
            problems.append(f"{path}:{line}: left out: {error}")
    if not pairs and (problems or (rows and not is_exported)):
        reason = f"; the first: {problems[0]}" if problems else ""
        raise FileError(f"{path}: no line of it is a pair of posters{reason}")
    return PairList(pairs, tuple(problems))


def _is_pair(cells: Sequence[str]) -> bool:
    try:
        return len([poster_name(cell) for cell in cells[:2]]) == 2
    except NameInvalid:
        return False
