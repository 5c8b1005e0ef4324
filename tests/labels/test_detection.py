"""The table of boxes: a detector's results on the cleaned images, once per content."""

import threading
from pathlib import Path

import polars as pl
import pytest
from PIL import Image

from lap_assets.core.files import sha256_of
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.progress import Silent
from lap_assets.labels.detection import SCHEMA, box_count, boxes_by_name, detection_table, invalid_boxes
from lap_assets.models.row_cache import RowCache
from lap_assets.models.table import PartitionJob
from tests.small_models import BrightSpot

SPOTS = {1: (10, 20, 40, 60), 2: None, 3: (0, 0, 50, 80)}
NAMES = {number: PosterName.mal(5, 1, number) for number in SPOTS}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def images(home: Home) -> pl.DataFrame:
    rows = []
    for number, spot in SPOTS.items():
        path = home.image(NAMES[number])
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = Image.new("L", (50, 80))
        if spot:
            picture.paste(255, spot)
        picture.save(path, "PNG")
        rows.append((str(NAMES[number]), sha256_of(path)))
    return pl.DataFrame(rows, schema=["name", "sha256"], orient="row")


def detected(images: pl.DataFrame, home: Home, old: pl.DataFrame | None = None, version: str = "1") -> pl.DataFrame:
    task = PartitionJob("0", "faces", Silent(), threading.Event(), RowCache(home.state / "partial"))
    return detection_table(images, model=version, load=BrightSpot, previous=old, home=home, job=task)


def test_boxes_with_scores_and_images_without_any(images: pl.DataFrame, home: Home) -> None:
    table = detected(images, home)
    assert table.schema == SCHEMA
    assert box_count(table) == 2
    assert table["boxes"].list.len().to_list() == [1, 0, 1]
    found = boxes_by_name(table)
    assert found[str(NAMES[1])].tolist() == [[10, 20, 40, 60, pytest.approx(0.3)]]
    assert found[str(NAMES[2])].shape == (0, 5)


def test_only_changed_images_are_processed_again(images: pl.DataFrame, home: Home) -> None:
    table = detected(images, home)
    home.image(NAMES[3]).unlink()
    assert detected(images, home, table).equals(table)
    missing = detected(images, home, table, "2")
    assert missing["boxes"].null_count() == 1
    assert "cannot be read" in missing["problem"][2]
    assert boxes_by_name(missing)[str(NAMES[3])].shape == (0, 5)
    assert box_count(missing) == 1


def test_it_survives_being_stored(images: pl.DataFrame, home: Home, tmp_path: Path) -> None:
    table = detected(images, home)
    table.write_parquet(tmp_path / "t.parquet")
    assert pl.read_parquet(tmp_path / "t.parquet").equals(table)
    empty = detected(images.clear(), home)
    assert (empty.schema, box_count(empty)) == (SCHEMA, 0)


def test_invalid_boxes_are_named(images: pl.DataFrame, home: Home) -> None:
    table = detected(images, home)
    assert invalid_boxes(table, images) == invalid_boxes(table.clear(), images) == []
    assert invalid_boxes(table.head(2), images) == [f"{NAMES[3]} was not processed"]
    assert invalid_boxes(table, images.head(2)) == [f"{NAMES[3]} is not one of the images"]
    for wrong in ({"x1": 9.0}, {"score": 1.5}, {"score": float("nan")}):
        box = {"x0": 10.0, "y0": 20.0, "x1": 40.0, "y1": 60.0, "score": 0.3, **wrong}
        broken = table.with_columns(boxes=pl.Series([[box], [], []], dtype=SCHEMA["boxes"]))
        assert [line.split(":")[0] for line in invalid_boxes(broken, images)] == [str(NAMES[1])]
