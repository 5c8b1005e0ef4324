"""The same picture gets the same numbers, whatever the batch, order, threads and interruptions, on a busy machine."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch
from PIL import Image

from benchmarks.full_size import full_size
from lap_assets.core.errors import Stopped
from lap_assets.core.files import sha256_of, write_bytes
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.precision import LENGTH_TOLERANCE, VECTOR_STEP
from lap_assets.core.progress import Advance, Silent
from lap_assets.duplicates.embedding_table import embedding_table, vectors_of
from lap_assets.labels.detection import boxes_by_name, detection_table
from lap_assets.models import load_detector, load_embedder
from lap_assets.models.batching import BatchModel
from lap_assets.models.row_cache import RowCache
from lap_assets.models.table import PartitionJob
from lap_assets.models.types import Embedder, Upscaler
from lap_assets.replica.catalog import PosterKey
from lap_assets.replica.recipes import PosterRecipe
from lap_assets.replica.renderer.picture import jpeg_of

SIZES = [(225, 318), (225, 318), (300, 420), (225, 318), (320, 225), (225, 318), (300, 420), (180, 320), (225, 318)]
TINY: dict[str, Callable[[], Any]] = {
    "embedder": partial(load_embedder, "lap-tiny", device="cpu"),
    "faces": partial(load_detector, "lap-tiny", of="faces", device="cpu"),
    "heads": partial(load_detector, "lap-tiny", of="heads", device="cpu"),
}
SPIN = "import os\nours = os.getppid()\nprint('spins', flush=True)\nwhile os.getppid() == ours: pass"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Posters of few sizes, which are also the cleaned images."""
    home = Home(tmp_path_factory.mktemp("home"))
    for number, size in enumerate(SIZES, start=1):
        key = PosterKey("mal", number, 1)
        body = jpeg_of(PosterRecipe(key, key, None, (), 77 + number, size, (), size, 88, 2.0, 1))
        for path in (home.poster(PosterName.mal(5, 1, number)), home.image(PosterName.mal(5, 1, number))):
            write_bytes(path, body)
    return home


@pytest.fixture(scope="module")
def files(home: Home) -> list[Path]:
    return sorted((home.posters / "0").iterdir())


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Keep the cores busy with other work."""
    spinning = [subprocess.Popen([sys.executable, "-c", SPIN], stdout=subprocess.PIPE) for _ in range(processes)]
    try:
        for one in spinning:
            assert one.stdout is not None
            assert one.stdout.readline() == b"spins\n"
        yield
    finally:
        for one in spinning:
            one.kill()
            one.communicate()


@contextmanager
def torch_threads(threads: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def numbers(model: BatchModel[Any, Any], files: list[Path], threads: int | None = None) -> dict[str, bytes]:
    """Return the bytes of each file's result."""
    return {
        path.name: np.asarray(result).tobytes()
        for path, result in zip(files, model.over(files, threads=threads), strict=True)
    }


WAYS = [(2, 3), (1, 1), (4, None)]
"""Torch's threads, and threads for pictures."""


def check_same_numbers(model: BatchModel[Any, Any], files: list[Path], ways: list[tuple[int, int | None]]) -> None:
    """Singly, together, in reverse, with other pictures, with other numbers of threads, on a busy machine."""
    expected = {path.name: numbers(model, [path])[path.name] for path in files}
    assert len(set(expected.values())) > 1
    with busy(2):
        for torch_number, threads in ways:
            with torch_threads(torch_number):
                assert numbers(model, files[::-1], threads) == expected
        few = files[1:4]
        assert numbers(model, few) == {path.name: expected[path.name] for path in few}


@pytest.mark.parametrize("kind", ["embedder", "faces"])
def test_results_depend_only_on_the_picture(kind: str, files: list[Path]) -> None:
    check_same_numbers(TINY[kind](), files, WAYS[:1])


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(TINY))
def test_results_depend_only_on_the_picture_with_any_number_of_threads(kind: str, files: list[Path]) -> None:
    check_same_numbers(TINY[kind](), files, WAYS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "pictures"),
    [("animesion-vit-l16", 6), ("sscd", 6), ("hysts-yolov3", 4), ("grapeot-yolov3", 3), ("hysts-faster-rcnn", 3)],
)
def test_results_of_models_of_full_size_depend_only_on_the_picture(
    name: str, pictures: int, files: list[Path], tmp_path: Path
) -> None:
    torch.manual_seed(5)
    model, _ = full_size(name, tmp_path, "cpu")
    assert isinstance(model, BatchModel)
    check_same_numbers(model, files[:pictures], WAYS)


