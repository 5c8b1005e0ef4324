"""People's labels as tables: their image, its size, and their problems."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lap_assets.core.home import Home
from lap_assets.core.labels.files import reviewed_path
from lap_assets.core.labels.lists import ReviewEntry, write_reviewed
from lap_assets.labels.refined import SCHEMA, Refined, invalid_labels, refined_table

ONE, TWO, OTHER = "MAL00001_0001_000001.jpg", "MAL00002_0001_000002.jpg", "MAL01000_0001_000003.jpg"
FACES = "refined_face_boxes"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    built = Home(tmp_path)
    built.labels.mkdir()
    return built


def table_of(home: Home, *lines: str, reviewed: dict[str, ReviewEntry] | None = None, subfolder: str = "0") -> Refined:
    path = home.labels / "labels_faces.txt"
    path.write_text("".join(f"{line}\n" for line in lines))
    write_reviewed(reviewed_path(path), reviewed or {})
    images = pl.DataFrame(
        {"name": [ONE, TWO], "sha256": ["a" * 64, "b" * 64], "width": [200, 100], "height": [300, 400]}
    )
    return refined_table(FACES, subfolder, images if subfolder == "0" else images.clear(), home)


def corners(table: pl.DataFrame, name: str) -> list[tuple[Any, ...]]:
    (boxes,) = table.filter(pl.col("name") == name)["boxes"]
    return [tuple(box.values()) for box in boxes]


def test_one_row_per_image_with_classes_and_review_state(home: Home) -> None:
    found = table_of(
        home, rf"0\{ONE}: 10 20 30 40 3, 50 60 70 80", rf"0\{TWO}: -", reviewed={f"0/{TWO}": ReviewEntry(True)}
    )
    assert found.table.schema == SCHEMA
    assert found.table.rows_by_key("name", named=True).keys() == {ONE, TWO}
    assert corners(found.table, ONE) == [(10, 20, 30, 40, 3), (50, 60, 70, 80, None)]
    assert found.table["reviewed"].to_list() == [False, True]
    assert found.table["sha256"].to_list() == ["a" * 64, "b" * 64]
    assert invalid_labels(found.table) == []


def test_35_boxes_follow_an_image_that_was_resized_since(home: Home) -> None:
    found = table_of(home, f"0/{ONE}: 10 20 30 40", reviewed={f"0/{ONE}": ReviewEntry(True, (400, 599))})
    ((x0, y0, x1, y1, _),) = corners(found.table, ONE)
    assert (x0, x1) == (5, 15)
    assert abs(y0 - 10) < 0.1
    assert abs(y1 - 20) < 0.1
    assert found.table["reviewed"].to_list() == [True]


def test_labels_of_another_picture_are_not_used(home: Home) -> None:
    found = table_of(home, f"0/{ONE}: 10 20 30 40", reviewed={f"0/{ONE}": ReviewEntry(True, (500, 300))})
    assert found.table["boxes"].to_list() == [None]
    assert found.table["reviewed"].to_list() == [False]
    assert invalid_labels(found.table) == [f"{ONE}: labeled at 500×300 px, but now 200×300 px: another picture?"]


def test_problems_are_named(home: Home) -> None:
    found = table_of(
        home, f"0/{ONE}: 10 20 230 40", f"0/{TWO}: 1 2 3", "0/MAL00009_0001_000009.jpg: 1 2 30 40",
        "0/MAL00008_0001_000009.jpg: -", "0/holiday.jpg: -", "nonsense",
    )  # fmt: skip
    assert invalid_labels(found.table) == [
        f"{ONE}: box 10 20 230 40 is not a box within 200×300 px",
        f"{TWO}: line 2: box '1 2 3' has 3 numbers instead of four or five",
        "MAL00009_0001_000009.jpg: no such image",
    ]
    assert any("expected `name: boxes`" in note for note in found.notes)
    assert any("0/holiday.jpg is not a valid poster name" in note for note in found.notes)


def test_each_subfolder_has_its_own_rows_and_no_file_means_none(home: Home) -> None:
    assert refined_table("refined_head_boxes", "0", pl.DataFrame({"name": []}), home).table.height == 0
    found = table_of(home, f"0/{ONE}: 1 2 30 40", f"1/{OTHER}: 1 2 30 40", subfolder="1")
    assert found.table["name"].to_list() == [OTHER]


def test_a_file_that_was_changed_is_read_again(home: Home) -> None:
    assert corners(table_of(home, f"0/{ONE}: 1 2 30 40").table, ONE) == [(1, 2, 30, 40, None)]
    assert corners(table_of(home, f"0/{ONE}: 1 2 30 40, 5 5 55 55").table, ONE)[1] == (5, 5, 55, 55, None)
