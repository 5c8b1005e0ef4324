"""Measurements compare like with like. No time is asserted."""

import io
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from PIL import Image

from benchmarks import duplicates as bench
from benchmarks import inputs
from benchmarks.accuracy import ACCURACY, BY_DISTANCE, by_distance, plot_by_distance, precision_recall
from benchmarks.imagededup import run_imagededup
from benchmarks.timing import measured
from lap_assets.duplicates.candidate_pairs import find_hash_pairs
from lap_assets.duplicates.hashing import ImageHashes, hash_images
from lap_assets.duplicates.rules import DEFAULT_RULES
from lap_assets.duplicates.tables import POSTERS


def test_hashing_rows(tmp_path: Path) -> None:
    rows = bench.bench_hashing(6, seed=2)
    assert [row.method for row in rows][:2] == ["LAP, one thread", "LAP, all cores"]
    reference = next(row for row in rows if row.method.startswith("imagehash, one"))
    assert float(reference.note.split()[0]) < 1
    assert rows[0].times == 1
    assert all(row.seconds is None or row.seconds > 0 for row in rows)
    own = bench.bench_hashing(images=inputs.draw_jpegs(tmp_path, 2, 1))
    assert own[0].task == "three hashes of 2 JPEGs"
    with pytest.raises(ValueError, match="no images"):
        bench.bench_hashing(images=[])


@pytest.mark.slow
def test_pair_rows_agree_on_the_pairs() -> None:
    rows = bench.bench_pairs([(3000, 6)], seed=4)
    task_notes = [(row.task, row.note) for row in rows[1:]]
    for kind in ("random", "poster-like"):
        notes = [note for task, note in task_notes if kind in task]
        assert notes[0].endswith(" pairs")
        assert set(notes[1:]) == {"the same pairs"}


def test_vector_rows() -> None:
    rows = bench.bench_vectors(600, 32, seed=1)
    assert [row.method for row in rows] == ["LAP", "bare blocked product", "faiss IndexFlatIP"]
    assert rows[0].note == rows[2].note


def test_repeats_take_the_best() -> None:
    calls: list[int] = []
    seconds, result = measured(lambda: calls.append(1) or len(calls), repeats=3)  # type: ignore[func-returns-value]
    assert result == 3
    assert seconds >= 0
    with pytest.raises(ValueError, match="repeats must be 1 or more"):
        measured(lambda: None, repeats=0)


def test_inputs_depend_on_the_seed_alone(tmp_path: Path) -> None:
    codes = inputs.poster_like_codes(5000, 7)
    assert (codes == inputs.poster_like_codes(5000, 7)).all()
    assert np.unique(codes).size < 5000
    assert (inputs.random_codes(50, 1) != inputs.random_codes(50, 2)).any()
    one, other = (inputs.draw_jpegs(tmp_path / name, 3, 5) for name in "ab")
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]


def fake_python(path: Path, body: str) -> Path:
    """Create an environment with a stand-in for imagededup, since the real one requires torch."""
    package = path.parent / "site" / "imagededup"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").touch()
    (package / "methods.py").write_text(textwrap.dedent(body))
    path.write_text(f'#!/bin/sh\nPYTHONPATH="{package.parent}" exec "{sys.executable}" "$@"\n')
    path.chmod(0o755)
    return path


def test_imagededup_runs_in_an_environment_of_its_own(tmp_path: Path) -> None:
    body = """
        class Method:
            def __init__(self, verbose): pass
            def encode_image(self, image_file): return open(image_file, "rb").read()
            def find_duplicates(self, encoding_map, max_distance_threshold, num_dist_workers):
                assert encoding_map, "the real one refuses to search nothing"
                print("chatter")
                codes = {name: int(code, 16) for name, code in encoding_map.items()}
                near = lambda a, b: a != b and (codes[a] ^ codes[b]).bit_count() <= max_distance_threshold
                return {a: [b for b in codes if near(a, b)] for a in codes}
        AHash = PHash = DHash = Method
    """
    python = fake_python(tmp_path / "python", body)
    images = inputs.draw_jpegs(tmp_path / "images", 2, 1)
    assert run_imagededup(python, images, [0, 1, 2**63, 255], 2).pairs == 3
    rows = bench.bench_pairs([(300, 20)], imagededup_python=python)
    assert [row.note for row in rows if row.method == "imagededup"] == ["the same pairs"] * 2
    assert bench.bench_hashing(2, imagededup_python=python)[-1].seconds is not None


