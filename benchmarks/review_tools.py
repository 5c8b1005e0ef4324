"""Speed of Comparer and Explorer on this machine, on generated pictures. Needs a display."""

import gc
import itertools
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from benchmarks.waiting import MeasuredWait, Waits, memory
from lap_assets.core.files import sha256_of
from lap_assets.core.garbage import permanent
from lap_assets.core.verdicts.contents import Poster
from lap_assets.core.verdicts.line_json import to_json
from lap_assets.core.verdicts.log import PairVerdict, VerdictLog
from lap_gui.comparer.canvas import TITLES
from lap_gui.comparer.panes import Mode
from lap_gui.comparer.session import ReviewSession
from lap_gui.comparer.window import Comparer
from lap_gui.explorer.groups import Groups
from lap_gui.explorer.marking import Marking
from lap_gui.explorer.window import Explorer
from lap_gui.review.lists import read_list
from lap_gui.review.logs import Logs
from lap_gui.review.pair_rows import Pair
from lap_gui.review.poster_files import PosterFolder

_SIZES: Final = ((500, 708), (700, 1000), (1000, 1420), (225, 318))
_POSTERS: Final = 64
_GROUP: Final = 8
_HUGE: Final = (4000, 6000)
_WINDOW: Final = (1600, 900)
_CACHE: Final = 48 * 2**20
"""Less than the size of all decoded posters, so that the cache has to evict some."""
_LIST: Final = 50_000
_DECIDED: Final = 20_000


def bench_comparer(folder: Path, pairs: int) -> Iterator[MeasuredWait]:
    """Measure with pictures generated in `folder`: keys and memory over `pairs` pairs, zooming, opening a long list."""
    folder.mkdir()
    yield from _comparing(folder, _draw(folder), pairs)
    yield from _zooming(folder)
    yield _opening(folder)


def _comparing(folder: Path, names: list[str], count: int) -> Iterator[MeasuredWait]:
    """Yield the wait per key over `count` pairs, and the growth of memory meanwhile."""
    posters = [Poster(name, sha256_of(folder / name)) for name in names]
    pairs = [Pair(one, other) for one, other in itertools.islice(itertools.combinations(posters, 2), count)]
    session = ReviewSession(pairs, Logs(folder / "verdicts.jsonl"), "bench")
    window = Comparer(session, PosterFolder(folder), size=_WINDOW, max_bytes=_CACHE)
    window.root.update()
    waits, early, half = Waits(), 0, len(pairs) // 2
    for done in range(len(pairs)):
        _until(window.root, lambda: window.is_ready)
        with waits.measured():
            window.decide("distinct")
            window.root.update()
        if done == half:  # the cache is full by now
            gc.collect()
            early = memory()
    gc.collect()
    grown = memory() - early
    window.close()
    yield MeasuredWait("Comparer: key to drawn pair, p95", str(waits), "50 ms", "–")
    yield MeasuredWait(
        f"Comparer: memory over {len(pairs) - half} further pairs",
        f"{grown / 2**20:+.0f} MiB",
        "flat",
        "items never deleted",
    )


def _zooming(folder: Path) -> Iterator[MeasuredWait]:
    """Yield the wait per tick of the wheel on two huge pictures, in each mode."""
    ends = [f"MAL00900_0001_{number:06d}.jpg" for number in (1, 2)]
    for number, end in enumerate(ends):
        _noise(_HUGE, 900 + number).save(folder / end, quality=85)
    session = ReviewSession(
        [Pair(Poster(ends[0]), Poster(ends[1]))], Logs(folder / "huge.jsonl"), "bench", readonly=True
    )
    window = Comparer(session, PosterFolder(folder), size=_WINDOW)
    window.root.update()
    modes: tuple[Mode, ...] = ("side", "flicker", "difference", "split")
    for mode in modes:
        window.look(mode)
        window.root.update()
        ticks = Waits()
        for step in (*[1] * 15, *[-1] * 15) * 2:
            with ticks.measured():
                window.canvas.active.zoom(step, (600, 300))
                window.root.update()
        what = f"Comparer: a zoom tick, two of {_HUGE[0]}×{_HUGE[1]}, {TITLES[mode]}, p95"
        yield MeasuredWait(what, str(ticks), "50 ms", "no zoom")
    window.close()


