"""How quick Comparer and Explorer are on this machine: real windows, real keys, drawn pictures. Needs a display.

Belongs here: the measuring. Rows for people are made in `commands.bench`.
"""

import itertools
import resource
import sys
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from lap_assets.duplicates.verdicts import PairVerdict, VerdictLog
from lap_assets.files import sha256_of
from lap_gui.comparer.panes import Mode
from lap_gui.comparer.session import Session
from lap_gui.comparer.window import Comparer
from lap_gui.explorer.groups import Groups
from lap_gui.explorer.marking import Marking
from lap_gui.explorer.window import Explorer
from lap_gui.review.lists import Pair, Poster, read_list
from lap_gui.review.logs import Logs
from lap_gui.review.places import PictureFolder

_SIZES: Final = ((500, 708), (700, 1000), (1000, 1420), (225, 318))
_POSTERS: Final = 64
_HUGE: Final = (4000, 6000)
_WINDOW: Final = (1600, 900)
_CACHE: Final = 48 * 2**20
"""Less than the posters take decoded, so that the cache has to let go of some."""
_LIST: Final = 50_000
_SAID: Final = 20_000


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure: what, its value with the unit, and the original's or the aim."""

    what: str
    value: str
    beside: str


def measure(folder: Path, pairs: int = 2000) -> Iterator[Measured]:
    """Measures one thing after the other, on pictures drawn into `folder`."""
    names = _draw(folder)
    yield from _comparing(folder, names, pairs)
    yield from _zooming(folder)
    yield _opening(folder)
    yield _exploring(folder)


def _comparing(folder: Path, names: list[str], count: int) -> Iterator[Measured]:
    """Keys of `count` pairs, and the memory meanwhile."""
    posters = [Poster(name, sha256_of(folder / name)) for name in names]
    pairs = [Pair(one, other) for one, other in itertools.islice(itertools.combinations(posters, 2), count)]
    session = Session(pairs, Logs(folder / "said.jsonl"), "bench")
    window = Comparer(session, PictureFolder(folder), size=_WINDOW, max_bytes=_CACHE)
    window.root.update()
    times: list[float] = []
    early = 0.0
    for done in range(len(pairs)):
        _until(window.root, lambda: window.is_ready)
        times.append(_timed(window.root, lambda: window.say("distinct")))
        if done == len(pairs) // 5:
            early = _memory()
    grown = _memory() - early
    window.close()
    yield Measured("Comparer: key to drawn pair, 95th percentile", f"{_p95(times):.0f} ms", "50 ms")
    yield Measured(f"Comparer: memory grown over the last {len(pairs) * 4 // 5} pairs", f"{grown:.0f} MB", "flat")


def _zooming(folder: Path) -> Iterator[Measured]:
    """Ticks of the wheel on two huge pictures, in each way of looking."""
    ends = [f"MAL00900_0001_{number:06d}.jpg" for number in (1, 2)]
    for number, end in enumerate(ends):
        _noise(_HUGE, 900 + number).save(folder / end, quality=85)
    session = Session([Pair(Poster(ends[0]), Poster(ends[1]))], Logs(folder / "huge.jsonl"), "bench", readonly=True)
    window = Comparer(session, PictureFolder(folder), size=_WINDOW)
    window.root.update()
    modes: tuple[Mode, ...] = ("side", "flicker", "difference", "split")
    for mode in modes:
        window.look(mode)
        window.root.update()
        ticks = (*[1] * 12, *[-1] * 12) * 2
        times = [_timed(window.root, partial(window.stage.active.zoom, step, (600, 300))) for step in ticks]
        yield Measured(f"Comparer: zoom tick on two of 4000 × 6000 px, {mode}", f"{_p95(times):.0f} ms", "up to 4.1 s")
    window.close()


def _opening(folder: Path) -> Measured:
    """A long list of which a part is decided."""
    listed, log = folder / "long.csv", folder / "long.jsonl"
    numbers = [f"MAL{1 + n // 40:05d}_0001_{n:06d}.jpg" for n in range(_LIST + 1)]
    sha256 = [f"{n:064x}" for n in range(len(numbers))]
    lines = (
        f"{one},{other},{a},{b},4,5,6\n"
        for (one, other), (a, b) in zip(itertools.pairwise(numbers), itertools.pairwise(sha256), strict=True)
    )
    listed.write_text("first,second,first_sha256,second_sha256,ahash,phash,dhash\n" + "".join(lines))
    log.parent.mkdir(exist_ok=True)
    said = VerdictLog(log)
    pairs = read_list(listed).pairs
    for pair in pairs[: _SAID // 100]:
        said.append(_distinct(pair))
    with log.open("a") as opened:  # the rest without waiting for the disk
        opened.writelines(f"{_line(pair)}\n" for pair in pairs[_SAID // 100 : _SAID])
    start = time.perf_counter()
    session = Session(read_list(listed).pairs, Logs(log), "bench", readonly=True)
    took = time.perf_counter() - start
    return Measured(
        f"Comparer: opening {_LIST:,} pairs, {session.progress.done:,} of them decided", f"{took:.1f} s", "–"
    )


def _exploring(folder: Path) -> Measured:
    """Going from anime to anime."""
    groups = Groups(PictureFolder(folder).groups())
    names = [path.name for place in range(len(groups.ids)) for path in groups.paths(place)]
    window = Explorer(groups, Marking(Logs(folder / "marks.jsonl"), "bench", names), size=_WINDOW)
    times = []
    for _ in range(len(groups.ids) - 2):
        _until(window.root, lambda: window.is_ready)
        times.append(_timed(window.root, lambda: window.go(1)))
    window.close()
    return Measured("Explorer: key to drawn group of 8, 95th percentile", f"{_p95(times):.0f} ms", "50 ms")


def _draw(folder: Path) -> list[str]:
    names = []
    for number in range(_POSTERS):
        names.append(f"MAL{1 + number // 8:05d}_0001_{number:06d}.jpg")
        _noise(_SIZES[number % len(_SIZES)], number).save(folder / names[-1], quality=88)
    return names


def _noise(size: tuple[int, int], seed: int) -> Image.Image:
    """Smooth colours with some grain: about as heavy as a poster."""
    draw = np.random.default_rng(seed)
    base = Image.fromarray(draw.integers(0, 256, (24, 16, 3), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    return Image.blend(base, Image.effect_noise(size, 40).convert("RGB"), 0.1)


def _timed(root: tk.Misc, act: Callable[[], object]) -> float:
    """Milliseconds until what was done is on the screen."""
    start = time.perf_counter()
    act()
    root.update()
    return (time.perf_counter() - start) * 1000


def _until(root: tk.Misc, ready: Callable[[], bool]) -> None:
    while not ready():
        root.update()
        time.sleep(0.001)
    root.update()


def _p95(times: list[float]) -> float:
    return float(np.percentile(times, 95))


def _memory() -> float:
    """Resident megabytes now where the system tells, else the most so far."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        scale = 1024 if sys.platform == "darwin" else 1
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 / scale
    return pages * resource.getpagesize() / 2**20


def _distinct(pair: Pair) -> PairVerdict:
    return PairVerdict(
        reviewer="bench", first=pair.first.name, first_sha256=pair.first.sha256, second=pair.second.name,
        second_sha256=pair.second.sha256, verdict="distinct",
    )  # fmt: skip


def _line(pair: Pair) -> str:
    from lap_assets.duplicates.verdict_lines import to_json

    return to_json(_distinct(pair))
