"""A catalog read from a folder with the original's lists (mal_links.txt, mal_pics.txt, wa_anime_*.csv and .txt).

Reading and checking those four files belongs here. Every error names the file and the line.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lap_assets.core.errors import FileError, InputError
from lap_assets.replica.catalog import Anime, Catalog, WaAnimation
from lap_assets.replica.seeds import generator

_LINK: Final = re.compile(r"https://myanimelist\.net/anime/([1-9][0-9]{0,8})/([^/]+)")
_ROW: Final = re.compile(r"([1-9][0-9]{0,8}):((?: [0-9/]+)*) ?")
_PICTURE: Final = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")
_COLUMNS: Final = ["wa_id", "mal_id", "title", "work_type", "genre", "release", "score", "top_place"]


def catalog_from_lists(folder: Path, rx_share: float = 0.0, seed: int = 0) -> Catalog:
    """Return the catalog from the lists in `folder`. They have no ratings, so `rx_share` of the anime become Rx.

    Raises:
        InputError: `rx_share` is not between 0 and 1.
        FileError: a file is missing or not UTF-8, or a line is invalid (the message names file and line).
    """
    if not 0 <= rx_share <= 1:
        raise InputError(f"rx_share = {rx_share}: expected a share between 0 and 1")
    links = dict(_links(folder / "mal_links.txt"))
    pictures = dict(_pictures(folder / "mal_pics.txt", links))
    posters = dict(_posters(folder / "wa_anime_posters.txt"))
    rx = set(generator("rx", seed).sample(sorted(links), round(len(links) * rx_share)))
    anime = tuple(
        Anime(mal_id, slug, slug.replace("__", ": ").replace("_", " "), mal_id in rx, pictures.get(mal_id, ()))
        for mal_id, slug in links.items()
    )
    return Catalog(seed, anime, tuple(_animations(folder / "wa_anime_main.csv", posters)))


def _links(path: Path) -> Iterator[tuple[int, str]]:
    seen: set[int] = set()
    for number, line in _lines(path):
        match = _LINK.fullmatch(line)
        if match is None:
            raise _wrong(path, number, line, "https://myanimelist.net/anime/<id>/<slug>")
        yield _new(int(match[1]), seen, path, number), match[2]


def _pictures(path: Path, links: dict[int, str]) -> Iterator[tuple[int, tuple[tuple[int, int], ...]]]:
    seen: set[int] = set()
    held: set[tuple[int, int]] = set()
    for number, line in _lines(path):
        mal_id, items = _row(path, number, line, "<mal id>: <n1>/<n2> …")
        found = []
        for item in items:
            match = _PICTURE.fullmatch(item)
            if match is None:
                raise _wrong(path, number, item, "a picture <n1>/<n2>")
            picture = int(match[1]), int(match[2])
            if picture in held:
                raise _wrong(path, number, item, "a picture that is not yet in the list")
            held.add(picture)
            found.append(picture)
        if mal_id not in links:
            raise _wrong(path, number, str(mal_id), "a MAL id of mal_links.txt")
        yield _new(mal_id, seen, path, number), tuple(found)


def _posters(path: Path) -> Iterator[tuple[int, tuple[int, ...]]]:
    seen: set[int] = set()
    for number, line in _lines(path):
        wa_id, items = _row(path, number, line, "<World Art id>: <number> <number> …")
        if any(_NUMBER.fullmatch(item) is None for item in items) or len(set(items)) < len(items):
            raise _wrong(path, number, line, "<World Art id>: <number> <number> …, each number once")
        yield _new(wa_id, seen, path, number), tuple(int(item) for item in items)


def _animations(path: Path, posters: dict[int, tuple[int, ...]]) -> Iterator[WaAnimation]:
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    seen: set[int] = set()
    try:
        if next(reader, None) != _COLUMNS:
            raise _wrong(path, 1, "the first line", f"the columns {','.join(_COLUMNS)}")
        for row in reader:
            animation = _animation(row, posters, path, reader.line_num)
            _new(animation.wa_id, seen, path, reader.line_num)
            yield animation
    except csv.Error as error:
        raise FileError(f"{path}, line {reader.line_num}: {error}; expected a CSV in UTF-8") from None


def _animation(row: list[str], posters: dict[int, tuple[int, ...]], path: Path, number: int) -> WaAnimation:
    if len(row) != len(_COLUMNS):
        raise _wrong(path, number, f"{len(row)} fields", f"{len(_COLUMNS)}: {','.join(_COLUMNS)}")
    wa_id, mal_id, title, work_type, genre, release, score, top_place = row
    wrong = _wrong(path, number, ",".join(row), "numbers in wa_id, mal_id, score and top_place")
    if any(_NUMBER.fullmatch(text) is None for text in (wa_id, mal_id or "1", top_place or "1")):
        raise wrong
    try:
        scored = float(score) if score else None
    except ValueError:
        raise wrong from None
    return WaAnimation(
        int(wa_id),
        int(mal_id) if mal_id else None,
        title,
        work_type,
        genre,
        release,
        scored,
        int(top_place) if top_place else None,
        posters.get(int(wa_id), ()),
    )


def _row(path: Path, number: int, line: str, expected: str) -> tuple[int, list[str]]:
    match = _ROW.fullmatch(line)
    if match is None:
        raise _wrong(path, number, line, expected)
    return int(match[1]), match[2].split()


def _new(value: int, seen: set[int], path: Path, number: int) -> int:
    if value in seen:
        raise _wrong(path, number, str(value), "an id that is not yet in the list")
    seen.add(value)
    return value


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    # Only \n ends a line: some titles contain characters at which str.splitlines would split.
    for number, line in enumerate(_text(path).split("\n"), 1):
        if line:
            yield number, line


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise FileError(f"{path} is missing; expected a folder with the original's lists") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FileError(f"{path}, line {line}: not UTF-8; save the list in UTF-8") from None


def _wrong(path: Path, number: int, found: str, expected: str) -> FileError:
    shown = found if len(found) <= 80 else found[:77] + "…"
    return FileError(f"{path}, line {number}: {shown!r}; expected {expected}")
