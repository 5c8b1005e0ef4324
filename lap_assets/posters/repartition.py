"""Changes of the table of subfolders: the table recorded in a home, and moving its files and rows.

Everything here can be interrupted and repeated. Dagster's side is in `engine.instance`.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from lap_assets.core.errors import FileError, InputError, NameInvalid, SettingsError, StateError
from lap_assets.core.files import replacing, write_text
from lap_assets.core.home import Home
from lap_assets.core.json_text import parse_json
from lap_assets.core.names import PosterName
from lap_assets.core.reading import MAX_SMALL_BYTES, text_if_there
from lap_assets.core.subfolders import FirstIds, first_ids
from lap_assets.table_files import read_table


def recorded_subfolders(home: Home) -> FirstIds | None:
    """Return the table that the home was created with; None if none is recorded.

    Raises:
        StateError: the record is unreadable.
    """
    path = _record(home)
    try:
        text = text_if_there(path, MAX_SMALL_BYTES)
        if text is None:
            return None
        rows = parse_json(text)
        if not isinstance(rows, list) or not rows:
            raise InputError("it is empty")
        return tuple(_row(row) for row in rows)
    except (FileError, InputError) as error:
        raise StateError(
            f"{path}: not the record of the home's subfolders ({error}); restore it from a copy, or remove it if "
            "subfolders were never split: the next run writes a new one"
        ) from None


def _row(read: object) -> tuple[str, int]:
    match read:
        case [str(key), int(first)]:
            return key, first
    raise InputError("a row is not a subfolder and its first id")


def record_subfolders(home: Home) -> None:
    """Record the current table as the home's."""
    write_text(_record(home), json.dumps(first_ids()) + "\n")


def check_subfolders(home: Home) -> None:
    """Check that the home has the current table; if none is recorded and no poster is misplaced, record it.

    Raises:
        SettingsError: the home has another table.
    """
    if (table := recorded_subfolders(home)) is None and not holding_others(home):
        record_subfolders(home)
    elif table != first_ids():
        raise SettingsError(f"LAP_HOME={home.root}: its files are in other subfolders; `lap repartition` moves them")


def holding_others(home: Home) -> list[str]:
    """Return the subfolders that hold posters of another one: signs of another table in a home without a record."""
    return sorted({path.parent.name for path, _ in _misplaced(home.posters)})


def changed_subfolders(old_table: FirstIds) -> list[str]:
    """Return the subfolders of the current table that had another range of ids in the old one, without new ones."""
    ranges = _ranges(old_table)
    return [key for key, span in _ranges(first_ids()).items() if key in ranges and ranges[key] != span]


def move_files(home: Home) -> int:
    """Move every misplaced poster and cleaned image into its subfolder; return how many were moved."""
    moved = 0
    for store in (home.posters, home.images):
        for path, name in _misplaced(store):
            target = store / name.subfolder / path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
            moved += 1
    return moved


def move_rows(home: Home) -> int:
    """Move every row of a poster into its subfolder's table, so that its work is not repeated; return how many."""
    moved = 0
    for folder in sorted(path for path in home.tables.iterdir() if path.is_dir()):
        for path in sorted(folder.glob("*.parquet")):
            table = read_table(path)
            if "name" not in table.columns:
                continue
            own = [PosterName.parse(name).subfolder for name in table["name"]]
            keys = pl.Series("own", own, dtype=pl.String)
            for key in sorted({*own} - {path.stem}):
                moved += _add(folder / f"{key}.parquet", table.filter(keys == key))
            if set(own) - {path.stem}:
                _write(path, table.filter(keys == path.stem))
    return moved


def _record(home: Home) -> Path:
    return home.state / "subfolders.json"


def _ranges(table: FirstIds) -> dict[str, tuple[int, int | None]]:
    after = [first for _, first in table[1:]]
    return {key: (first, end) for (key, first), end in zip(table, [*after, None], strict=True)}


def _misplaced(store: Path) -> Iterator[tuple[Path, PosterName]]:
    for folder in sorted(store.iterdir()) if store.is_dir() else ():
        for path in sorted(folder.glob("*.jpg")):
            try:
                name = PosterName.parse(path.name)
            except NameInvalid:
                continue  # not a poster of LAP: it stays in place
            if name.subfolder != folder.name:
                yield path, name


def _add(path: Path, rows: pl.DataFrame) -> int:
    old = read_table(path) if path.exists() else rows.clear()
    if old.columns == rows.columns:
        rows = pl.concat([old, rows]).unique("name", keep="first", maintain_order=True).sort("name")
    _write(path, rows)
    return rows.height - old.height


def _write(path: Path, table: pl.DataFrame) -> None:
    with replacing(path) as beside:
        table.write_parquet(beside, compression="zstd", statistics=True)
