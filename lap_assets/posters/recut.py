"""Another cut of the ids into subfolders: which one a home was made with, and moving its files and rows.

Everything here can be stopped and done again. What Dagster is to know of it is in `engine.recut`.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from lap_assets.core.errors import NameInvalid, SettingsError
from lap_assets.core.files import replacing, write_text
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.subfolders import FIRST_IDS

Cut = tuple[tuple[str, int], ...]
"""First id of each subfolder, ascending."""


def recorded_cut(home: Home) -> Cut | None:
    """The cut that the home was made with; None where it does not say."""
    try:
        return tuple((str(key), int(first)) for key, first in json.loads(_record(home).read_text()))
    except FileNotFoundError:
        return None


def record_cut(home: Home) -> None:
    """Notes the present cut as the home's."""
    write_text(_record(home), json.dumps(FIRST_IDS) + "\n")


def check_cut(home: Home) -> None:
    """Passes where the home has the present cut, or none yet: then it is noted.

    Raises:
        SettingsError: it has another one.
    """
    if (cut := recorded_cut(home)) is None and not holding_others(home):
        record_cut(home)
    elif cut != FIRST_IDS:
        raise SettingsError(f"LAP_HOME={home.root}: its ids are cut into other subfolders; `lap repartition` moves it")


def holding_others(home: Home) -> list[str]:
    """Subfolders that hold posters of another one: how a home that does not say its cut betrays it."""
    return sorted({path.parent.name for path, _ in _misplaced(home.posters)})


def changed_subfolders(before: Cut) -> list[str]:
    """The subfolders of the present cut that held other ids before; those that are new are not among them."""
    ranges = _ranges(before)
    return [key for key, span in _ranges(FIRST_IDS).items() if key in ranges and ranges[key] != span]


def move_files(home: Home) -> int:
    """Puts every poster and cleaned image into its subfolder; gives how many were elsewhere."""
    moved = 0
    for store in (home.posters, home.images):
        for path, name in _misplaced(store):
            place = store / name.subfolder / path.name
            place.parent.mkdir(parents=True, exist_ok=True)
            path.replace(place)
            moved += 1
    return moved


def move_rows(home: Home) -> int:
    """Puts every row of a poster into its subfolder's table, so that its work is not done again; gives how many."""
    moved = 0
    for folder in sorted(path for path in home.tables.iterdir() if path.is_dir()):
        for path in sorted(folder.glob("*.parquet")):
            table = pl.read_parquet(path)
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


def _ranges(cut: Cut) -> dict[str, tuple[int, int | None]]:
    after = [first for _, first in cut[1:]]
    return {key: (first, end) for (key, first), end in zip(cut, [*after, None], strict=True)}


def _misplaced(store: Path) -> Iterator[tuple[Path, PosterName]]:
    for folder in sorted(store.iterdir()) if store.is_dir() else ():
        for path in sorted(folder.glob("*.jpg")):
            try:
                name = PosterName.parse(path.name)
            except NameInvalid:
                continue  # not ours: it stays where somebody put it
            if name.subfolder != folder.name:
                yield path, name


def _add(path: Path, rows: pl.DataFrame) -> int:
    there = pl.read_parquet(path) if path.exists() else rows.clear()
    if there.columns == rows.columns:
        rows = pl.concat([there, rows]).unique("name", keep="first", maintain_order=True).sort("name")
    _write(path, rows)
    return rows.height - there.height


def _write(path: Path, table: pl.DataFrame) -> None:
    with replacing(path) as beside:
        table.write_parquet(beside, compression="zstd", statistics=True)