@pytest.mark.slow
def test_an_enlarged_picture_depends_only_on_the_picture(tmp_path: Path, files: list[Path]) -> None:
    torch.manual_seed(6)
    model, _ = full_size("realesrgan-anime-6b", tmp_path, "cpu")
    assert isinstance(model, Upscaler)
    picture = Image.open(files[0]).resize((60, 90))
    expected = model.upscale(picture).tobytes()
    with busy(2):
        for threads in (1, 2, 4):
            with torch_threads(threads):
                assert model.upscale(picture).tobytes() == expected
                assert torch.get_num_threads() == threads


def table_of(kind: str, home: Home, posters: pl.DataFrame, folder: Path, **given: Any) -> pl.DataFrame:
    job = {
        "progress": Silent(),
        "stop": Event(),
        **{key: given.pop(key) for key in ("progress", "stop") if key in given},
    }
    make = embedding_table if kind == "embedder" else detection_table
    task = PartitionJob(subfolder="0", title=kind, row_cache=RowCache(folder, seconds=0), **job)
    return make(posters, model="1", load=TINY[kind], home=home, job=task, **{"previous": None, **given})


class StopsAfter:
    """Progress that requests a stop after some pictures."""

    def __init__(self, pictures: int) -> None:
        self.stop = Event()
        self._pictures = pictures

    @contextmanager
    def task(self, _: str, __: int | None) -> Iterator[Advance]:
        done = count(1)
        yield lambda _: self.stop.set() if next(done) == self._pictures else None


def stored(table: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    table.write_parquet(file)
    return file.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["embedder", "faces"])
def test_tables_are_the_same_bytes_in_parts_interrupted_and_resumed(
    kind: str, home: Home, files: list[Path], tmp_path: Path
) -> None:
    posters = pl.DataFrame({"name": [path.name for path in files], "sha256": [sha256_of(path) for path in files]})
    whole = table_of(kind, home, posters, tmp_path / "whole")
    assert whole.columns[-1] == "subfolder"
    assert set(whole["subfolder"]) == {"0"}
    with busy(2), torch_threads(3):
        for part in (posters.tail(4), posters.gather_every(2)):
            first = table_of(kind, home, part, tmp_path / f"part{part.height}")
            rest = table_of(kind, home, posters, tmp_path / f"rest{part.height}", previous=first)
            assert stored(rest) == stored(whole)
        stopping = StopsAfter(5)
        with pytest.raises(Stopped, match="5 of 9 are done"):
            table_of(kind, home, posters, tmp_path / "cut", progress=stopping, stop=stopping.stop)
        assert stored(table_of(kind, home, posters, tmp_path / "cut")) == stored(whole)


@pytest.mark.parametrize("kind", ["embedder", "faces"])
def test_rows_of_a_table_without_subfolders_are_reused(
    kind: str, home: Home, files: list[Path], tmp_path: Path
) -> None:
    posters = pl.DataFrame(
        {"name": [path.name for path in files[:3]], "sha256": [sha256_of(path) for path in files[:3]]}
    )
    whole = table_of(kind, home, posters, tmp_path / "cache")
    marked = whole.drop("subfolder")
    if kind == "embedder":
        marked = marked.with_columns(vector=pl.col("vector").list.reverse())
    else:
        marked = marked.with_columns(boxes=pl.col("boxes").list.head(0))
    again = table_of(kind, home, posters, tmp_path / "empty", previous=marked)
    assert again.drop("subfolder").equals(marked)
    assert again["subfolder"].equals(whole["subfolder"])


def test_numbers_are_stored_at_their_precision(home: Home, files: list[Path], tmp_path: Path) -> None:
    posters = pl.DataFrame({"name": [path.name for path in files], "sha256": [sha256_of(path) for path in files]})
    vectors = vectors_of(table_of("embedder", home, posters, tmp_path / "vectors")).astype(np.float64)
    assert np.array_equal(vectors / VECTOR_STEP, np.rint(vectors / VECTOR_STEP))
    assert np.abs(np.linalg.norm(vectors, axis=1) - 1).max() < LENGTH_TOLERANCE
    exact = TINY["embedder"]()
    assert isinstance(exact, Embedder)
    assert np.abs(vectors - exact.embed(files)).max() <= VECTOR_STEP / 2 + 1e-6
    found = boxes_by_name(table_of("faces", home, posters, tmp_path / "faces"))
    boxes = np.concatenate(list(found.values())).astype(np.float64)
    assert len(boxes)
    assert np.abs(boxes[:, :4] - boxes[:, :4].round(2)).max() < 1e-4
    assert np.abs(boxes[:, 4] - boxes[:, 4].round(4)).max() < 1e-6
    detector = TINY["faces"]()
    raw = detector.run([detector.prepare(Image.open(path).convert("RGB")) for path in files])
    assert np.abs(boxes - np.concatenate(raw))[:, :4].max() < 0.006
