"""The table of hashes: no file is hashed twice, unreadable files do not stop it, changes are noticed."""

from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.progress import Silent
from lap_assets.duplicates.hash_table import METHOD, hash_table
from lap_assets.pictures.gate import Limits
from lap_assets.posters.store import store

NAMES = [PosterName.mal(5, 1, number) for number in (3, 1, 2)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def manifest(home: Home) -> pl.DataFrame:
    rows = []
    for name in NAMES:
        picture = home.root / "picture.jpg"
        Image.effect_noise((60 + name.second, 80), 50).convert("RGB").save(picture)
        stored = store(home.poster(name), picture.read_bytes(), Limits(pixels=10**6))
        rows.append(
            {
                "name": str(name), "mal_id": 5, "source": "mal", "sha256": stored.sha256, "bytes": stored.bytes,
                "width": stored.width, "height": stored.height,
            }
        )  # fmt: skip
    return pl.DataFrame(rows)


def hashed(posters: pl.DataFrame, old: pl.DataFrame | None, home: Home) -> pl.DataFrame:
    return hash_table(posters, previous=old, home=home, title="hashes", progress=Silent())


def test_rows_are_sorted_and_complete(home: Home) -> None:
    table = hashed(manifest(home), None, home)
    assert table["name"].to_list() == sorted(str(name) for name in NAMES)
    assert table["problem"].null_count() == table.height == 3
    assert table.select("ahash", "phash", "dhash").null_count().row(0) == (0, 0, 0)


def test_unchanged_rows_are_reused_without_reading_the_file(home: Home) -> None:
    posters = manifest(home)
    first = hashed(posters, None, home)
    home.poster(NAMES[0]).unlink()
    assert hashed(posters, first, home).equals(first)
    older = first.with_columns(method=pl.lit(f"{METHOD}-older"))
    assert hashed(posters, older, home).filter(pl.col("problem").is_not_null()).height == 1


def test_unreadable_and_changed_files_get_a_problem_and_are_tried_again(home: Home) -> None:
    posters = manifest(home)
    intact = home.poster(NAMES[0]).read_bytes()
    home.poster(NAMES[0]).write_bytes(b"not a picture")
    home.poster(NAMES[1]).write_bytes(home.poster(NAMES[2]).read_bytes())
    table = hashed(posters, None, home)
    problems = dict(table.select("name", "problem").iter_rows())
    assert problems[str(NAMES[2])] is None
    assert str(NAMES[0]) in problems[str(NAMES[0])]
    assert "no longer the one that was fetched" in problems[str(NAMES[1])]
    home.poster(NAMES[0]).write_bytes(intact)
    again = dict(hashed(posters, table, home).select("name", "problem").iter_rows())
    assert again[str(NAMES[0])] is None
