"""A home with a few cleaned pictures and their tables, small enough for a fast release."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import polars as pl
from PIL import Image

from lap_assets.core.home import Home
from lap_assets.core.labels.files import LABEL_KINDS
from lap_assets.core.names import PosterName
from lap_assets.core.progress import Silent
from lap_assets.duplicates.resolution import DECISIONS
from lap_assets.labels.detection import SCHEMA as BOXES
from lap_assets.labels.refined import SCHEMA as REFINED
from lap_assets.pictures.cleaning import SCHEMA as IMAGES
from lap_assets.posters.manifest import SCHEMA as POSTERS
from lap_assets.release.content import Inputs, assemble
from lap_assets.release.writer import Release, write_release
from lap_assets.setting_texts import parse_shares

FETCHED = datetime(2024, 5, 6, 7, tzinfo=UTC)
SIZE = (60, 80)


def draw(home: Home, name: PosterName) -> None:
    path = home.image(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", SIZE, (name.first * 40 % 256, name.second * 70 % 256, name.mal_id % 256)).save(path)


def inputs(home: Home, names: Sequence[str], removed: Iterable[tuple[str, str]] = ()) -> Inputs:
    """Draw the pictures and return the inputs of a release of `names`; `removed`: removed posters and their partners.

    A machine found a face on each image; a person drew the first image's face again, as class 2.
    """
    rows: list[dict[str, Any]] = []
    for name in names:
        draw(home, PosterName.parse(name))
        data = home.image(PosterName.parse(name)).read_bytes()
        sha256, (width, height) = hashlib.sha256(data).hexdigest(), SIZE
        rows.append(
            {"name": name, "raw_sha256": sha256, "raw_bytes": len(data), "raw_width": width, "raw_height": height,
             "action": "linked", "sha256": sha256, "bytes": len(data), "width": width, "height": height, "recipe": "r"}
        )  # fmt: skip
    gone = list(removed)
    every = [*names, *(name for name, _ in gone)]
    posters = [
        {"name": name, "mal_id": PosterName.parse(name).mal_id, "source": PosterName.parse(name).source,
         "url": PosterName.parse(name).url, "fetched_at": FETCHED, "sha256": "s", "bytes": 9, "width": 9, "height": 9}
        for name in every
    ]  # fmt: skip
    decisions = [{"name": name, "sha256": "s", "decision": "keep"} for name in names] + [
        {"name": name, "sha256": "s", "decision": "remove", "rule": "other_ahash", "by": "rule", "partner": partner,
         "survivor": partner, "measure": "ahash", "distance": 1.0}
        for name, partner in gone
    ]  # fmt: skip
    box = {"x0": 10.25, "y0": 10.0, "x1": 30.0, "y1": 70.0, "score": 0.75}
    faces = pl.DataFrame([{"name": name, "sha256": "s", "model": "tiny 1", "boxes": [box]} for name in names], BOXES)
    drawn = [{"x0": 10.0, "y0": 10.0, "x1": 30.0, "y1": 40.0, "class": 2}]
    refined = pl.DataFrame([{"name": names[0], "boxes": drawn, "reviewed": True}] if names else [], REFINED)
    return Inputs(
        images=pl.DataFrame(rows, IMAGES),
        decisions=pl.DataFrame(decisions, DECISIONS),
        posters=pl.DataFrame(posters, POSTERS),
        baseline={"faces": faces, "heads": faces.clear()},
        refined={"faces": refined, "heads": refined.clear()},
        classes={1: "boy", 2: "girl"},
        provenance={"annotations licence": "CC BY 4.0", "models": {kind: ["tiny 1"] for kind in LABEL_KINDS}},
        shares=parse_shares("50/25/25"),
    )


def release(home: Home, given: Inputs) -> Release:
    return write_release(assemble(given, home).content, home, Silent())


def without_labels(given: Inputs) -> Inputs:
    return replace(
        given,
        baseline={kind: table.clear() for kind, table in given.baseline.items()},
        refined={kind: table.clear() for kind, table in given.refined.items()},
    )
