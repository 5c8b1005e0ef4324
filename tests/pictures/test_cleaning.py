"""Cleaning a subfolder: rows are reused, and the folder matches the table exactly."""

import hashlib
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from PIL import Image

from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.progress import Silent
from lap_assets.pictures.cleaning import SCHEMA, broken_images, clean_partition
from lap_assets.pictures.contact_sheet import SheetBox, SheetTile, contact_sheet
from lap_assets.pictures.gate import Limits
from lap_assets.pictures.recipe import Recipe
from lap_assets.pictures.upscaling import Upscaling
from lap_assets.posters.store import store
from tests.small_models import Doubling

DOUBLING = Upscaling("doubling-1", Doubling)
RECIPE = Recipe(largest_side=200, heaviest=8 * 1024, small_side=60)
SIZES = {101: (100, 120), 102: (300, 150), 103: (40, 50), 104: (190, 180)}  # linked, down, up, recompressed
ACTIONS = ["linked", "downscaled", "upscaled", "recompressed"]


def poster(number: int) -> PosterName:
    return PosterName.mal(5, 1018, number)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def posters(home: Home) -> pl.DataFrame:
    """Four posters in the store, one per action."""
    rows = []
    for number, size in SIZES.items():
        home.posters.mkdir(exist_ok=True)
        written = home.posters / "made.jpg"
        Image.effect_noise(size, 90).convert("RGB").save(written, quality=97 if number == 104 else 30)
        stored = store(home.poster(poster(number)), written.read_bytes(), Limits(pixels=10**6))
        rows.append((str(poster(number)), stored.sha256, stored.bytes, stored.width, stored.height))
    return pl.DataFrame(rows, schema=["name", "sha256", "bytes", "width", "height"], orient="row")


def cleaned(
    posters: pl.DataFrame,
    home: Home,
    old: pl.DataFrame | None = None,
    recipe: Recipe = RECIPE,
    upscaling: Upscaling | None = DOUBLING,
) -> pl.DataFrame:
    return clean_partition(posters, "0", previous=old, home=home, recipe=recipe, upscaling=upscaling, progress=Silent())


def marks(home: Home) -> dict[str, tuple[int, int]]:
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in (home.images / "0").iterdir()}


