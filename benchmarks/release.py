"""Time of a release: small pictures and box tables as large as the whole dataset, written, verified, written again."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Final

import numpy as np
import polars as pl

from benchmarks.timing import TimingRow
from lap_assets.core.home import Home
from lap_assets.core.names import PosterName
from lap_assets.core.progress import Silent
from lap_assets.duplicates.resolution import DECISIONS
from lap_assets.labels.detection import SCHEMA as BOXES
from lap_assets.labels.refined import SCHEMA as REFINED
from lap_assets.pictures.cleaning import SCHEMA as IMAGES
from lap_assets.posters.manifest import SCHEMA as POSTERS
from lap_assets.release.content import Inputs, assemble
from lap_assets.release.pack import pack
from lap_assets.release.verify import problems_of
from lap_assets.release.writer import write_release
from lap_assets.setting_texts import parse_shares

_AN_ANIME: Final = 4  # posters per anime
_SIZE: Final = (500, 708)
_SIDES: Final = ("x0", "y0", "x1", "y1", "score")


def bench_release(folder: Path, images: int, seed: int = 1) -> Iterator[TimingRow]:
    """Yield times for a release of `images` images with three faces and three heads each, in an empty `folder`."""
    home = Home(folder)
    inputs = _inputs(home, images, seed)
    began = perf_counter()
    assembled = assemble(inputs, home)
    planned = perf_counter()
    release = write_release(assembled.content, home, Silent())
    written = perf_counter()
    problems = problems_of(release.path)
    checked = perf_counter()
    again = write_release(assemble(inputs, home).content, home, Silent())
    ended = perf_counter()
    files = sum(1 for _ in release.path.rglob("*.*"))
    task = f"{images:,} images"
    result = "; ".join(problems[:3]) or "no problems"
    second = "nothing to do" if not again.is_new else "another release"
    yield TimingRow(task, "assembled", planned - began, None, None)
    yield TimingRow(task, "written", written - planned, images / (written - planned), None, f"{files:,} files")
    yield TimingRow(task, "verified", checked - written, images / (checked - written), None, result)
    packed = perf_counter()
    archives = pack(release.path, folder / "archives", Silent())
    took, size = perf_counter() - packed, sum(archive.bytes for archive in archives)
    stored = f"{size / 1e6:,.0f} MB in {len(archives)} archives"
    yield TimingRow(task, "packed", took, images / took, None, stored)
    yield TimingRow(task, "requested again", ended - checked, None, None, second)


def _inputs(home: Home, images: int, seed: int) -> Inputs:
    chance = np.random.default_rng(seed)
    names = [PosterName.mal(1 + number // _AN_ANIME * 5, 1 + number % _AN_ANIME, number) for number in range(images)]
    for subfolder in {name.subfolder for name in names}:
        (home.images / subfolder).mkdir(parents=True)
    sha256 = []
    for name in names:
        data = str(name).encode() * 8
        home.image(name).write_bytes(data)
        sha256.append(hashlib.sha256(data).hexdigest())
    texts = [str(name) for name in names]
    wide, high = _SIZE
    same = {"sha256": sha256, "bytes": 200, "width": wide, "height": high}
    cleaned = {"name": texts, "raw_sha256": sha256, "raw_bytes": 200, "raw_width": wide, "raw_height": high,
               "action": "linked", "recipe": "r", **same}  # fmt: skip
    posters = {"name": texts, "mal_id": [name.mal_id for name in names], "source": "mal",
               "url": [name.url for name in names], "fetched_at": None, "gone_since": None, **same}  # fmt: skip
    decisions = {**dict.fromkeys(DECISIONS), "name": texts, "sha256": sha256, "decision": "keep"}
    found = {"name": texts, "sha256": sha256, "model": "m", "boxes": _boxes(chance, images), "problem": None}
    boxes = pl.DataFrame({**dict.fromkeys(BOXES), **found}, BOXES)
    return Inputs(
        images=pl.DataFrame({**dict.fromkeys(IMAGES), **cleaned}, IMAGES),
        decisions=pl.DataFrame(decisions, DECISIONS),
        posters=pl.DataFrame({**dict.fromkeys(POSTERS), **posters}, POSTERS),
        baseline={"faces": boxes, "heads": boxes},
        refined={"faces": pl.DataFrame(schema=REFINED), "heads": pl.DataFrame(schema=REFINED)},
        classes={},
        provenance={"annotations licence": ""},
        shares=parse_shares("80/10/10"),
    )


def _boxes(chance: np.random.Generator, images: int) -> list[list[dict[str, float]]]:
    corners = chance.uniform(0, 300, (images, 3, 2))
    ends = corners + chance.uniform(10, 200, (images, 3, 2))
    drawn = np.concatenate([corners, ends, chance.random((images, 3, 1))], axis=2).tolist()
    return [[dict(zip(_SIDES, box, strict=True)) for box in image] for image in drawn]