def _opening(folder: Path) -> MeasuredWait:
    """Return the time to open a long, partly decided list."""
    listed, log = folder / "long.csv", folder / "long.jsonl"
    numbers = [f"MAL{1 + n // 40:05d}_0001_{n:06d}.jpg" for n in range(_LIST + 1)]
    sha256 = [f"{n:064x}" for n in range(len(numbers))]
    lines = (
        f"{one},{other},{a},{b},4,5,6\n"
        for (one, other), (a, b) in zip(itertools.pairwise(numbers), itertools.pairwise(sha256), strict=True)
    )
    listed.write_text("first,second,first_sha256,second_sha256,ahash,phash,dhash\n" + "".join(lines))
    log.parent.mkdir(exist_ok=True)
    verdicts = VerdictLog(log)
    pairs = read_list(listed).pairs
    for pair in pairs[: _DECIDED // 100]:
        verdicts.append(_distinct(pair))
    with log.open("a") as opened:  # the rest without waiting for the disk
        opened.writelines(f"{to_json(_distinct(pair))}\n" for pair in pairs[_DECIDED // 100 : _DECIDED])
    waits = Waits()
    with waits.measured(), permanent():  # as the Comparer does
        session = ReviewSession(read_list(listed).pairs, Logs(log), "bench", readonly=True)
    what = f"Comparer: opening {_LIST:,} pairs, {session.progress.done:,} of them decided"
    return MeasuredWait(what, str(waits), "2,000 ms", "–")


def bench_explorer(folder: Path) -> MeasuredWait:
    """Return the wait from anime to anime, with the posters of `bench_comparer`."""
    groups = Groups(PosterFolder(folder).groups())
    groups.ids = [anime for index, anime in enumerate(groups.ids) if len(groups.paths(index)) == _GROUP]
    names = [path.name for index in range(len(groups.ids)) for path in groups.paths(index)]
    window = Explorer(
        groups, Marking(Logs(folder / "marks.jsonl"), "bench", [Poster(name) for name in names]), size=_WINDOW
    )
    waits = Waits()
    for step in (*[1] * (len(groups.ids) - 1), *[-1] * (len(groups.ids) - 1)) * 3:
        _until(window.root, lambda: window.is_ready)
        with waits.measured():
            window.go(step)
            window.root.update()
    window.close()
    return MeasuredWait(f"Explorer: key to {_GROUP} drawn posters, p95", str(waits), "50 ms", "–")


def _draw(folder: Path) -> list[str]:
    names = []
    for number in range(_POSTERS):
        names.append(f"MAL{1 + number // _GROUP:05d}_0001_{number:06d}.jpg")
        _noise(_SIZES[number % len(_SIZES)], number).save(folder / names[-1], quality=88)
    return names


def _noise(size: tuple[int, int], seed: int) -> Image.Image:
    """Return smooth colors with some grain, about as large in bytes as a poster."""
    draw = np.random.default_rng(seed)
    base = Image.fromarray(draw.integers(0, 256, (24, 16, 3), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    return Image.blend(base, Image.effect_noise(size, 40).convert("RGB"), 0.1)


def _until(root: tk.Misc, ready: Callable[[], bool]) -> None:
    while not ready():
        root.update()
        time.sleep(0.001)
    root.update()


def _distinct(pair: Pair) -> PairVerdict:
    return PairVerdict(
        reviewer="bench", first=pair.first.name, first_sha256=pair.first.sha256, second=pair.second.name,
        second_sha256=pair.second.sha256, verdict="distinct",
    )  # fmt: skip