def test_the_table_matches_the_files(posters: pl.DataFrame, home: Home) -> None:
    table = cleaned(posters, home)
    assert table.schema == pl.Schema(SCHEMA)
    assert table["action"].to_list() == ACTIONS
    assert table["raw_sha256"].to_list() == posters["sha256"].to_list()
    for row in table.iter_rows(named=True):
        body = home.image(PosterName.parse(row["name"])).read_bytes()
        assert (row["bytes"], row["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
        with Image.open(home.image(PosterName.parse(row["name"]))) as picture:
            assert (row["width"], row["height"]) == picture.size
    assert {path.name for path in (home.images / "0").iterdir()} == set(table["name"])
    assert broken_images(table, home) == []


def test_a_picture_that_needs_nothing_is_the_same_file(posters: pl.DataFrame, home: Home) -> None:
    cleaned(posters, home)
    raw, image = home.poster(poster(101)), home.image(poster(101))
    assert image.samefile(raw)
    assert not home.image(poster(102)).samefile(home.poster(poster(102)))


def test_a_second_run_touches_nothing(posters: pl.DataFrame, home: Home) -> None:
    table = cleaned(posters, home)
    old = marks(home)
    assert cleaned(posters, home, table).equals(table)
    assert marks(home) == old


def test_a_run_without_the_old_table_has_the_same_result(posters: pl.DataFrame, home: Home) -> None:
    assert cleaned(posters, home).equals(cleaned(posters, home))


def test_an_empty_subfolder_has_an_empty_table(posters: pl.DataFrame, home: Home) -> None:
    table = cleaned(posters.clear(), home)
    assert table.schema == pl.Schema(SCHEMA)
    assert len(table) == 0


def test_images_of_removed_posters_are_deleted_and_other_files_stay(posters: pl.DataFrame, home: Home) -> None:
    table = cleaned(posters, home)
    folder = home.images / "0"
    (folder / "notes.txt").write_text("mine")
    (folder / ".MAL00005_1018_000101.jpg.1-ab.part").write_bytes(b"half")
    after = cleaned(posters.filter(pl.col("name") != str(poster(102))), home, table)

    names = {str(poster(number)) for number in (101, 103, 104)}
    assert set(after["name"]) == names
    assert {path.name for path in folder.iterdir()} == names | {"notes.txt"}
    assert home.poster(poster(102)).exists()  # raw posters are never touched


def test_another_recipe_writes_all_images_again(posters: pl.DataFrame, home: Home) -> None:
    table = cleaned(posters, home)
    other = replace(RECIPE, downscaled_quality=30)
    after = cleaned(posters, home, table, other)
    assert {used.split("-")[0] for used in after["recipe"]} == {other.digest()}
    assert after.equals(cleaned(posters, home, None, other))
    assert after["sha256"][1] != table["sha256"][1]


def test_another_upscaler_only_writes_small_images_again(posters: pl.DataFrame, home: Home) -> None:
    table = cleaned(posters, home)
    old = marks(home)
    other = Doubling()
    after = cleaned(posters, home, table, upscaling=Upscaling("doubling-2", lambda: other))
    assert other.seen == 1
    assert {name for name, mark in marks(home).items() if mark != old[name]} == {str(poster(103))}
    assert after.filter(pl.col("action") != "upscaled").equals(table.filter(pl.col("action") != "upscaled"))
    assert after["recipe"][2] != table["recipe"][2]
    none = cleaned(posters, home, after, upscaling=None)
    assert (none["action"][2], none["width"][2]) == ("linked", SIZES[103][0])
    assert home.image(poster(103)).samefile(home.poster(poster(103)))
    assert cleaned(posters, home, none).equals(table)


def test_a_model_is_only_loaded_if_a_small_poster_needs_it(posters: pl.DataFrame, home: Home) -> None:
    loaded = []

    def load() -> Doubling:
        loaded.append(Doubling())
        return loaded[-1]

    large = posters.filter(pl.col("name") != str(poster(103)))
    cleaned(large, home, upscaling=Upscaling("1", load))
    assert loaded == []
    table = cleaned(posters, home, upscaling=Upscaling("1", load))
    assert len(loaded) == 1
    cleaned(posters, home, table, upscaling=Upscaling("1", load))
    assert len(loaded) == 1


def test_another_raw_poster_of_the_same_name_is_cleaned_again(posters: pl.DataFrame, home: Home) -> None:
    table = cleaned(posters, home)
    path = home.poster(poster(102))
    path.unlink()
    body = home.poster(poster(104)).read_bytes()
    stored = store(path, body, Limits(pixels=10**6))
    row = posters.filter(pl.col("name") == str(poster(104))).with_columns(name=pl.lit(str(poster(102))))
    after = cleaned(pl.concat([posters.filter(pl.col("name") != str(poster(102))), row]), home, table)
    assert (after["raw_sha256"][1], after["action"][1]) == (stored.sha256, "recompressed")


@pytest.mark.parametrize("number", SIZES)
def test_only_a_deleted_image_is_written_again(posters: pl.DataFrame, home: Home, number: int) -> None:
    table = cleaned(posters, home)
    old = marks(home)
    home.image(poster(number)).unlink()
    assert broken_images(table, home) == [str(poster(number))]
    assert cleaned(posters, home, table).equals(table)
    assert broken_images(table, home) == []
    assert {name for name, mark in marks(home).items() if mark != old[name]} <= {str(poster(number))}


def test_short_and_corrupt_images_are_found(posters: pl.DataFrame, home: Home) -> None:
    table = cleaned(posters, home)
    short, corrupt = home.image(poster(102)), home.image(poster(103))
    short.write_bytes(short.read_bytes()[:-1])
    corrupt.write_bytes(b"\0" * corrupt.stat().st_size)
    assert broken_images(table, home) == [short.name, corrupt.name]
    assert (
        cleaned(posters, home, table)
        .filter(pl.col("name") == short.name)
        .equals(table.filter(pl.col("name") == short.name))
    )
    assert broken_images(table, home) == [corrupt.name]


@pytest.mark.parametrize(("count", "columns", "rows"), [(0, 3, 1), (1, 3, 1), (4, 3, 2)])
def test_a_contact_sheet_has_a_cell_for_each_tile(
    posters: pl.DataFrame, home: Home, tmp_path: Path, count: int, columns: int, rows: int
) -> None:
    tiles = [SheetTile(home.poster(poster(number)), ("a caption " * 9, "Ж☆")) for number in SIZES][:count]
    body = contact_sheet(tiles, columns=columns, side=50)
    (tmp_path / "sheet.jpg").write_bytes(body)
    with Image.open(tmp_path / "sheet.jpg") as sheet:
        sheet.load()
        assert sheet.format == "JPEG"
        assert sheet.width == columns * 58 + 8
        assert sheet.height == rows * (58 + 28 * bool(count)) + 8


def test_a_contact_sheet_leaves_missing_and_broken_files_empty(
    posters: pl.DataFrame, home: Home, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(home.poster(poster(101)).read_bytes()[:300])
    empty = contact_sheet([SheetTile(tmp_path / "none.jpg"), SheetTile(broken), SheetTile(tmp_path)], columns=3)
    full = contact_sheet([SheetTile(home.poster(poster(101)))] * 3, columns=3)
    assert len(empty) < len(full) / 2
    assert full[:2] == empty[:2] == b"\xff\xd8"


def test_a_contact_sheet_shows_boxes_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "white.png"
    Image.new("RGB", (200, 400), "white").save(path)
    body = contact_sheet(
        [SheetTile(path, (), (SheetBox((100, 200, 180, 380), "0.97"),))], columns=1, side=100, quality=95
    )
    sheet = Image.open(io.BytesIO(body)).convert("RGB")
    red = [(x, y) for x in range(sheet.width) for y in range(sheet.height) if _is_red(sheet.getpixel((x, y)))]
    left, top = 8 + 25, 8  # the picture is 50 wide, in the middle of its cell
    assert min(x for x, _ in red) == pytest.approx(left + 25, abs=1)
    assert max(x for x, _ in red) == pytest.approx(left + 45, abs=1)
    assert max(y for _, y in red) == pytest.approx(top + 95, abs=1)


def _is_red(pixel: Any) -> bool:
    return bool(pixel[0] > 150 and pixel[1] < 140 and pixel[2] < 140)
