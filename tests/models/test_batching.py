"""Passing pictures to a model: in order, singly or in full batches, with at most the requested threads."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from lap_assets.core.errors import PictureError
from lap_assets.models import computing
from lap_assets.models.batching import BatchModel, Unreadable, run_by_shape
from lap_assets.models.computing import available_megabytes, most_at_once, one_torch_thread_each


class Watched(BatchModel[int, tuple[int, int]]):
    """Returns a picture's width and the torch threads of the thread that computed it; remembers its batches."""

    def __init__(self, *, is_concurrent: bool, batch_size: int = 1, megabytes: int = 0) -> None:
        self.is_concurrent = is_concurrent
        self.batch_size = batch_size
        self.megabytes = megabytes
        self.batches: list[list[int]] = []
        self.most = 0
        self._now = 0
        self._lock = Lock()

    def prepare(self, picture: Image.Image) -> int:
        return picture.width

    def run(self, batch: list[int]) -> list[tuple[int, int]]:
        with self._lock:
            self.batches.append(list(batch))
            self._now += 1
            self.most = max(self.most, self._now)
        torch.ones(9).sum()
        with self._lock:
            self._now -= 1
        return [(width, torch.get_num_threads()) for width in batch]

    def finished(self, result: tuple[int, int]) -> tuple[int, int]:
        return result[0] * 10, result[1]


@pytest.fixture
def pictures() -> list[Image.Image]:
    return [Image.new("L", (width, 2)) for width in range(1, 12)]


@pytest.fixture
def torch_threads() -> Any:
    """Set torch's thread count for this thread and new ones, and restore it."""
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


def test_a_concurrent_model_gets_one_picture_at_a_time_with_one_torch_thread(
    pictures: list[Image.Image], torch_threads: Callable[[int], None]
) -> None:
    torch_threads(3)
    model = Watched(is_concurrent=True, batch_size=4)
    assert list(model.over(pictures, threads=2)) == [(10 * width, 1) for width in range(1, 12)]
    assert sorted(model.batches) == [[width] for width in range(1, 12)]
    assert model.most <= 2
    assert torch.get_num_threads() == 3
    with one_torch_thread_each(1) as pool:
        assert pool.submit(torch.get_num_threads).result() == 1
    assert torch.get_num_threads() == 3


def test_any_other_model_gets_full_batches(pictures: list[Image.Image]) -> None:
    model = Watched(is_concurrent=False, batch_size=4)
    assert [width for width, _ in model.each(pictures)] == [10 * width for width in range(1, 12)]
    assert model.batches == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 11]]


@pytest.mark.parametrize("is_concurrent", [True, False])
def test_an_unreadable_picture_keeps_its_place(
    pictures: list[Image.Image], tmp_path: Path, is_concurrent: bool
) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"not a picture")
    mixed: list[Path | Image.Image] = [pictures[0], tmp_path / "broken.jpg", pictures[1], pictures[2]]
    model = Watched(is_concurrent=is_concurrent, batch_size=2)
    first, broken, *rest = model.over(mixed)
    assert [first[0], *(one[0] for one in rest)] == [10, 20, 30]  # type: ignore[index]
    assert isinstance(broken, Unreadable)
    with pytest.raises(PictureError, match=r"broken\.jpg"):
        model.each(mixed)
    assert list(model.over([tmp_path / "broken.jpg"] * 2)) == [broken] * 2


def test_memory_limits_how_many_are_computed_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    machine, limit, used = (tmp_path / name for name in ("meminfo", "limit", "used"))
    for name, path in (("_MACHINE", machine), ("_LIMIT", limit), ("_USED", used)):
        monkeypatch.setattr(computing, name, path)
    assert available_megabytes() is None
    assert most_at_once(10**6, 5) == 5
    machine.write_text("MemTotal: 9 kB\nMemAvailable:   8192000 kB\n")
    assert (most_at_once(1000, 16), most_at_once(1000, 3), most_at_once(10**5, 16), most_at_once(0, 16)) == (
        4,
        3,
        1,
        16,
    )
    limit.write_text("max\n")
    used.write_text(f"{2**30}\n")
    assert available_megabytes() == 8000
    limit.write_text(f"{3 * 2**30}\n")
    assert available_megabytes() == 2048


def test_the_arithmetic_of_a_machine_is_described() -> None:
    assert computing.arithmetic().startswith(f"torch {torch.__version__}, ")
    assert torch.backends.cpu.get_cpu_capability() in computing.arithmetic()


def test_groups_are_of_one_shape_and_size_and_results_stay_in_order() -> None:
    sizes = [(2, 3), (4, 3), (2, 3), (1, 1), (2, 3)]
    batch = [np.full(size, place, np.float32) for place, size in enumerate(sizes)]
    groups = []

    def run(group: list[NDArray[np.float32]]) -> list[float]:
        groups.append([int(one.flat[0]) for one in group])
        return [float(one.flat[0]) for one in group]

    assert run_by_shape(batch, np.shape, run, 2) == [0, 1, 2, 3, 4]
    assert groups == [[0, 2], [4, 4], [1, 1], [3, 3]]
