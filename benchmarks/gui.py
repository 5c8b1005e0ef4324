"""Waiting times in the review tools, on generated pictures. Needs a display (or Xvfb).

The measurements belong here. Each figure comes with its target and with the original tool's figure.
"""

import gc
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from benchmarks.review_tools import bench_comparer, bench_explorer
from benchmarks.waiting import MeasuredWait, Waits, memory
from lap_gui.labeler import LabelerGUI
from lap_gui.labeler.opening import opening
from lap_gui.labeler.window import LabelerWindow
from lap_gui.shared.pictures import read_picture
from lap_gui.shared.viewport import Viewport
from lap_gui.shared.window import ToolWindow

HUGE: Final = (4000, 6000)
_WINDOW: Final = (1600, 900)


def bench_gui(folder: Path, *, images: int, labels: int) -> Iterator[MeasuredWait]:
    """Measure with pictures generated in `folder`: `images` files of poster size, and a list of `labels` names.

    Raises:
        NoWindow: there is no display.
    """
    yield _zoom(folder)
    root = _posters(folder / "posters", images)
    yield from _paging(root, images)
    yield _opening(folder / "many", labels)
    yield from bench_comparer(folder / "pairs", images)
    yield bench_explorer(folder / "pairs")


def _zoom(folder: Path) -> MeasuredWait:
    path = folder / "huge.jpg"
    _drawn(HUGE, 1).save(path, quality=85)
    window = ToolWindow("bench", _WINDOW)
    viewport = Viewport(window.root)
    viewport.pack(fill="both", expand=True)
    window.root.update()
    viewport.show(read_picture(path))
    window.root.update()
    ticks = Waits()
    for tick in range(60):
        with ticks.measured():
            viewport.zoom(1 if tick % 30 < 15 else -1, (500.0, 400.0))
            window.root.update()
    window.close()
    return MeasuredWait(f"a zoom tick, {HUGE[0]}×{HUGE[1]}, p95", str(ticks), "50 ms", "up to 4,100 ms, 2.6 GB")


def _paging(root: Path, images: int) -> Iterator[MeasuredWait]:
    window = _labeler(root)
    waits, early = Waits(), 0
    for step in range(images - 1):
        _until(window, lambda: not window.loader.is_busy)
        with waits.measured():
            window.actions.run("next")
            window.root.update()
        if step == images // 2:  # the caches are full by now
            gc.collect()
            early = memory()
    gc.collect()
    grown = memory() - early
    window.close()
    yield MeasuredWait("key to drawn picture, neighbors decoded, p95", str(waits), "50 ms", "decoded after the key")
    rest = images - 1 - images // 2
    yield MeasuredWait(
        f"memory over {rest} further images", f"{grown / 2**20:+.0f} MiB", "flat", "canvas items never deleted"
    )


def _opening(root: Path, labels: int) -> MeasuredWait:
    """Open empty files: the tool reads lists and labels, and decodes only what is on the screen."""
    random.seed(0)
    lines = []
    for number in range(labels):
        subfolder = root / str(number * 10 // labels)
        if number * 10 % labels < 10:
            subfolder.mkdir(parents=True, exist_ok=True)
        name = f"MAL{number + 1:05d}_0001_{number + 1:06d}.jpg"
        (subfolder / name).touch()
        boxes = ", ".join(_box() for _ in range(number % 7))
        lines.append(f"{subfolder.name}\\{name}: {boxes or '-'}\n")
    (root / "labels_faces.txt").write_text("".join(lines))
    waits = Waits()
    with waits.measured():
        window = _labeler(root, "labels_faces.txt")
    window.close()
    return MeasuredWait(f"opening {labels:,} files with labels", str(waits), "2,000 ms", "labels by line number")


def _labeler(root: Path, labels: str = "bboxes.txt") -> LabelerWindow:
    window = LabelerGUI(window_size=_WINDOW).use(replace(opening(root, labels))).window()
    window.root.update()
    return window


def _posters(root: Path, count: int) -> Path:
    root.mkdir(parents=True)
    patterns = [_drawn((700, 1000), seed) for seed in range(8)]
    for number in range(count):
        patterns[number % len(patterns)].save(root / f"{number:05d}.jpg", quality=80)
    return root


def _drawn(size: tuple[int, int], seed: int) -> Image.Image:
    chance = random.Random(seed)  # noqa: S311
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for _ in range(200):
        x, y = chance.randrange(size[0]), chance.randrange(size[1])
        color = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
        pen.ellipse((x, y, x + size[0] // 6, y + size[1] // 8), fill=color)
    return picture


def _box() -> str:
    x, y = random.randrange(400), random.randrange(600)  # noqa: S311
    return f"{x} {y} {x + 90} {y + 90} {random.randrange(15)}"  # noqa: S311


def _until(window: LabelerWindow, holds: Callable[[], bool]) -> None:
    while not holds():
        window.root.update()
        time.sleep(0.001)