def test_an_imagededup_that_does_not_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"missing: cannot be run"):
        run_imagededup(tmp_path / "missing", [], [], 1)
    python = fake_python(tmp_path / "python", "raise ImportError('no torch')")
    with pytest.raises(ValueError, match=r"imagededup did not run \(ImportError: no torch\)"):
        run_imagededup(python, [], [], 1)


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> tuple[pl.DataFrame, list[tuple[str, str, list[str]]]]:
    """Posters of one anime and of another, with copies of them, hashed from files."""
    folder = tmp_path_factory.mktemp("copies")
    drawn = inputs.draw_jpegs(folder / "drawn", 12, 3, (200, 280))
    truth: list[tuple[str, str, list[str]]] = []
    paths: list[Path] = []
    for number, path in enumerate(drawn):
        anime = 1 + number % 2
        original, copy = (folder / f"MAL{anime:05d}_000{part}_{number:06d}.jpg" for part in (1, 2))
        original.write_bytes(path.read_bytes())
        picture = Image.open(path)
        kind = "rescaled" if number % 3 else "mirrored"
        changed = (
            picture.resize((90, 130)) if kind == "rescaled" else picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        )
        changed.save(copy)
        paths += [original, copy]
        truth.append((copy.name, original.name, [kind]))
    rows = []
    for path, hashed in zip(paths, hash_images(paths), strict=True):
        assert isinstance(hashed, ImageHashes)
        row: dict[str, Any] = {"name": path.name, "mal_id": int(path.name[3:8]), "source": "mal", "problem": None}
        rows.append(row | {key: getattr(hashed, key) for key in POSTERS if key not in row})
    return pl.DataFrame(rows, POSTERS), truth


def test_precision_and_recall_by_rule_and_kind(copies: Any) -> None:
    posters, truth = copies
    pairs = find_hash_pairs(posters, None, DEFAULT_RULES)
    stray = [("MAL00009_0001_000001.jpg", truth[0][0], ["rescaled"])]
    table = precision_recall(truth + stray, posters, pairs, DEFAULT_RULES)
    assert table.schema == ACCURACY
    whole = {row["kind"]: row for row in table.filter(pl.col("rule") == "any rule").iter_rows(named=True)}
    assert (whole["all"]["true_pairs"], whole["rescaled"]["true_pairs"], whole["mirrored"]["true_pairs"]) == (12, 8, 4)
    assert whole["rescaled"]["recall"] == 1
    assert whole["mirrored"]["recall"] < 1
    assert whole["all"]["hits"] == whole["rescaled"]["hits"] + whole["mirrored"]["hits"]
    assert whole["all"]["precision"] == whole["all"]["hits"] / pairs.height
    other = table.filter((pl.col("rule") == "other_ahash") & (pl.col("kind") == "all")).row(0, named=True)
    assert (other["true_pairs"], other["recall"]) == (0, None)


def test_distances_and_their_plot(copies: Any) -> None:
    posters, truth = copies
    table = by_distance(truth, posters, "ahash", 64)
    assert table.schema == BY_DISTANCE
    assert (table["true"].sum(), table["other"].sum()) == (12, 24 * 23 // 2 - 12)
    assert table["recall"].to_list() == sorted(table["recall"].to_list())
    assert table["recall"].to_list()[-1] == 1
    assert table["precision"].to_list()[-1] == pytest.approx(12 / 276)
    png = plot_by_distance({"aHash": table, "none": table.clear()})
    plot = Image.open(io.BytesIO(png))
    assert plot.format == "PNG"
    colors = {color for _, color in plot.getcolors(100_000) or []}
    assert (0x1B, 0x6C, 0xA8) in colors
    with pytest.raises(ValueError, match="'cosine': not a hash; expected one of: ahash, phash, dhash"):
        by_distance(truth, posters, "cosine")
