"""The table of vectors: contents are embedded once, unreadable files do not stop it, models are not mixed."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image

from lap_assets.core.errors import Stopped
from lap_assets.core.files import sha256_of
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.progress import Advance, Silent
from lap_assets.duplicates.embedding_table import (
    SCHEMA,
    embedding_table,
    find_embedding_pairs,
    invalid_vectors,
    vectors_of,
)
from lap_assets.duplicates.rules import DEFAULT_RULES, rules_from
from lap_assets.models.row_cache import RowCache
from lap_assets.models.table import PartitionJob
from lap_assets.models.types import Vector
from lap_assets.pictures.gate import Limits
from lap_assets.posters.store import store
from tests.small_models import ColorHistogram

COLORS = {3: "red", 1: "navy", 2: "red", 4: "white"}  # 2 and 3 are the same file
NAMES = {number: PosterName.mal(5, 1, number) for number in COLORS}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def posters(home: Home) -> pl.DataFrame:
    rows = []
    for number, color in COLORS.items():
        picture = home.root / "picture.jpg"
        Image.new("RGB", (60, 80), color).save(picture)
        stored = store(home.poster(NAMES[number]), picture.read_bytes(), Limits(pixels=10**6))
        rows.append((str(NAMES[number]), stored.sha256))
    return pl.DataFrame(rows, schema=["name", "sha256"], orient="row")


def task(home: Home, **given: object) -> PartitionJob:
    return PartitionJob(**{"subfolder": "0", "title": "vectors", "progress": Silent(), "stop": threading.Event(),
                   "row_cache": RowCache(home.state / "partial"), **given})  # type: ignore[arg-type]  # fmt: skip


def embedded(
    posters: pl.DataFrame, home: Home, old: pl.DataFrame | None = None, version: str = "colors-1", **given: object
) -> tuple[pl.DataFrame, int]:
    """The table, and how many pictures the model processed (-1: it was not loaded)."""
    models: list[ColorHistogram] = []

    def load() -> ColorHistogram:
        models.append(ColorHistogram())
        return models[0]

    table = embedding_table(posters, model=version, load=load, previous=old, home=home, job=task(home, **given))
    return table, models[0].seen if models else -1


def test_rows_are_sorted_and_vectors_of_length_one_and_a_content_is_embedded_once(
    posters: pl.DataFrame, home: Home
) -> None:
    table, seen = embedded(posters, home)
    assert table.schema == SCHEMA
    assert table["name"].to_list() == sorted(map(str, NAMES.values()))
    assert seen == 3
    assert set(table["model"]) == {"colors-1"}
    assert table["problem"].null_count() == 4
    assert np.linalg.norm(vectors_of(table), axis=1) == pytest.approx([1] * 4)
    assert table["vector"][1].equals(table["vector"][2])
    expected = ColorHistogram().embed([home.poster(NAMES[1])])[0]
    assert table["vector"][0].to_numpy() == pytest.approx(expected / np.linalg.norm(expected))


def test_known_rows_are_reused_without_loading_the_model(posters: pl.DataFrame, home: Home) -> None:
    table, _ = embedded(posters, home)
    home.poster(NAMES[1]).unlink()
    again, seen = embedded(posters, home, table)
    assert again.equals(table)
    assert seen == -1
    renamed = posters.with_columns(name=pl.col("name").str.replace("MAL00005", "MAL00006"))
    moved, seen = embedded(renamed, home, table)
    assert seen == -1
    assert moved["vector"].equals(table["vector"])
    assert set(moved["name"]) == set(renamed["name"])


def test_another_model_processes_everything_again(posters: pl.DataFrame, home: Home) -> None:
    table, _ = embedded(posters, home)
    again, seen = embedded(posters, home, table, "colors-2")
    assert seen == 3
    assert set(again["model"]) == {"colors-2"}


def test_unreadable_and_changed_files_are_named_and_tried_again(posters: pl.DataFrame, home: Home) -> None:
    intact = home.poster(NAMES[4]).read_bytes()
    cut = home.poster(NAMES[1])
    cut.write_bytes(cut.read_bytes()[:300])
    home.poster(NAMES[4]).write_bytes(b"not a picture")
    home.poster(NAMES[2]).unlink()  # number 3 has the same content, so only this name has a problem
    manifest = posters.with_columns(
        sha256=pl.when(pl.col("name") == str(NAMES[1])).then(pl.lit(sha256_of(cut))).otherwise("sha256")
    )
    table, seen = embedded(manifest, home)
    problems = dict(table.select("name", "problem").iter_rows())
    assert str(NAMES[1]) in problems[str(NAMES[1])]
    assert "has changed since" in problems[str(NAMES[4])]
    assert problems[str(NAMES[3])] is None
    assert seen == 1
    assert "cannot be read" in problems[str(NAMES[2])]
    assert table.filter(pl.col("vector").is_null() != pl.col("problem").is_not_null()).is_empty()
    home.poster(NAMES[4]).write_bytes(intact)
    again, seen = embedded(manifest, home, table)
    assert dict(again.select("name", "problem").iter_rows())[str(NAMES[4])] is None
    assert seen == 1


def test_an_empty_subfolder_has_an_empty_table(posters: pl.DataFrame, home: Home) -> None:
    table, seen = embedded(posters.clear(), home)
    assert (table.schema, table.height, seen) == (SCHEMA, 0, -1)
    assert find_embedding_pairs(table, table, DEFAULT_RULES).is_empty()


def test_a_vector_without_direction_is_a_problem(posters: pl.DataFrame, home: Home) -> None:
    class Nothing(ColorHistogram):
        def run(self, batch: list[np.ndarray]) -> list[Vector]:
            return [np.zeros(64, np.float32) for _ in batch]

    table = embedding_table(posters, model="n", load=Nothing, previous=None, home=home, job=task(home))
    assert table["vector"].null_count() == 4
    assert "without a direction" in table["problem"][0]


def test_a_stop_keeps_finished_rows_and_the_next_run_resumes(posters: pl.DataFrame, home: Home) -> None:
    stop = threading.Event()

    class StopsAtTheFirst:
        @contextmanager
        def task(self, title: str, total: int | None) -> Iterator[Advance]:
            yield lambda _: stop.set()

    with pytest.raises(Stopped, match="1 of 3 are done and kept"):
        embedded(posters, home, stop=stop, progress=StopsAtTheFirst())
    _, seen = embedded(posters, home, version="colors-2")
    assert seen == 3  # the kept rows are of another model
    rest, seen = embedded(posters, home)
    assert seen == 2
    RowCache(home.state / "partial").clear()
    whole, seen = embedded(posters, home)
    assert seen == 3
    assert rest.equals(whole)


def test_a_kill_only_loses_waiting_rows(posters: pl.DataFrame, home: Home) -> None:
    class Dies(ColorHistogram):
        batch_size = 1

        def run(self, batch: list[np.ndarray]) -> list[Vector]:
            if self.seen == 2:
                raise KeyboardInterrupt
            return super().run(batch)

    at_once = RowCache(home.state / "partial", seconds=0)
    with pytest.raises(KeyboardInterrupt):
        embedding_table(posters, model="m", load=Dies, previous=None, home=home, job=task(home, row_cache=at_once))
    _, seen = embedded(posters, home, version="m")
    assert seen == 1


def test_every_pair_that_hashes_found_has_its_distance(posters: pl.DataFrame, home: Home) -> None:
    own, _ = embedded(posters, home)
    near = find_embedding_pairs(own, own.clear(), DEFAULT_RULES)
    names = own.filter(pl.col("vector").is_not_null())["name"].sort().to_list()
    by_hash = pl.DataFrame(
        [*combinations(names, 2), (names[0], "MAL00009_0001_000009.jpg")], ["first", "second"], orient="row"
    )
    found = find_embedding_pairs(own, own.clear(), DEFAULT_RULES, by_hash)
    assert found.select("first", "second").rows() == sorted(combinations(names, 2))
    assert found.schema == near.schema
    vectors = dict(own.select("name", "vector").iter_rows())
    for first, second, cosine in found.iter_rows():
        expected = 1 - np.dot(vectors[first], vectors[second])
        assert cosine == pytest.approx(max(0, expected), abs=1e-5)
    unbounded = rules_from({"other_ahash": {"apart": None}, "other_hashes_review": {"apart": None}})
    assert find_embedding_pairs(own, own.clear(), unbounded, by_hash).equals(near)


def test_pairs_are_those_of_near_vectors_of_one_model(posters: pl.DataFrame, home: Home) -> None:
    own, _ = embedded(posters, home)
    pairs = find_embedding_pairs(own, own.clear(), DEFAULT_RULES)
    assert pairs.select("first", "second").rows() == [(str(NAMES[2]), str(NAMES[3]))]
    assert pairs["cosine"].to_list() == pytest.approx([0], abs=1e-6)
    lower = own.with_columns(name=pl.col("name").str.replace("MAL00005", "MAL00001"))
    both = find_embedding_pairs(own, lower, DEFAULT_RULES)
    assert both.height == 1 + 6  # each red one with both red ones below, and the other two with their own
    other = lower.with_columns(model=pl.lit("another"), vector=pl.col("vector").list.head(2))
    assert find_embedding_pairs(own, other, DEFAULT_RULES).equals(pairs)
    half = pl.concat([lower.head(2), other.tail(2)])
    assert find_embedding_pairs(own, half, DEFAULT_RULES).height == 1 + 3


@pytest.mark.parametrize("rows", [0, 1])
def test_rows_with_a_problem_have_no_pairs(posters: pl.DataFrame, home: Home, rows: int) -> None:
    own, _ = embedded(posters, home)
    broken = own.with_columns(vector=pl.lit(None, SCHEMA["vector"]), problem=pl.lit("cut off"))
    assert find_embedding_pairs(broken, own.head(rows), DEFAULT_RULES).is_empty()


def test_invalid_vectors_are_named(posters: pl.DataFrame, home: Home) -> None:
    table, _ = embedded(posters, home)
    assert invalid_vectors(table) == invalid_vectors(table.clear()) == []
    twice = table.with_columns(vector=pl.col("vector").list.eval(pl.element() * 2))
    assert len(invalid_vectors(twice)) == 4
    shorter = pl.concat([table.head(1), table.tail(1).with_columns(vector=pl.lit([0.6, 0.8], SCHEMA["vector"]))])
    assert invalid_vectors(shorter) == ["vectors of different lengths: 2 and 64 numbers"]
    nan = table.with_columns(vector=pl.lit([float("nan")] * 64, SCHEMA["vector"]))
    assert len(invalid_vectors(nan)) == 4
    lost = table.with_columns(vector=pl.lit(None, SCHEMA["vector"]))
    assert "expected either a vector or a problem" in invalid_vectors(lost)[0]
    assert invalid_vectors(lost.with_columns(problem=pl.lit("cut off"))) == []
